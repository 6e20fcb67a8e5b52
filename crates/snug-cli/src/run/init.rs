//! `snug init`

use crate::laptop::Way;
use crate::out::{Out, Stop};
use serde::Serialize;
use snug_api::{ApiError, Client, Desk, ErrorCode, command};
use std::path::Path;

#[derive(Serialize)]
struct Made<'a> {
    folder: &'a Path,
}

pub(crate) async fn init(way: &Way, out: Out, name: &str) -> Result<(), Stop> {
    if let Some(mut running) = Client::connect(&way.folder).await? {
        // Said before anybody thinks of a passphrase.
        return Err(match running.call(command::Me {}).await {
            Err(error) if error.code == ErrorCode::NoStore => ApiError::new(
                ErrorCode::InUse,
                "Snug's window is open with this folder; begin there, or close it and try again",
            ),
            Err(error) if error.code != ErrorCode::Locked => error,
            _ => ApiError::new(ErrorCode::AlreadyThere, "this folder already holds a laptop's circles"),
        }
        .into());
    }
    let passphrase = way.passphrase.choose()?;
    Desk::create(&way.folder, &passphrase, name).await?;
    out.answer(&Made { folder: &way.folder }, || {
        format!("Everything will be kept in {}, protected by your passphrase.", way.folder.display())
    })
}
