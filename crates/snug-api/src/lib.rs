//! What can be asked of a laptop, declared once: commands and their answers, events, error codes, and the local socket by
//! which a second program asks.
//!
//! ```text
//! window, command line
//!   │ a Command, say NoteAppend { circle: "Reading", note: "3fa9", text }
//!   ▼
//! Client ──── local socket ────▶ Server          (or, where nothing is running, straight on)
//!                                  │
//!                                  ▼
//!                                Desk            finds what the names and shortened ids mean
//!                                  │
//!                                  ▼
//!                         snug_node::Laptop      does it; answers when it is durable
//! ```
//!
//! - [`command`]: every command with its fields and its answer. To add one: declare it there, write its handler in `desk`
//!   (it doesn't compile without), tell it in `docs/commands.md`.
//! - [`view`]: the answers, with stable JSON keys; [`event`]: what happens, as a stream.
//! - [`error`]: a stable code for programs, one sentence for people.
//! - [`socket`] and [`reach()`]: how a program gets to a laptop. [`door`]: how a window has its folder, open or locked.
//! - [`fail_discreetly`]: the first thing that each program does.
//! - [`OpenNote`]: a note that a window edits as a copy. Its bytes are Automerge's and go past the commands.
//! - The window's types in `ui/src/lib/api/generated` are written from these by `cargo xtask codegen`.

pub mod command;
pub mod door;
pub mod error;
pub mod event;
pub mod preferences;
pub mod reach;
pub mod socket;
pub mod view;

mod clock;
mod desk;
mod discreet;
mod find;
mod folder;
mod spelling;
#[cfg(test)]
mod typescript;

pub use command::{Command, Request, Response};
pub use desk::{Desk, OpenNote};
pub use discreet::fail_discreetly;
pub use door::{Claimed, Door, DoorConfig, DoorState, Raises};
pub use error::{ApiError, Candidate, ErrorCode, plain_reason};
pub use event::{Event, Events};
pub use folder::default_folder;
pub use preferences::Preferences;
pub use reach::{Reached, reach};
pub use snug_node::{EndReason, NoteNews, NoteStream};
pub use socket::{Client, Server, Service};
