//! The rules of a circle, from outside: stories, properties, hostile bytes, vectors.

mod membership;
mod orders;
mod people;
