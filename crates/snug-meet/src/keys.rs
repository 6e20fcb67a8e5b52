//! What a laptop knows before it meets another: shared keys, who holds them, and in which role.
//!
//! A key is shared by exactly two parties. Whatever is computed under it names the party that speaks and the one that
//! is spoken to, so nothing that one side sent can be sent back to it as if the other had said it.
//!
//! The node fills the keyring: a pair key for each *current* device of each circle, an answering key for each invitation
//! that this laptop made, a joining key for each link that it is following. Whoever isn't in the keyring, a removed member
//! above all, gets silence.

use crate::link::{InvitationSecret, Link};
use snug_crypto::PairKey;
use snug_types::{CircleId, Decode, DecodeError, DeviceId, Encode, InvitationId, Reader, Writer};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// Names a key of the keyring: with whom one shares it, and for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyId {
    /// Another current device of a circle.
    Pair {
        /// The circle.
        circle: CircleId,
        /// The other device.
        device: DeviceId,
    },
    /// An invitation that this laptop made and answers; whoever holds the link may be at the other end.
    Answering(InvitationId),
    /// An invitation that this laptop was given; the laptop that made it, or another holder of the link, is at the other
    /// end. Which of the two is settled by the joining conversation.
    Joining(InvitationId),
}

/// One of the two ends of a shared key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Party {
    /// A device of a circle.
    Device(DeviceId),
    /// The laptop that made an invitation, by the invitation's own key.
    Answerer(DeviceId),
    /// Whoever follows a link: known by nothing yet.
    Joiner,
}

impl Party {
    /// The key that this party signs with, if it has one.
    pub(crate) const fn signer(self) -> Option<DeviceId> {
        match self {
            Self::Device(id) | Self::Answerer(id) => Some(id),
            Self::Joiner => None,
        }
    }
}

impl Encode for Party {
    fn encode(&self, w: &mut Writer) {
        match self {
            Self::Device(id) => {
                w.u8(0);
                id.encode(w);
            }
            Self::Answerer(id) => {
                w.u8(1);
                id.encode(w);
            }
            Self::Joiner => w.u8(2),
        }
    }
}

impl Decode for Party {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match r.u8()? {
            0 => Ok(Self::Device(DeviceId::decode(r)?)),
            1 => Ok(Self::Answerer(DeviceId::decode(r)?)),
            2 => Ok(Self::Joiner),
            tag => Err(DecodeError::UnknownTag { what: "party", tag: tag.into() }),
        }
    }
}

/// A shared key and its two ends, as this laptop sees them.
pub(crate) struct Key {
    pub(crate) secret: Zeroizing<[u8; 32]>,
    pub(crate) me: Party,
    pub(crate) them: Party,
}

/// The keys that this laptop may meet others under. Holds secrets: it shows how many keys there are and nothing else.
#[derive(Default)]
pub struct Keyring(BTreeMap<KeyId, Key>);

impl Keyring {
    /// No keys: the keyring of a laptop without a circle.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the key that two devices of a circle share, `me` being this laptop's.
    pub fn insert_pair(&mut self, circle: CircleId, me: DeviceId, them: DeviceId, key: &PairKey) -> KeyId {
        let id = KeyId::Pair { circle, device: them };
        let secret = Zeroizing::new(*key.as_bytes());
        self.0.insert(id, Key { secret, me: Party::Device(me), them: Party::Device(them) });
        id
    }

    /// Adds the key of an invitation that this laptop answers.
    pub fn insert_answering(&mut self, invitation: &InvitationSecret) -> KeyId {
        let link = invitation.link();
        let id = KeyId::Answering(link.id());
        let me = Party::Answerer(link.answerer());
        self.0.insert(id, Key { secret: link.key(), me, them: Party::Joiner });
        id
    }

    /// Adds the key of an invitation that this laptop follows.
    pub fn insert_joining(&mut self, link: &Link) -> KeyId {
        let id = KeyId::Joining(link.id());
        let them = Party::Answerer(link.answerer());
        self.0.insert(id, Key { secret: link.key(), me: Party::Joiner, them });
        id
    }

    /// Takes a key out; false if it wasn't in. From now on its other end gets silence.
    pub fn remove(&mut self, id: &KeyId) -> bool {
        self.0.remove(id).is_some()
    }

    /// Keeps only the keys that are still wanted.
    pub fn retain(&mut self, mut wanted: impl FnMut(&KeyId) -> bool) {
        self.0.retain(|id, _| wanted(id));
    }

    /// True if the key is in.
    pub fn contains(&self, id: &KeyId) -> bool {
        self.0.contains_key(id)
    }

    /// The names of all keys, in order.
    pub fn ids(&self) -> impl Iterator<Item = KeyId> + '_ {
        self.0.keys().copied()
    }

    /// How many keys.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn get(&self, id: &KeyId) -> Option<&Key> {
        self.0.get(id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&KeyId, &Key)> {
        self.0.iter()
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keyring({} keys)", self.0.len())
    }
}
