//! What the program holds from its start to its end.

use crate::idle::Idle;
use crate::kept::Kept;
use crate::outward::Outward;
use crate::page;
use crate::streams::Streams;
use snug_api::door::{Door, DoorState};
use std::time::{Duration, Instant, SystemTime};
use tauri::{AppHandle, Manager};

/// Behind every command.
pub(crate) struct Shell {
    pub(crate) door: Door,
    pub(crate) kept: Kept,
    pub(crate) idle: Idle,
    pub(crate) streams: Streams,
    pub(crate) outward: Outward,
}

impl Shell {
    /// A page that doesn't say that it is painted is shown nevertheless: what went wrong is better seen than not.
    const PAINTED: Duration = Duration::from_secs(3);

    pub(crate) fn new(door: Door, kept: Kept) -> Self {
        let idle = Idle::new(Instant::now(), SystemTime::now());
        Self { door, kept, idle, streams: Streams::default(), outward: Outward::default() }
    }

    /// Locks when it is time to.
    pub(crate) async fn lock_when_idle(app: AppHandle) {
        let shell = app.state::<Self>();
        let mut look = tokio::time::interval(crate::idle::LOOK);
        loop {
            look.tick().await;
            let minutes = shell.kept.preferences().lock_after_minutes;
            let limit = minutes.map(|minutes| Duration::from_secs(60 * u64::from(minutes)));
            if shell.idle.look(Instant::now(), SystemTime::now(), limit)
                && shell.door.state() == DoorState::Open
            {
                // The only error is that the door is closed, and then nothing is open.
                let _ = shell.door.lock().await;
            }
        }
    }

    /// Shows the window if its page hasn't by then.
    pub(crate) async fn show_in_the_end(app: AppHandle) {
        tokio::time::sleep(Self::PAINTED).await;
        page::show(&app);
    }
}
