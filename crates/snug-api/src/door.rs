//! The door of a laptop: what a window's program holds for its folder from the beginning to the end.
//!
//! ```text
//!            claim ──▶ Fresh ──create──▶ Open ◀──unlock── Locked ◀── claim
//!                                          └─────lock──────▶┘
//!            claim, unlock ──▶ Unusable: newer, damaged or somebody else's; nothing was touched
//! ```
//!
//! The folder's lock is held and its socket answers in every state but the one of a folder that can't be used. So a second
//! start finds the first, and a command learns that the window is locked instead of asking for the passphrase. Between
//! `lock` and `unlock` nobody else gets in.
//!
//! Changes take turns, in the order in which they were asked for, and go on to their end though nobody waits any more:
//! a `lock` that is asked for during an `unlock` locks what that has opened. What is asked while the door is being locked is
//! done and answered, or told that it is locked.

mod answer;
mod change;
mod claim;

pub use claim::Claimed;

use crate::desk::{Desk, a_name};
use crate::error::{ApiError, ErrorCode};
use crate::socket::Server;
use change::Change;
use serde::{Deserialize, Serialize};
use snug_node::Home;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::{Mutex, mpsc, watch};
use ts_rs::TS;
use zeroize::Zeroizing;

/// How a door stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DoorState {
    /// Nothing is in the folder yet.
    Fresh,
    /// The passphrase is to be told.
    Locked,
    /// The laptop can be asked.
    Open,
    /// The folder can't be used, and was left as it is.
    Unusable {
        /// Why.
        error: ApiError,
    },
}

/// How a laptop behind a door goes online.
#[derive(Debug, Clone, Default)]
pub struct DoorConfig {
    /// The only interfaces that are used; those of the laptop's setting, if none are named here.
    pub interfaces: Option<Vec<String>>,
    /// Addresses to dial beside the search.
    pub dial: Vec<SocketAddr>,
}

/// Asks the window to show itself. One that wasn't taken yet stands for those that follow.
pub type Raises = mpsc::Receiver<()>;

/// The door of one folder. A cheap handle; the folder is given back by [`Door::close`], or with the last handle.
#[derive(Clone)]
pub struct Door {
    inner: Arc<Inner>,
}

struct Inner {
    config: DoorConfig,
    within: watch::Sender<Within>,
    state: watch::Sender<DoorState>,
    turn: Arc<Mutex<Option<Held>>>,
    raises: mpsc::Sender<()>,
}

/// What is behind the door.
#[derive(Clone)]
enum Within {
    Fresh,
    Locked,
    Open(Desk),
    Unusable(ApiError),
    Closed,
}

/// What is kept until the door is closed. The socket goes first: only the holder of the lock may have one.
struct Held {
    server: Option<Server>,
    home: Home,
}

impl Door {
    /// A door before a folder that can't be used: it holds nothing, and says why.
    pub fn unusable(error: ApiError) -> (Self, Raises) {
        Self::new(Within::Unusable(error), DoorConfig::default())
    }

    fn new(within: Within, config: DoorConfig) -> (Self, Raises) {
        let (raises, waiting) = mpsc::channel(1);
        let state = watch::Sender::new(within.state().unwrap_or(DoorState::Locked));
        let inner = Inner { config, within: watch::Sender::new(within), state, turn: Arc::default(), raises };
        (Self { inner: Arc::new(inner) }, waiting)
    }

    /// How it stands.
    pub fn state(&self) -> DoorState {
        self.inner.state.borrow().clone()
    }

    /// How it stands from now on. A door that was closed stays as it was then, and is locked if it was open.
    pub fn watch(&self) -> watch::Receiver<DoorState> {
        self.inner.state.subscribe()
    }

    /// The laptop, if it can be asked.
    ///
    /// # Errors
    /// [`ErrorCode::NoStore`] while it is fresh, [`ErrorCode::Locked`], why it can't be used, [`ErrorCode::Closing`].
    pub fn desk(&self) -> Result<Desk, ApiError> {
        match &*self.inner.within.borrow() {
            Within::Open(desk) => Ok(desk.clone()),
            closed => Err(closed.refusal()),
        }
    }

    /// Makes a laptop in a fresh folder, and opens it.
    ///
    /// # Errors
    /// [`ErrorCode::AlreadyThere`] if there is one, [`ErrorCode::BadText`], [`ErrorCode::EmptyPassphrase`], and what
    /// the disk says.
    pub async fn create(&self, name: &str, passphrase: &str) -> Result<(), ApiError> {
        let name = a_name(name, "name")?;
        let passphrase = Zeroizing::new(passphrase.to_owned());
        self.change(|change| change.create(name, passphrase)).await
    }

    /// Opens the laptop; where it is open, nothing is to be done. A wrong passphrase is answered after a delay that grows.
    ///
    /// # Errors
    /// [`ErrorCode::WrongPassphrase`], [`ErrorCode::NoStore`] in a fresh folder; [`ErrorCode::NewerStore`] and
    /// [`ErrorCode::DamagedStore`]: then it is unusable from now on.
    pub async fn unlock(&self, passphrase: &str) -> Result<(), ApiError> {
        let passphrase = Zeroizing::new(passphrase.to_owned());
        self.change(|change| change.unlock(passphrase)).await
    }

    /// Ends the network, waits for what is being saved, lets go of the keys, and keeps the folder. The state says so at
    /// once; when this returns it is done.
    pub async fn lock(&self) -> Result<(), ApiError> {
        self.change(Change::lock).await
    }

    /// The same for good: what is under way is answered, then the socket goes and the folder is given back.
    pub async fn close(&self) -> Result<(), ApiError> {
        self.change(Change::close).await
    }

    async fn change<F>(&self, work: impl FnOnce(Change) -> F) -> Result<(), ApiError>
    where
        F: Future<Output = Result<(), ApiError>> + Send + 'static,
    {
        let turn = Arc::clone(&self.inner.turn).lock_owned().await;
        // On a task of its own: whoever asked may not wait for the end.
        let done = tokio::spawn(work(Change { inner: Arc::clone(&self.inner), turn })).await;
        done.unwrap_or_else(|_| Err(ApiError::new(ErrorCode::Internal, "something went wrong inside Snug")))
    }
}
