//! The end, whoever wishes it: the window's close button, the system's polite signal, Ctrl-C.
//!
//! ```text
//! asked ─▶ the page is told, writes what waits, and says so ─▶ the door is closed ─▶ the program ends
//!          the window is gone for the one who looks, and          what is under way is answered
//!          a second start waits for the folder
//! ```

use crate::page;
use crate::shell::Shell;
use snug_api::Raises;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tauri::{AppHandle, Manager};
use tokio::sync::watch;

/// A page that hasn't written what waits by then is stuck.
const SETTLES: Duration = Duration::from_secs(10);
/// A disk that doesn't answer keeps nobody's program for longer. What was acknowledged is durable without this.
const DOOR: Duration = Duration::from_secs(20);

/// Whether the program is ending, and may.
#[derive(Default)]
pub(crate) struct Ending {
    begun: watch::Sender<bool>,
    done: AtomicBool,
}

impl Ending {
    /// Begins the end, once. The program ends when it is done.
    pub(crate) fn begin(&self, app: &AppHandle) {
        if self.begun.send_replace(true) {
            return;
        }
        page::leave(app);
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            app.state::<Shell>().streams.settle(SETTLES).await;
            let door = app.state::<Shell>().door.clone();
            let closed = tokio::time::timeout(DOOR, door.close()).await;
            app.state::<Self>().done.store(true, Ordering::Release);
            app.exit(i32::from(closed.is_err()));
        });
    }

    /// Whether the end has begun: the window isn't shown any more.
    pub(crate) fn has_begun(&self) -> bool {
        *self.begun.borrow()
    }

    /// Does what second starts ask, until the end begins. Whoever asks from then on is told that this program closes.
    pub(crate) async fn raise_until_then(&self, mut raises: Raises, raise: impl Fn()) {
        let mut begun = self.begun.subscribe();
        loop {
            tokio::select! {
                biased;
                _ = begun.wait_for(|begun| *begun) => return,
                asked = raises.recv() => match asked {
                    Some(()) => raise(),
                    None => return,
                },
            }
        }
    }

    /// Whether there is nothing left to do.
    pub(crate) fn is_done(&self) -> bool {
        self.done.load(Ordering::Acquire)
    }

    /// Waits for a signal, and then begins.
    pub(crate) async fn at_a_signal(app: AppHandle) {
        if signal().await.is_ok() {
            app.state::<Self>().begin(&app);
        }
    }
}

#[cfg(unix)]
async fn signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use tokio::sync::mpsc;

    #[tokio::test]
    async fn a_second_start_is_told_that_this_one_ends() {
        let ending = Ending::default();
        let (asks, raises) = mpsc::channel(1);
        let times = Cell::new(0);
        asks.send(()).await.unwrap();
        tokio::join!(
            ending.raise_until_then(raises, || {
                times.set(times.get() + 1);
                ending.begun.send_replace(true);
            }),
            asks.closed(),
        );
        assert_eq!(times.get(), 1);
        assert!(ending.has_begun());
    }
}
