//! How a command gets to a laptop: through the Snug that has the folder open, or by opening it.
//!
//! ```text
//!          ┌──────────── somebody answers at the socket ──▶ Running
//! connect ─┤
//!    ▲     └─ nobody ─▶ open the folder ── done ──▶ Opened
//!    │                      │
//!    └── wait a moment ◀── in use (it is starting, or another command runs), ten seconds at most
//! ```

use crate::error::{ApiError, ErrorCode};
use crate::folder::a_folder;
use crate::socket::Client;
use snug_node::NodeError;
use std::path::Path;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long a Snug that is starting may take until it answers.
pub(crate) const STARTING: Duration = Duration::from_secs(10);
/// The pause between two looks. A person doesn't notice it, and a processor neither.
pub(crate) const PAUSE: Duration = Duration::from_millis(50);

/// A way to a laptop.
#[derive(Debug)]
pub enum Reached<T> {
    /// Snug is running there and answers.
    Running(Client),
    /// Nobody had it open, so it was opened.
    Opened(T),
}

/// Gets to the laptop of this folder. `open` may be called again while it says [`ErrorCode::InUse`].
pub async fn reach<T>(
    folder: &Path,
    mut open: impl AsyncFnMut() -> Result<T, ApiError>,
) -> Result<Reached<T>, ApiError> {
    // Both are said before anybody is asked for a passphrase.
    a_folder(folder)?;
    if !folder.is_dir() {
        return Err(NodeError::NoStore.into());
    }
    let deadline = Instant::now() + STARTING;
    loop {
        if let Some(client) = Client::connect(folder).await? {
            return Ok(Reached::Running(client));
        }
        match open().await {
            Ok(opened) => return Ok(Reached::Opened(opened)),
            Err(error) if error.code != ErrorCode::InUse => return Err(error),
            Err(_) if Instant::now() < deadline => sleep(PAUSE).await,
            Err(_) => return Err(silent()),
        }
    }
}

/// Somebody has the folder, and nobody answers.
pub(crate) fn silent() -> ApiError {
    ApiError::new(ErrorCode::InUse, "Snug has this folder open, but doesn't answer; close it and try again")
}
