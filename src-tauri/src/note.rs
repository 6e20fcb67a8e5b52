//! An open note on its way to the page.

use crate::shell::Shell;
use serde::Serialize;
use snug_api::{ApiError, Desk, ErrorCode};
use tauri::AppHandle;
use tauri::ipc::{Channel, InvokeResponseBody};

/// What the page is told of a note that it opened.
#[derive(Serialize)]
pub(crate) struct Opened {
    session: u64,
}

/// Opens a note.
pub(crate) async fn open(
    _: &AppHandle,
    _: &str,
    _: &str,
    _: Channel<InvokeResponseBody>,
) -> Result<Opened, ApiError> {
    Err(ApiError::new(ErrorCode::Unsupported, "not yet"))
}

/// Writes.
pub(crate) async fn write(_: &Shell, _: u64, _: &[u8]) -> Result<(), ApiError> {
    Err(ApiError::new(ErrorCode::Unsupported, "not yet"))
}

/// Closes.
pub(crate) async fn close(_: &Desk, _: u64) {}
