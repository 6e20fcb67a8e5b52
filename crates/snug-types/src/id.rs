//! Identifiers. Each is its own type, so that a device can't stand where a circle is meant.

use crate::codec::{Decode, DecodeError, Encode, Reader, Writer};
use data_encoding::HEXLOWER;
use std::fmt;
use std::str::FromStr;

/// Text that isn't an identifier of the asked length in lower-case hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of {expected} hexadecimal digits")]
pub struct IdError {
    /// The number of digits that a whole identifier has.
    pub expected: usize,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// The number of bytes of such an identifier.
            pub const LEN: usize = $len;

            /// The bytes, as they are hashed and sent.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// The identifier in these bytes, if they are exactly as many as it has.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&HEXLOWER.encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            /// Shortened: whole identifiers belong in no log.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({}…)", stringify!($name), HEXLOWER.encode(&self.0[..4]))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let wrong = IdError { expected: 2 * $len };
                let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| wrong)?;
                Self::from_slice(&bytes).ok_or(wrong)
            }
        }

        impl Encode for $name {
            fn encode(&self, w: &mut Writer) {
                w.raw(&self.0);
            }
        }

        impl Decode for $name {
            fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                Ok(Self(r.array()?))
            }
        }
    };
}

id!(
    /// A circle: the hash of its founding operation.
    CircleId, 32
);
id!(
    /// A member of one circle: derived from the first device that was admitted for them. There is no member key.
    MemberId, 32
);
id!(
    /// A laptop in one circle: its Ed25519 public key, fresh for every circle.
    DeviceId, 32
);
id!(
    /// A membership operation: the hash of its canonical encoding, without the signature.
    OpHash, 32
);
id!(
    /// An epoch: the hash of its membership heads and its commitment to a secret.
    EpochId, 32
);
id!(
    /// An entry of a device's log: the hash of its signed inner header.
    EntryHash, 32
);
id!(
    /// A document: sixteen random bytes, or derived where the circle needs a well-known one.
    DocumentId, 16
);
id!(
    /// A generation of a living document. All zero for the first; among several, the lowest wins.
    Generation, 32
);
id!(
    /// An Automerge actor: derived from (device, incarnation, replica).
    ActorId, 16
);
id!(
    /// The hash of an Automerge change.
    ChangeHash, 32
);
id!(
    /// An invitation: the hash of its answering key and its secret.
    InvitationId, 16
);
id!(
    /// The Ed25519 public key of one listener for one launch; the network's only name for a laptop.
    TransportKey, 32
);

impl Generation {
    /// The generation that every document starts with.
    pub const FIRST: Self = Self([0; 32]);
}

/// A document in one of its generations: what entries, frontiers and receipts name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentRef {
    /// Which document.
    pub document: DocumentId,
    /// Which of its generations.
    pub generation: Generation,
}

impl DocumentRef {
    /// The first generation of a document.
    pub const fn first(document: DocumentId) -> Self {
        Self { document, generation: Generation::FIRST }
    }
}

impl Encode for DocumentRef {
    fn encode(&self, w: &mut Writer) {
        self.document.encode(w);
        self.generation.encode(w);
    }
}

impl Decode for DocumentRef {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { document: DocumentId::decode(r)?, generation: Generation::decode(r)? })
    }
}
