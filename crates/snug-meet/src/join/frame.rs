//! The frames of the joining conversation: a version, a tag, the fields. Canonical and small.

use super::Refusal;
use super::challenge::Challenge;
use super::request::name;
use snug_crypto::{DevicePublic, Signature, Signed};
use snug_types::{Decode, DecodeError, Encode, Name, Reader, Writer, from_bytes, to_bytes};

/// Bytes of the largest frame: an `Accept` with a name of 80 four-byte characters, and room.
pub const JOIN_FRAME_BYTES: usize = 1024;
const VERSION: u8 = 1;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Frame {
    Ask(DevicePublic),
    Challenge(Box<Signed<Challenge>>),
    Accept { name: Name, signature: Signature },
    Waiting,
    Welcome,
    Refused(Refusal),
}

impl Frame {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        to_bytes(self)
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > JOIN_FRAME_BYTES {
            return Err(DecodeError::TooMany {
                what: "bytes of a frame",
                found: bytes.len(),
                bound: JOIN_FRAME_BYTES,
            });
        }
        from_bytes(bytes)
    }

    /// What an error calls it.
    pub(super) const fn title(&self) -> &'static str {
        match self {
            Self::Ask(_) => "Ask",
            Self::Challenge(_) => "Challenge",
            Self::Accept { .. } => "Accept",
            Self::Waiting => "Waiting",
            Self::Welcome => "Welcome",
            Self::Refused(_) => "Refused",
        }
    }
}

impl Encode for Frame {
    fn encode(&self, w: &mut Writer) {
        w.u8(VERSION);
        match self {
            Self::Ask(device) => {
                w.u8(0);
                device.encode(w);
            }
            Self::Challenge(challenge) => {
                w.u8(1);
                challenge.encode(w);
            }
            Self::Accept { name, signature } => {
                w.u8(2);
                w.text(name.as_str());
                signature.encode(w);
            }
            Self::Waiting => w.u8(3),
            Self::Welcome => w.u8(4),
            Self::Refused(why) => {
                w.u8(5);
                why.encode(w);
            }
        }
    }
}

impl Decode for Frame {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let version = r.u8()?;
        if version != VERSION {
            return Err(DecodeError::UnknownTag { what: "version of joining", tag: version.into() });
        }
        match r.u8()? {
            0 => DevicePublic::decode(r).map(Self::Ask),
            1 => Ok(Self::Challenge(Box::new(Signed::decode(r)?))),
            2 => Ok(Self::Accept { name: name(r)?, signature: Signature::decode(r)? }),
            3 => Ok(Self::Waiting),
            4 => Ok(Self::Welcome),
            5 => Refusal::decode(r).map(Self::Refused),
            tag => Err(DecodeError::UnknownTag { what: "frame of joining", tag: tag.into() }),
        }
    }
}
