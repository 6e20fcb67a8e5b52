//! Why a joiner comes no further.

use snug_types::{Decode, DecodeError, Encode, Reader, Writer};

/// Why an invitation brings somebody no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Its time was over before this device asked.
    Expired,
    /// Another device used it.
    Used,
    /// Its maker took it back.
    Withdrawn,
    /// Its maker said no.
    Declined,
    /// Too many devices have asked.
    Full,
    /// A reason of a later version.
    Other(u8),
}

impl Encode for Refusal {
    fn encode(&self, w: &mut Writer) {
        w.u8(match self {
            Self::Expired => 0,
            Self::Used => 1,
            Self::Withdrawn => 2,
            Self::Declined => 3,
            Self::Full => 4,
            Self::Other(tag) => *tag,
        });
    }
}

impl Decode for Refusal {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(match r.u8()? {
            0 => Self::Expired,
            1 => Self::Used,
            2 => Self::Withdrawn,
            3 => Self::Declined,
            4 => Self::Full,
            tag => Self::Other(tag),
        })
    }
}
