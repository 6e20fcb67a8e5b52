//! The local socket: how a second program talks with the Snug that has the folder open.
//!
//! ```text
//! client                                   laptop (holds the folder's lock)
//!   connect ────────────────────────────▶   one task per client, at most CLIENTS
//!           ◀──────────────────────── hello
//!   call {command, with} ───────────────▶   Service::handle
//!           ◀──────────── answer or error
//!   …                                       one after the other, on one connection
//!   follow ─────────────────────────────▶
//!           ◀──────── event, event, event   until either end goes
//!   raise ──────────────────────────────▶   a second start of the window: the first shows itself
//!           ◀─────────────────────── raised
//! ```
//!
//! Frames are lines of JSON with the protocol's version in each. The socket is a file in the laptop's folder, for its owner
//! alone (0600 in 0700), so whoever may talk through it may read the folder; no passphrase is asked. A file left by
//! a crash is replaced by the next holder of the lock, and by nobody else.

#[cfg(unix)]
mod client;
#[cfg(unix)]
mod frame;
#[cfg(unix)]
mod place;
#[cfg(unix)]
mod server;

#[cfg(not(unix))]
mod elsewhere;

#[cfg(unix)]
pub use client::Client;
#[cfg(unix)]
pub use server::Server;

#[cfg(not(unix))]
pub use elsewhere::{Client, Server};

use crate::command::{Request, Response};
use crate::error::{ApiError, ErrorCode};
use crate::event::Events;
use std::future::Future;

/// What answers at the laptop's end of the socket.
pub trait Service: Clone + Send + Sync + 'static {
    /// Does what is asked, and answers when it is durable.
    fn handle(&self, request: Request) -> impl Future<Output = Result<Response, ApiError>> + Send;

    /// What happens from now on.
    fn follow(&self) -> Events;

    /// Has the window show itself.
    fn raise(&self) -> Result<(), ApiError> {
        Err(ApiError::new(
            ErrorCode::InUse,
            "Snug is up with this folder from a terminal, without a window; end it there, then open the window",
        ))
    }
}
