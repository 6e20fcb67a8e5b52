//! A link: one stream between two laptops. It delivers in order, or breaks and loses what is under way.

use crate::world::Who;

/// One connection.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) ends: [Who; 2],
    /// When the last frame to each end arrives.
    pub(crate) last_arrival: [u64; 2],
    /// Bytes sent from each end.
    pub(crate) bytes: [u64; 2],
}

impl Link {
    pub(crate) const fn new(a: Who, b: Who) -> Self {
        Self { ends: [a, b], last_arrival: [0; 2], bytes: [0; 2] }
    }

    /// The place of the other end.
    pub(crate) fn other(&self, who: Who) -> usize {
        usize::from(self.ends[0] == who)
    }
}
