//! The invitation link: what travels from one person to another by whatever message they like.
//!
//! ```text
//! snug: base32( version 1 ‖ secret 16 ‖ answering key 32 ‖ checksum 4 )
//! ```
//!
//! Base32 of RFC 4648, lower case, without padding; read in either case (QR codes are smaller in upper case) and with
//! white space around it. The link names no circle, address, name or date: whoever finds it used learns nothing from it.
//! Every version ends in the same checksum over all that stands before, so that damage and a later version can be told
//! apart before anything of it is believed.

use data_encoding::BASE32_NOPAD;
use snug_crypto::{DeviceSecret, Entropy, context, equal, hash, random};
use snug_types::bound::LINK_BYTES;
use snug_types::{DeviceId, InvitationId};
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

/// What a link begins with.
const SCHEME: &str = "snug:";
const VERSION: u8 = 1;
const SECRET_BYTES: usize = 16;
const CHECKSUM_BYTES: usize = 4;
const BODY_BYTES: usize = 1 + SECRET_BYTES + DeviceId::LEN + CHECKSUM_BYTES;

/// Why a text isn't an invitation link that can be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It doesn't begin with `snug:`, or is far too long.
    #[error("this isn't a Snug invitation; one begins with snug:")]
    NotALink,
    /// It begins like a link, but characters are missing or changed.
    #[error("this invitation is damaged; copy it again as a whole")]
    Damaged,
    /// It is whole, and of a version that this app doesn't know.
    #[error("this invitation needs a newer Snug (it is of version {0})")]
    Newer(u8),
}

/// An invitation as its holder has it. Whoever has it may ask to join, so it is shown only on purpose ([`fmt::Display`]).
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    secret: Zeroizing<[u8; SECRET_BYTES]>,
    answerer: DeviceId,
}

impl Link {
    /// Reads a link from text that a person pasted, scanned or piped in.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        if text.len() > LINK_BYTES {
            return Err(LinkError::NotALink);
        }
        let (scheme, body) = text.split_at_checked(SCHEME.len()).ok_or(LinkError::NotALink)?;
        if !scheme.eq_ignore_ascii_case(SCHEME) {
            return Err(LinkError::NotALink);
        }
        let upper = Zeroizing::new(body.to_ascii_uppercase());
        // Refuses loose trailing bits too: a link has one spelling in each case.
        let bytes = Zeroizing::new(BASE32_NOPAD.decode(upper.as_bytes()).map_err(|_| LinkError::Damaged)?);
        let (bytes, sum) = bytes.split_last_chunk::<CHECKSUM_BYTES>().ok_or(LinkError::Damaged)?;
        if !equal(sum, &checksum(bytes)) {
            return Err(LinkError::Damaged);
        }
        let (version, rest) = bytes.split_first().ok_or(LinkError::Damaged)?;
        if *version != VERSION {
            return Err(LinkError::Newer(*version));
        }
        let (secret, answerer) = rest.split_first_chunk::<SECRET_BYTES>().ok_or(LinkError::Damaged)?;
        let answerer = DeviceId::from_slice(answerer).ok_or(LinkError::Damaged)?;
        Ok(Self { secret: Zeroizing::new(*secret), answerer })
    }

    /// The public key that the answering laptop signs with, made for this invitation alone.
    pub const fn answerer(&self) -> DeviceId {
        self.answerer
    }

    /// The invitation's identifier: a hash, from which neither the secret nor the link can be found.
    pub fn id(&self) -> InvitationId {
        let mut bytes = Zeroizing::new([0; DeviceId::LEN + SECRET_BYTES]);
        bytes[..DeviceId::LEN].copy_from_slice(self.answerer.as_bytes());
        bytes[DeviceId::LEN..].copy_from_slice(self.secret.as_slice());
        let long = hash(context::INVITATION_ID, bytes.as_slice());
        let mut short = [0; InvitationId::LEN];
        short.copy_from_slice(&long[..InvitationId::LEN]);
        InvitationId(short)
    }

    /// The key under which the two laptops find each other and talk: from the secret alone, 128 bits of it.
    pub(crate) fn key(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(hash(context::INVITATION_KEY, self.secret.as_slice()))
    }
}

impl fmt::Display for Link {
    /// The link itself: to be given to one person, never to a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = Zeroizing::new(Vec::with_capacity(BODY_BYTES));
        bytes.push(VERSION);
        bytes.extend_from_slice(self.secret.as_slice());
        bytes.extend_from_slice(self.answerer.as_bytes());
        let sum = checksum(&bytes);
        bytes.extend_from_slice(&sum);
        let mut text = Zeroizing::new(BASE32_NOPAD.encode(&bytes));
        text.make_ascii_lowercase();
        write!(f, "{SCHEME}{}", text.as_str())
    }
}

impl FromStr for Link {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        Self::parse(text)
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Link({:?})", self.id())
    }
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let [a, b, c, d, ..] = hash(context::INVITATION_CHECKSUM, bytes);
    [a, b, c, d]
}

/// An invitation as the laptop that made it keeps it: the link, and the key to answer with.
pub struct InvitationSecret {
    link: Link,
    answering: DeviceSecret,
}

/// Bytes that aren't a stored invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these bytes aren't an invitation's secret")]
pub struct NotAnInvitation;

impl InvitationSecret {
    /// The number of bytes that the store keeps.
    pub const BYTES: usize = SECRET_BYTES + 64;

    /// A new invitation, with a fresh secret and a fresh key.
    pub fn generate(e: &mut dyn Entropy) -> Self {
        let secret = Zeroizing::new(random(e));
        let answering = DeviceSecret::generate(e);
        Self { link: Link { secret, answerer: answering.id() }, answering }
    }

    /// The link to give away.
    pub const fn link(&self) -> &Link {
        &self.link
    }

    /// The key to answer with. It signs beacons and challenges of this invitation and nothing else.
    pub const fn answering(&self) -> &DeviceSecret {
        &self.answering
    }

    /// The bytes for the store, which is encrypted.
    pub fn to_bytes(&self) -> Zeroizing<[u8; Self::BYTES]> {
        let mut bytes = Zeroizing::new([0; Self::BYTES]);
        bytes[..SECRET_BYTES].copy_from_slice(self.link.secret.as_slice());
        bytes[SECRET_BYTES..].copy_from_slice(self.answering.to_bytes().as_slice());
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAnInvitation> {
        let (secret, answering) = bytes.split_first_chunk::<SECRET_BYTES>().ok_or(NotAnInvitation)?;
        let answering: &[u8; 64] = answering.try_into().map_err(|_| NotAnInvitation)?;
        let answering = DeviceSecret::from_bytes(answering);
        Ok(Self { link: Link { secret: Zeroizing::new(*secret), answerer: answering.id() }, answering })
    }
}

impl fmt::Debug for InvitationSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InvitationSecret({:?})", self.link.id())
    }
}
