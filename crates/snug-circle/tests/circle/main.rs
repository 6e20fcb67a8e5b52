//! The rules of a circle, from outside: stories, properties, hostile bytes, vectors.

mod entries;
mod epochs;
mod interleavings;
mod membership;
mod orders;
mod people;
