//! What changes a door. Whoever has the turn is alone with it.

use super::{DoorState, Held, Inner, Within};
use crate::desk::Desk;
use crate::error::{ApiError, ErrorCode};
use crate::folder::opening;
use snug_node::{Home, Laptop, NodeError};
use snug_types::Name;
use std::sync::Arc;
use tokio::sync::OwnedMutexGuard;
use zeroize::Zeroizing;

/// A turn at changing a door, until it is dropped.
pub(super) struct Change {
    pub(super) inner: Arc<Inner>,
    pub(super) turn: OwnedMutexGuard<Option<Held>>,
}

impl Change {
    pub(super) async fn create(self, name: Name, passphrase: Zeroizing<String>) -> Result<(), ApiError> {
        match self.within() {
            Within::Fresh => {}
            Within::Locked | Within::Open(_) => return Err(NodeError::AlreadyThere.into()),
            other => return Err(other.refusal()),
        }
        let home = self.home()?;
        if let Err(error) = home.create(&passphrase, name).await {
            // The disk may have failed when all but the last step was done: then there is something to unlock.
            if home.is_fresh().await.is_ok_and(|fresh| !fresh) {
                self.inner.becomes(Within::Locked);
            }
            return Err(opening(error));
        }
        let opened = home.open(&passphrase).await;
        if opened.is_err() {
            self.inner.becomes(Within::Locked);
        }
        self.enter(opened).await
    }

    pub(super) async fn unlock(self, passphrase: Zeroizing<String>) -> Result<(), ApiError> {
        match self.within() {
            Within::Open(_) => Ok(()),
            Within::Locked => self.enter(self.home()?.open(&passphrase).await).await,
            other => Err(other.refusal()),
        }
    }

    pub(super) async fn lock(self) -> Result<(), ApiError> {
        match self.within() {
            Within::Open(desk) => {
                self.inner.becomes(Within::Locked);
                leave(desk).await;
                Ok(())
            }
            closed @ Within::Closed => Err(closed.refusal()),
            // Nothing is open.
            Within::Fresh | Within::Locked | Within::Unusable(_) => Ok(()),
        }
    }

    pub(super) async fn close(mut self) -> Result<(), ApiError> {
        let within = self.within();
        self.inner.becomes(Within::Closed);
        // The folder is held to the very end.
        let Some(Held { server, home }) = self.turn.take() else { return Ok(()) };
        if let Some(server) = server {
            server.close().await;
        }
        if let Within::Open(desk) = within {
            leave(desk).await;
        }
        drop(home);
        Ok(())
    }

    fn within(&self) -> Within {
        self.inner.within.borrow().clone()
    }

    fn home(&self) -> Result<&Home, ApiError> {
        self.turn.as_ref().map(|held| &held.home).ok_or_else(|| Within::Closed.refusal())
    }

    async fn enter(&self, opened: Result<Laptop, NodeError>) -> Result<(), ApiError> {
        match opened.map_err(opening) {
            Ok(laptop) => {
                let desk = Desk::of(laptop);
                // A network that fails keeps nobody from their notes; `Network` tells that this laptop isn't on it.
                let _online = desk.go_online_if_wanted(&self.inner.config).await;
                self.inner.becomes(Within::Open(desk));
                Ok(())
            }
            Err(error) => {
                if matches!(error.code, ErrorCode::NewerStore | ErrorCode::DamagedStore) {
                    self.inner.becomes(Within::Unusable(error.clone()));
                }
                Err(error)
            }
        }
    }
}

/// Closes a laptop. The only error is that this was done before.
async fn leave(desk: Desk) {
    let _closed = desk.close().await;
}

impl Inner {
    fn becomes(&self, within: Within) {
        let state = within.state();
        self.within.send_replace(within);
        self.state.send_if_modified(|told| match state.unwrap_or_else(|| told.clone().closed()) {
            same if same == *told => false,
            other => {
                *told = other;
                true
            }
        });
    }
}

impl DoorState {
    /// How a door is shown that was closed when it stood so.
    fn closed(self) -> Self {
        match self {
            Self::Open => Self::Locked,
            other => other,
        }
    }
}

impl Within {
    /// How that is told; none where the door is closed, which nobody is there to see.
    pub(super) fn state(&self) -> Option<DoorState> {
        Some(match self {
            Self::Fresh => DoorState::Fresh,
            Self::Locked => DoorState::Locked,
            Self::Open(_) => DoorState::Open,
            Self::Unusable(error) => DoorState::Unusable { error: error.clone() },
            Self::Closed => return None,
        })
    }

    /// Why nothing can be asked.
    pub(super) fn refusal(&self) -> ApiError {
        match self {
            Self::Fresh => ApiError::new(
                ErrorCode::NoStore,
                "Snug's window is open, and nothing has begun in this folder yet; begin there",
            ),
            Self::Locked => {
                ApiError::new(ErrorCode::Locked, "Snug is locked; unlock it in its window, and try again")
            }
            Self::Unusable(error) => error.clone(),
            Self::Open(_) | Self::Closed => NodeError::Closed.into(),
        }
    }
}
