//! One circle's synchronisation, without I/O: what to persist, what to send to whom, when to acknowledge.
//!
//! [`CircleSync`] is driven: every event is a method call, everything that has to happen comes out of
//! [`poll`](CircleSync::poll), and time and randomness are passed in. The same code runs under a laptop's node and under
//! the simulator.
//!
//! ```text
//!            local  admit  leave                 peer_up  peer_frame  peer_gone        tick
//!                │                                        │                             │
//!                ▼                                        ▼                             ▼
//!  sign, seal, stage ──────────────┐     check: size, epoch, seal, signature,      what was put off:
//!                                  │     payload, membership, chain; or wait       receipts, summaries,
//!                                  ▼            ▼                                  stalled questions
//!                         Output::Persist { ticket, rows }
//!                                  │
//!              the driver commits and syncs the disk, then calls persisted(ticket)
//!                                  │
//!          ┌───────────────────────┼───────────────────────────┬──────────────────────┐
//!          ▼                       ▼                           ▼                      ▼
//!   Acknowledged (local)     Send: pushes            Apply (remote, accepted)    Send: a receipt
//! ```
//!
//! The loop of a driver:
//!
//! 1. call one input method;
//! 2. take outputs until there is none, and do them in order. `Persist` may be grouped with others into one commit;
//!    answer each ticket in the order of the tickets, once its commit is synced. `Load` is answered by
//!    [`loaded`](CircleSync::loaded).
//!
//! What the core keeps to, and what breaks if a driver doesn't:
//!
//! - *Persist before send, verify before apply.* Nothing is sent, applied, acknowledged or counted in a receipt that isn't
//!   durable. If a driver calls `persisted` too early, a crash makes this laptop a liar; its next entries fork its log.
//! - *A session belongs to one device,* which the caller has proven. If it isn't that device, epochs still open only to
//!   the device they are granted to, but who it is will be told wrong.
//! - *A failed commit ends writing.* After [`persist_failed`](CircleSync::persist_failed) memory may hold more than the
//!   disk; only restoring from the disk helps.
//! - *A document is built from what is in a log:* of the stored entries only those that the core
//!   [`holds`](CircleSync::holds) and [`accepts`](CircleSync::accepts). A refused commit may leave others behind.
//! - *A session whose frames pile up is [busy](CircleSync::session_busy),* and isn't read for until it isn't any more.
//! - *The clock decides nothing* but how long to wait and what "as of" says.
//!
//! Inside, one idea in each file: `chain` (one device's log as hashes), `journal` (all logs and what of them counts),
//! `frame` (what is said), `session` (one peer), `waiting` (what came too early), `commits` (what is on its way to
//! the disk), `ledger` (receipts and who holds what), and the verbs over them: `write`, `receive`,
//! `round`, `fetch`, `serve`, `settle`, `restore`.

mod bound;
mod chain;
mod circle_sync;
mod commits;
mod fetch;
mod frame;
mod input;
mod journal;
mod ledger;
mod output;
mod receive;
mod restore;
mod round;
mod serve;
mod session;
mod settle;
mod waiting;
mod write;

pub use circle_sync::{CircleSync, OpenStoredError};
pub use input::{EntryRow, Local, LocalError, RestoreError, Restored};
pub use ledger::{Holding, Scope};
pub use output::{CloseReason, Output, ReadId, Row, SessionId, StopReason, Ticket};
