//! The proof before the first byte: who dials proves first, who listens answers or stays silent.
//!
//! ```text
//! dialer                                                     listener
//!   nonce (32) | 16 tags (32 each), candidates and decoys ───▶  compares with every key of its keyring
//!                                                               no match, wrong length: nothing, until the deadline
//!   compares with the candidates that it offered          ◀───  nonce (32) | MAC (32)
//! ```
//!
//! Both transport keys have been authenticated by the connection itself (Noise, TLS), so a tag over (dialer's transport
//! key, listener's transport key, nonce) is worth nothing on any other connection: not to another listener, not from
//! another dialer, not backwards. The answer covers both nonces. The names of both ends of the key, and a label for each
//! direction, are in every MAC.
//!
//! A stranger gets nothing: from a dialer, 544 bytes that look random, whatever and however much it offers; from a
//! listener, silence. A key is known to current devices alone, so those who once were members are strangers.
//!
//! The deadline, and closing after silence, are the caller's.

use crate::keys::{Key, KeyId, Keyring, Party};
use crate::shuffle;
use snug_crypto::{Entropy, context, equal, mac, random};
use snug_types::{TransportKey, to_bytes};

/// Keys that one dial can offer.
pub const CANDIDATES: usize = 16;
const NONCE_BYTES: usize = 32;
const TAG_BYTES: usize = 32;
/// Bytes of the dialer's proof.
pub const PROOF_BYTES: usize = NONCE_BYTES + CANDIDATES * TAG_BYTES;
/// Bytes of the listener's answer.
pub const ANSWER_BYTES: usize = NONCE_BYTES + TAG_BYTES;

type Nonce = [u8; NONCE_BYTES];
type Tag = [u8; TAG_BYTES];

/// Why a handshake can't begin. Each is seen before anything is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeError {
    /// Both ends have one transport key: a laptop that reached itself, or an echo.
    #[error("both ends of the connection have the same transport key")]
    SameKey,
    /// More candidates than a proof holds.
    #[error("{found} candidates, a proof holds {CANDIDATES}")]
    TooMany {
        /// How many were given.
        found: usize,
    },
    /// The keyring doesn't hold the key, or not any more.
    #[error("the keyring doesn't hold {0:?}")]
    UnknownKey(KeyId),
}

/// A connection between two laptops, named by the transport keys that it has authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channel {
    local: TransportKey,
    remote: TransportKey,
}

impl Channel {
    /// The connection between our transport key and theirs, which differ.
    pub fn new(local: TransportKey, remote: TransportKey) -> Result<Self, HandshakeError> {
        if local == remote { Err(HandshakeError::SameKey) } else { Ok(Self { local, remote }) }
    }

    /// Our transport key.
    pub const fn local(&self) -> TransportKey {
        self.local
    }

    /// Theirs.
    pub const fn remote(&self) -> TransportKey {
        self.remote
    }
}

/// What a dialer learns from the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The other end of this key is at the other end of the connection. More frames may follow.
    Proven {
        /// The key that both proved.
        key: KeyId,
    },
    /// A stranger, or nobody that we offered to meet. Close, and say nothing.
    Silent,
}

/// What a listener makes of a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// The other end of this key dialed. Send the answer; more frames may follow.
    Proven {
        /// The key that the dialer proved and the answer proves.
        key: KeyId,
        /// The frame to send.
        answer: Vec<u8>,
    },
    /// A stranger. Send nothing, read nothing more, and close at the one fixed deadline.
    Silent,
}

/// The end that dialed, waiting for the answer to its proof.
#[derive(Debug)]
pub struct Dialer {
    channel: Channel,
    nonce: Nonce,
    offered: Vec<KeyId>,
}

impl Dialer {
    /// Offers to be met under these keys, at most [`CANDIDATES`]. The frame is the first that the connection carries.
    pub fn new(
        e: &mut dyn Entropy,
        channel: Channel,
        keyring: &Keyring,
        offered: &[KeyId],
    ) -> Result<(Self, Vec<u8>), HandshakeError> {
        if offered.len() > CANDIDATES {
            return Err(HandshakeError::TooMany { found: offered.len() });
        }
        let nonce = random(e);
        let mut tags: [Tag; CANDIDATES] = std::array::from_fn(|_| random(e));
        for (tag, id) in tags.iter_mut().zip(offered) {
            let key = keyring.get(id).ok_or(HandshakeError::UnknownKey(*id))?;
            *tag = proof(key, key.me, key.them, channel.local, channel.remote, &nonce);
        }
        shuffle(&mut tags, e);
        let mut frame = Vec::with_capacity(PROOF_BYTES);
        frame.extend_from_slice(&nonce);
        frame.extend_from_slice(tags.as_flattened());
        Ok((Self { channel, nonce, offered: offered.to_vec() }, frame))
    }

    /// Judges the listener's answer by the keys that are still in the keyring.
    pub fn answered(self, keyring: &Keyring, frame: &[u8]) -> Outcome {
        let Some((nonce, tag)) = frame.split_first_chunk::<NONCE_BYTES>() else { return Outcome::Silent };
        let Channel { local, remote } = self.channel;
        let proven = self.offered.iter().find(|id| {
            keyring.get(id).is_some_and(|key| {
                equal(tag, &answer(key, key.them, key.me, local, remote, &self.nonce, nonce))
            })
        });
        proven.map_or(Outcome::Silent, |key| Outcome::Proven { key: *key })
    }
}

/// The end that was dialed. It hears one proof: a connection is one attempt.
#[derive(Debug)]
pub struct Listener(Channel);

impl Listener {
    /// Waits for the dialer's proof.
    pub const fn new(channel: Channel) -> Self {
        Self(channel)
    }

    /// Judges the first frame of a connection. Every key is compared with every tag, match or not.
    pub fn heard(self, e: &mut dyn Entropy, keyring: &Keyring, frame: &[u8]) -> Heard {
        let Some((nonce, tags)) = frame.split_first_chunk::<NONCE_BYTES>() else { return Heard::Silent };
        let (tags, []) = tags.as_chunks::<TAG_BYTES>() else { return Heard::Silent };
        if tags.len() != CANDIDATES {
            return Heard::Silent;
        }
        let Channel { local, remote } = self.0;
        let mut proven = None;
        for (id, key) in keyring.iter() {
            let expected = proof(key, key.them, key.me, remote, local, nonce);
            let matches = tags.iter().fold(false, |found, tag| equal(tag, &expected) | found);
            if matches && proven.is_none() {
                proven = Some((*id, key));
            }
        }
        let Some((id, key)) = proven else { return Heard::Silent };
        let ours: Nonce = random(e);
        let mut frame = Vec::with_capacity(ANSWER_BYTES);
        frame.extend_from_slice(&ours);
        frame.extend_from_slice(&answer(key, key.me, key.them, remote, local, nonce, &ours));
        Heard::Proven { key: id, answer: frame }
    }
}

/// A dialer's tag under one key.
fn proof(
    key: &Key,
    speaker: Party,
    hearer: Party,
    dialer: TransportKey,
    listener: TransportKey,
    nonce: &Nonce,
) -> Tag {
    let (speaker, hearer) = (to_bytes(&speaker), to_bytes(&hearer));
    mac(&key.secret, context::DIAL_PROOF, &[&speaker, &hearer, dialer.as_bytes(), listener.as_bytes(), nonce])
}

/// A listener's tag under the key that the dialer proved.
fn answer(
    key: &Key,
    speaker: Party,
    hearer: Party,
    dialer: TransportKey,
    listener: TransportKey,
    theirs: &Nonce,
    ours: &Nonce,
) -> Tag {
    let (speaker, hearer) = (to_bytes(&speaker), to_bytes(&hearer));
    let parts: [&[u8]; 6] = [&speaker, &hearer, dialer.as_bytes(), listener.as_bytes(), theirs, ours];
    mac(&key.secret, context::DIAL_ANSWER, &parts)
}
