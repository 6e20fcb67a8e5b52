//! A whole circle in one thread, from one number: the very [`CircleSync`](snug_sync::CircleSync) and
//! [`LiveDocument`](snug_document::LiveDocument) that a laptop runs, over a simulated network, disk and clock.
//!
//! ```text
//!  Chance (seed) ──► World ──► events in virtual time: a frame arrives, a disk syncs, a second passes, a laptop starts
//!                      │
//!                      ├─ Laptop { CircleSync, documents, Disk, clock skew }   × n
//!                      └─ Link   { one session, latency, may break and lose what is under way }
//! ```
//! - A *disk* keeps rows in order and makes them durable when it syncs; a crash keeps a prefix of what waited, and the
//!   laptop isn't told which.
//! - A *link* is one stream: it delivers in order or breaks. Frames of different links overtake each other, and two laptops
//!   may have two links, so that what one brings the other brings again.
//! - The *checker* looks while the world runs (nobody holds what its author's disk doesn't; nothing is acknowledged or
//!   applied before it is durable; who is counted as a holder is one) and at the end (everything acknowledged is
//!   everywhere; equal entries make equal documents).
//!
//! A failing run prints its seed; `SNUG_SEED=n` runs that one alone, `SNUG_SEEDS=n` runs so many.
//!
//! ```
//! use snug_testkit::World;
//!
//! let mut world = World::new(7);
//! let anna = world.found();
//! let bela = world.join(anna);
//! let note = world.new_note(anna, "Sunday");
//! world.settle();
//! world.append(bela, note, "I bring bread.");
//! world.settle();
//! world.check();
//! assert!(world.text(anna, note).contains("bread"));
//! ```

#![allow(clippy::missing_panics_doc, reason = "a simulator ends a broken run by a panic")]
#![allow(clippy::expect_used, reason = "the same")]

mod chance;
mod check;
mod disk;
mod laptop;
mod link;
mod world;

pub use chance::{Chance, for_seeds};
pub use disk::{Disk, StoredEntry};
pub use laptop::{Event, Laptop};
pub use world::{Faults, Who, World};
