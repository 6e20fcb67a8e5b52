//! An open note on its way to the page, as raw bytes. What a message is, its first byte says.
//!
//! ```text
//! 0  the document, once, first
//! 1  changes: others', in the encoding that the page sends its own in
//! 2  ended, and why: 0 the page was too slow, 1 a change of its own was refused, 2 the note was closed
//! ```
//!
//! What is sent waits in the web view until the page has taken it, and nothing there is bounded. So the page says what it
//! took, and only so many changes are on their way to it. The others wait in the core, which ends the session of a page
//! that falls too far behind.

use crate::shell::Shell;
use serde::Serialize;
use snug_api::{ApiError, Desk, EndReason, ErrorCode, NoteNews};
use std::sync::Arc;
use tauri::ipc::{Channel, InvokeResponseBody};
use tauri::{AppHandle, Manager};
use tokio::sync::Semaphore;

const DOCUMENT: u8 = 0;
const CHANGES: u8 = 1;
const ENDED: u8 = 2;
/// Messages with changes that the page hasn't taken: each of a megabyte at most, and enough for a page that is near.
pub(crate) const UNTAKEN: usize = 8;

/// What the page is told of a note that it opened.
#[derive(Serialize)]
pub(crate) struct Opened {
    session: u64,
    actor: String,
}

/// Opens a note; what is in it, and what others do to it from then on, goes through the channel.
pub(crate) async fn open(
    app: &AppHandle,
    circle: &str,
    note: &str,
    to: Channel<InvokeResponseBody>,
) -> Result<Opened, ApiError> {
    let shell = app.state::<Shell>();
    let page = shell.streams.page();
    let desk = shell.door.desk()?;
    let opened = desk.note_open(circle, note).await?;
    let session = opened.session;
    let mut news = opened.stream;
    let app = app.clone();
    let room = Arc::new(Semaphore::new(UNTAKEN));
    let untaken = Arc::clone(&room);
    let stream = async move {
        let mut told = to.send(message(DOCUMENT, &opened.bytes));
        drop(opened.bytes);
        while told.is_ok()
            && let Some(news) = news.recv().await
        {
            told = to.send(match news {
                NoteNews::Changes(payload) => {
                    let Ok(place) = untaken.acquire().await else { break };
                    place.forget();
                    message(CHANGES, &payload)
                }
                NoteNews::Ended(reason) => message(ENDED, &[number(reason)]),
            });
        }
        app.state::<Shell>().streams.end_note(session);
    };
    if shell.streams.note(page, session, desk, room, stream) {
        Ok(Opened { session, actor: opened.actor })
    } else {
        Err(ApiError::new(ErrorCode::Closing, "the page that opened this note is gone"))
    }
}

/// Writes the page's own changes; they are durable when this returns.
pub(crate) async fn write(shell: &Shell, session: u64, payload: &[u8]) -> Result<(), ApiError> {
    let over = || ApiError::new(ErrorCode::NotFound, "this note isn't open any more");
    shell.streams.desk_of(session).ok_or_else(over)?.note_write(session, payload).await
}

/// Closes a note that is open, or ended by itself.
pub(crate) async fn close(desk: &Desk, session: u64) {
    // That it is closed already is what was wanted.
    let _ = desk.note_close(session).await;
}

fn message(kind: u8, bytes: &[u8]) -> InvokeResponseBody {
    let mut message = Vec::with_capacity(1 + bytes.len());
    message.push(kind);
    message.extend_from_slice(bytes);
    InvokeResponseBody::Raw(message)
}

fn number(reason: EndReason) -> u8 {
    match reason {
        EndReason::Lagged => 0,
        EndReason::Refused => 1,
        EndReason::Closed => 2,
    }
}
