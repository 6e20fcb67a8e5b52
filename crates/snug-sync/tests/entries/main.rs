//! One laptop's core, driven by hand: what it gives out when, and what it refuses.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod clocks;
mod durable;
mod refused;
mod scene;
mod sessions;
