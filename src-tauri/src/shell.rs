//! What the program holds from its start to its end.

use crate::idle::Idle;
use crate::kept::Kept;
use crate::outward::Outward;
use crate::page;
use crate::streams::Streams;
use snug_api::ApiError;
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

    /// How long a page that is stuck keeps the room in sight of whoever comes by.
    const SETTLES: Duration = Duration::from_secs(2);

    pub(crate) fn new(door: Door, kept: Kept) -> Self {
        let idle = Idle::new(Instant::now(), SystemTime::now());
        Self { door, kept, idle, streams: Streams::default(), outward: Outward::default() }
    }

    /// Locks as soon as the page has written what waits.
    ///
    /// # Errors
    /// The door is closed, and then nothing is open.
    pub(crate) async fn lock(&self) -> Result<(), ApiError> {
        if self.door.state() == DoorState::Open {
            self.streams.settle(Self::SETTLES).await;
        }
        self.door.lock().await
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
                // If the door is closed, nothing is open.
                let _ = shell.lock().await;
            }
        }
    }

    /// Shows the window if its page hasn't by then.
    pub(crate) async fn show_in_the_end(app: AppHandle) {
        tokio::time::sleep(Self::PAINTED).await;
        page::show(&app);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use snug_api::{Claimed, DoorConfig};
    use tauri::ipc::Channel;
    use tempfile::TempDir;
    use tokio::sync::mpsc;

    const PASSPHRASE: &str = "tea at four";

    /// A shell with an open laptop.
    pub(crate) async fn opened() -> (Shell, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let config = DoorConfig { interfaces: Some(vec!["lo".to_owned()]), dial: Vec::new() };
        let Claimed::Here(door, _) = Door::claim(&folder.path().join("laptop"), config).await.unwrap() else {
            panic!("somebody else has the folder")
        };
        door.create("Anna", PASSPHRASE).await.unwrap();
        (Shell::new(door, Kept::nowhere()), folder)
    }

    #[tokio::test]
    async fn the_page_writes_what_waits_before_the_lock_and_holds_it_up_for_no_longer_than_its_time() {
        let (shell, _folder) = opened().await;
        let (told, mut tells) = mpsc::unbounded_channel();
        shell.streams.end(Channel::new(move |_| {
            told.send(()).unwrap();
            Ok(())
        }));
        {
            let lock = shell.lock();
            tokio::pin!(lock);
            tokio::select! {
                biased;
                _ = &mut lock => panic!("it was locked before the page had written"),
                _ = tells.recv() => {}
            }
            assert_eq!(shell.door.state(), DoorState::Open);
            shell.streams.settled();
            lock.await.unwrap();
        }
        assert_eq!(shell.door.state(), DoorState::Locked);
        shell.lock().await.unwrap();
        assert!(tells.try_recv().is_err(), "nothing waits in a page of a locked laptop");

        shell.door.unlock(PASSPHRASE).await.unwrap();
        shell.lock().await.unwrap();
        assert_eq!(tells.recv().await, Some(()));
        assert_eq!(shell.door.state(), DoorState::Locked);
    }
}
