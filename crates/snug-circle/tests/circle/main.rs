//! The rules of a circle, from outside: stories, properties, hostile bytes, vectors.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that can't go on has failed")]

mod codec;
mod crowds;
mod entries;
mod epochs;
mod interleavings;
mod membership;
mod orders;
mod people;
mod vectors;
