//! Lanes: batches that build on each other.
//!
//! The entries of a circle are numbered and chained. If one of them isn't kept, those behind it mustn't be either, or
//! the disk holds a log with a gap. A full disk would do just that: it refuses a large batch and takes the next small
//! one. So a batch that fails closes its lane, and everything behind it in the same lane fails too, until whoever
//! fills the lane has begun again from what the disk holds and reopens it.

use crate::error::StoreError;
use crate::write::Write;
use snug_types::CircleId;
use std::collections::BTreeMap;

/// The lanes that are closed, and what the batches behind the failure are told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lanes(BTreeMap<CircleId, StoreError>);

impl Lanes {
    /// Why a batch of this lane fails without being tried, if it does.
    pub(crate) fn closed(&self, lane: Option<CircleId>) -> Option<&StoreError> {
        self.0.get(&lane?)
    }

    /// A batch of this lane came out so.
    pub(crate) fn note(&mut self, lane: Option<CircleId>, result: &Result<(), StoreError>) {
        if let (Some(lane), Err(error)) = (lane, result) {
            self.0.entry(lane).or_insert_with(|| error.behind());
        }
    }

    /// What follows in this lane builds on what the disk holds.
    pub(crate) fn reopen(&mut self, lane: CircleId) {
        self.0.remove(&lane);
    }

    /// These writes are durable. A circle that they forgot has nothing left that could have a gap.
    pub(crate) fn kept(&mut self, writes: &[Write]) {
        for write in writes {
            if let Write::ForgetCircle(circle) = write {
                self.reopen(*circle);
            }
        }
    }
}
