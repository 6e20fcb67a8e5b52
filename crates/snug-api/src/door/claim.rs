//! How a window's program gets its folder.
//!
//! ```text
//! take the folder ── done ──▶ socket answers ─▶ Here
//!    ▲      ├─────── can't be used ───────────▶ Here, unusable: held by nobody, touched by nobody
//!    │      └─────── in use ─▶ somebody answers at its socket? ── asked to show itself ─▶ Raised
//!    └── wait a moment ◀── nobody yet (it is starting, or a command runs), ten seconds at most
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
use tokio::time::{Instant, sleep};

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
        let deadline = Instant::now() + STARTING;
        loop {
            match take(folder).await {
                Ok((home, within)) => return Ok(here(home, within, config).await),
                Err(error) if error.code != ErrorCode::InUse => {
                    let (door, raises) = Self::unusable(error);
                    return Ok(Claimed::Here(door, raises));
                }
                Err(_) if is_raised(folder).await? => return Ok(Claimed::Raised),
                Err(_) if Instant::now() < deadline => sleep(PAUSE).await,
                Err(_) => return Err(silent()),
            }
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

/// True once the one who has the folder showed itself; false if nobody answers yet.
async fn is_raised(folder: &Path) -> Result<bool, ApiError> {
    let Some(mut client) = Client::connect(folder).await? else { return Ok(false) };
    match client.raise().await {
        Ok(()) => Ok(true),
        // It was just closing.
        Err(error) if error.code == ErrorCode::Closing => Ok(false),
        Err(error) => Err(error),
    }
}
