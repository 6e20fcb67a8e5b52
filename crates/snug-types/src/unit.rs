//! Units: numbers that know what they count.

use crate::codec::{Decode, DecodeError, Encode, Reader, Writer};

/// Milliseconds since 1970-01-01T00:00:00Z, by the clock of whoever says so. Never decides validity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UnixMillis(pub u64);

impl UnixMillis {
    /// This time and so many milliseconds, at most the last one there is.
    #[must_use]
    pub const fn plus(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}

/// The place of an entry in its device's log of one circle, counted from 1; 0 stands before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Seq(pub u64);

impl Seq {
    /// Before the first entry.
    pub const ZERO: Self = Self(0);

    /// The next place; none after the last.
    pub const fn next(self) -> Option<Self> {
        match self.0.checked_add(1) {
            Some(n) => Some(Self(n)),
            None => None,
        }
    }
}

macro_rules! unit_codec {
    ($($name:ident),*) => {$(
        impl Encode for $name {
            fn encode(&self, w: &mut Writer) {
                w.u64(self.0);
            }
        }

        impl Decode for $name {
            fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                Ok(Self(r.u64()?))
            }
        }
    )*};
}

unit_codec!(UnixMillis, Seq);
