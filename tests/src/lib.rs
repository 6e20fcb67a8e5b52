//! Laptops for scenarios: each a data folder of its own and the real `snug` program run on it.
//!
//! ```text
//! Room (a temporary folder, gone at the end)
//!  ├─ Laptop "anna": data folder, passphrase file, perhaps a running `snug up`
//!  └─ Laptop "ben":  …
//! ```
//!
//! A scenario runs commands ([`Laptop::run`], [`Laptop::ok`], [`Laptop::json`]), starts and ends `snug up`
//! ([`Laptop::up`], [`Laptop::down`], [`Laptop::kill`]) and waits for what must come with [`until`], which asks again
//! and again up to a deadline. All of it stays on the loopback interface unless a scenario says otherwise, and no
//! process outlives the value that started it.

mod laptop;
mod outsider;
mod process;
mod room;
pub mod trace;
mod wait;

pub use laptop::{Laptop, Online};
pub use outsider::Outsider;
pub use process::{Finished, PATIENCE, at_once, finish};
pub use room::{Room, proven, skip, snug_program};
pub use wait::{agree, until};
