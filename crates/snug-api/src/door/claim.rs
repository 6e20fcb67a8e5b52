//! How a window's program gets its folder.
//!
//! ```text
//! take the folder ── done ──▶ socket answers ─▶ Here
//!    ▲      ├─────── can't be used ───────────▶ Here, unusable: held by nobody, touched by nobody
//!    │      └─────── in use ─▶ somebody answers at its socket? ── asked to show itself ─▶ Raised
//!    ├── wait a moment ◀── nobody yet (it is starting, or a command runs), ten seconds at most
//!    └── wait a moment ◀── a window that closes, until it has had its time to
//! ```

use super::answer::Threshold;
use super::{Door, DoorConfig, Held, Raises, Within};
use crate::error::{ApiError, ErrorCode};
use crate::folder::{a_folder, opening};
use crate::reach::{PAUSE, STARTING, silent};
use crate::socket::{Client, Server};
use snug_node::Home;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long a window that closes may take: its page writes what waits, and then the disk.
const CLOSING: Duration = Duration::from_secs(35);

/// Who has the folder now.
pub enum Claimed {
    /// This program: its door, and what asks it to show itself.
    Here(Door, Raises),
    /// Another window, which was asked to show itself.
    Raised,
}

impl Door {
    /// Takes the folder, which may not be there yet, or asks the window that has it to show itself. A folder that can't be
    /// used gives a door that says so.
    ///
    /// # Errors
    /// [`ErrorCode::InUse`] where somebody has the folder who has no window, or doesn't answer.
    pub async fn claim(folder: &Path, config: DoorConfig) -> Result<Claimed, ApiError> {
        let begun = Instant::now();
        let mut patience = STARTING;
        loop {
            match take(folder).await {
                Ok((home, within)) => return Ok(here(home, within, config).await),
                Err(error) if error.code != ErrorCode::InUse => {
                    let (door, raises) = Self::unusable(error);
                    return Ok(Claimed::Here(door, raises));
                }
                Err(_) => match asked(folder).await? {
                    Asked::Raised => return Ok(Claimed::Raised),
                    Asked::Closing => patience = CLOSING,
                    Asked::Nobody => {}
                },
            }
            if begun.elapsed() >= patience {
                return Err(silent());
            }
            sleep(PAUSE).await;
        }
    }
}

async fn take(folder: &Path) -> Result<(Home, Within), ApiError> {
    a_folder(folder)?;
    let home = Home::take(folder).await.map_err(opening)?;
    let within = if home.is_fresh().await.map_err(opening)? { Within::Fresh } else { Within::Locked };
    Ok((home, within))
}

async fn here(home: Home, within: Within, config: DoorConfig) -> Claimed {
    let (door, raises) = Door::new(within, config);
    let server = match Server::start(home.path(), Threshold::of(&door)) {
        Ok(server) => Some(server),
        // Where there are no sockets a window has to do without.
        Err(error) if error.code == ErrorCode::Unsupported => None,
        Err(error) => {
            let (door, raises) = Door::unusable(error);
            return Claimed::Here(door, raises);
        }
    };
    *Arc::clone(&door.inner.turn).lock_owned().await = Some(Held { server, home });
    Claimed::Here(door, raises)
}

/// What the one who has the folder said when it was asked to show itself.
enum Asked {
    Raised,
    Closing,
    /// Nobody answers yet.
    Nobody,
}

async fn asked(folder: &Path) -> Result<Asked, ApiError> {
    let Some(mut client) = Client::connect(folder).await? else { return Ok(Asked::Nobody) };
    match client.raise().await {
        Ok(()) => Ok(Asked::Raised),
        Err(error) if error.code == ErrorCode::Closing => Ok(Asked::Closing),
        Err(error) => Err(error),
    }
}
