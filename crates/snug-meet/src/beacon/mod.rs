//! The beacon: how laptops of one circle, or of one invitation, notice each other on a network that must not.
//!
//! ```text
//! packet (1200) = nonce (24) | 8 slots of 147 bytes, in an order drawn anew for each packet
//! slot          = tag (7) | sealed (140)          a hint; or 147 random bytes, a decoy
//! tag           = MAC(key, tag:  day, nonce, address, speaker, hearer), its first bytes
//! sealed        = AEAD(MAC(key, seal: day, nonce, address, speaker, hearer), transport key | tcp | quic | signature)
//! ```
//!
//! To everybody else the packet is 1200 random bytes: no magic, no version, no count. The next version has other
//! context strings, so the two don't see each other's hints.
//!
//! - **The tag is a hint, not a proof.** Its seven bytes only say what to try; a packet of a stranger matches one of
//!   1000 keys once in 10¹² packets, and then costs one AEAD try. Proof is the AEAD under a key of this packet alone, and
//!   inside it a signature by the current device key: a stolen pair key alone makes no beacon.
//! - **Bounded.** Recognising any packet costs three MACs for each key in the keyring, whoever sent it, and at most one
//!   AEAD and one signature for each of its eight slots, which only somebody who shares a key can bring about.
//! - **Replay.** The sender's address and the day are in the MAC and under the signature. From another address, or two
//!   days on, the bytes mean nothing. From the same address until then they say again what was true: where a laptop
//!   listens, by its transport key. A dial that follows expects that very transport key and proves itself before anything
//!   else, so the replay gains no entry and no word. It gains the dial: on any network, somebody here knows the sender.
//! - **Reflection.** Speaker and hearer are in the MAC, so a laptop never recognises its own beacon.

mod claim;

use crate::keys::{Key, KeyId, Keyring, Party};
use crate::shuffle;
use claim::Claim;
use snug_crypto::{
    DeviceSecret, Entropy, Signature, Signed, Verified, WrongSigner, aead_open, aead_seal, context, equal,
    mac, random, small,
};
use snug_types::{
    Decode, DecodeError, DeviceId, Encode, Reader, TransportKey, UnixMillis, Writer, from_bytes, to_bytes,
};
use std::net::IpAddr;
use zeroize::Zeroizing;

/// Bytes of every beacon: below the 1280 that every IPv6 link carries.
pub const BEACON_BYTES: usize = 1200;
/// Hints and decoys in a beacon, together.
pub const SLOTS: usize = 8;

const NONCE_BYTES: usize = 24;
const SLOT_BYTES: usize = (BEACON_BYTES - NONCE_BYTES) / SLOTS;
/// Transport key, two ports, signature.
const PLAIN_BYTES: usize = TransportKey::LEN + 2 + 2 + SIGNATURE_BYTES;
const SIGNATURE_BYTES: usize = 64;
/// What is left beside the sealed part.
const TAG_BYTES: usize = SLOT_BYTES - PLAIN_BYTES - small::OVERHEAD;
const DAY_MILLIS: u64 = 24 * 60 * 60 * 1000;

/// Where a laptop listens, for this launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// The transport key of the listener: a dial expects exactly this one.
    pub transport: TransportKey,
    /// Its TCP port; 0 where it doesn't listen on TCP.
    pub tcp: u16,
    /// Its QUIC port; 0 where it doesn't listen on QUIC.
    pub quic: u16,
}

impl Encode for Reach {
    fn encode(&self, w: &mut Writer) {
        self.transport.encode(w);
        w.u16(self.tcp);
        w.u16(self.quic);
    }
}

impl Decode for Reach {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { transport: TransportKey::decode(r)?, tcp: r.u16()?, quic: r.u16()? })
    }
}

/// What one beacon says to whoever shares one key.
#[derive(Clone, Copy)]
pub struct Hint<'a> {
    /// The key under which it is said.
    pub key: KeyId,
    /// Where this laptop listens for them.
    pub reach: Reach,
    /// The key that this laptop signs with there: its device key in the circle, the invitation's own key when answering,
    /// none when following a link.
    pub signer: Option<&'a DeviceSecret>,
}

/// Why a beacon can't be built. Each is a mistake of the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BeaconError {
    /// More hints than slots.
    #[error("{found} hints, a beacon has {SLOTS} slots")]
    TooMany {
        /// How many were given.
        found: usize,
    },
    /// The keyring doesn't hold the key, or not any more.
    #[error("the keyring doesn't hold {0:?}")]
    UnknownKey(KeyId),
    /// Two hints under one key: the second would never be read.
    #[error("two hints under {0:?}")]
    Doubled(KeyId),
    /// The key needs another signer, or one where none was given.
    #[error("{0:?} needs another signer")]
    Signer(KeyId),
}

impl From<(KeyId, WrongSigner)> for BeaconError {
    fn from((key, _): (KeyId, WrongSigner)) -> Self {
        Self::Signer(key)
    }
}

/// A beacon that leaves from this address, with these hints and decoys in what slots are left.
pub fn build(
    e: &mut dyn Entropy,
    now: UnixMillis,
    from: IpAddr,
    keyring: &Keyring,
    hints: &[Hint<'_>],
) -> Result<Vec<u8>, BeaconError> {
    if hints.len() > SLOTS {
        return Err(BeaconError::TooMany { found: hints.len() });
    }
    let at = Sent { day: day(now), nonce: random(e), from: octets(from) };
    let mut slots: [[u8; SLOT_BYTES]; SLOTS] = std::array::from_fn(|_| random(e));
    for (i, (slot, hint)) in slots.iter_mut().zip(hints).enumerate() {
        if hints[..i].iter().any(|earlier| earlier.key == hint.key) {
            return Err(BeaconError::Doubled(hint.key));
        }
        let key = keyring.get(&hint.key).ok_or(BeaconError::UnknownKey(hint.key))?;
        let signature = match (key.me.signer(), hint.signer) {
            (None, None) => Signature(random(e)),
            (Some(signer), Some(secret)) => {
                let claim = at.claim(&hint.key, signer, key.them, hint.reach);
                Verified::sign(claim, secret).map_err(|wrong| (hint.key, wrong))?.signed().signature
            }
            _ => return Err(BeaconError::Signer(hint.key)),
        };
        let mut plain = Writer::new();
        hint.reach.encode(&mut plain);
        signature.encode(&mut plain);
        let tag = at.tag(key, key.me, key.them);
        let sealed = aead_seal(&at.seal(key, key.me, key.them), &tag, &plain.finish(), e);
        let (front, back) = slot.split_at_mut(TAG_BYTES);
        front.copy_from_slice(&tag);
        back.copy_from_slice(&sealed);
    }
    shuffle(&mut slots, e);
    let mut packet = Vec::with_capacity(BEACON_BYTES);
    packet.extend_from_slice(&at.nonce);
    packet.extend_from_slice(slots.as_flattened());
    Ok(packet)
}

/// Who in the keyring speaks in this packet, and where they listen. Empty for anything that isn't a beacon for us.
/// Days on either side of ours are accepted: clocks differ, and midnight comes.
pub fn recognise(now: UnixMillis, from: IpAddr, packet: &[u8], keyring: &Keyring) -> Vec<(KeyId, Reach)> {
    let Some((nonce, slots)) = packet.split_first_chunk::<NONCE_BYTES>() else { return Vec::new() };
    let (slots, []) = slots.as_chunks::<SLOT_BYTES>() else { return Vec::new() };
    if slots.len() != SLOTS {
        return Vec::new();
    }
    let today = day(now);
    let days = [Some(today), today.checked_sub(1), today.checked_add(1)];
    let sent: Vec<Sent> =
        days.into_iter().flatten().map(|day| Sent { day, nonce: *nonce, from: octets(from) }).collect();
    keyring
        .iter()
        .filter_map(|(id, key)| Some((*id, sent.iter().find_map(|at| at.reach(id, key, slots))?)))
        .collect()
}

/// The circumstances of one packet, which all in it is bound to.
struct Sent {
    day: u64,
    nonce: [u8; NONCE_BYTES],
    from: [u8; 16],
}

impl Sent {
    /// The tag of a slot: by it the hearer finds the slot.
    fn tag(&self, key: &Key, speaker: Party, hearer: Party) -> [u8; TAG_BYTES] {
        let long = self.mac(context::BEACON_TAG, key, speaker, hearer);
        let mut tag = [0; TAG_BYTES];
        tag.copy_from_slice(&long[..TAG_BYTES]);
        tag
    }

    /// The key that the slot is sealed under, in this packet alone.
    fn seal(&self, key: &Key, speaker: Party, hearer: Party) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.mac(context::BEACON_SEAL, key, speaker, hearer))
    }

    fn mac(&self, context: &'static str, key: &Key, speaker: Party, hearer: Party) -> [u8; 32] {
        let (speaker, hearer) = (to_bytes(&speaker), to_bytes(&hearer));
        mac(&key.secret, context, &[&self.day.to_be_bytes(), &self.nonce, &self.from, &speaker, &hearer])
    }

    fn claim(&self, id: &KeyId, signer: DeviceId, hearer: Party, reach: Reach) -> Claim {
        let circle = match id {
            KeyId::Pair { circle, .. } => Some(*circle),
            KeyId::Answering(_) | KeyId::Joining(_) => None,
        };
        Claim { signer, hearer, circle, reach, from: self.from, day: self.day, nonce: self.nonce }
    }

    /// Where the other end of this key listens, if one of the slots says so.
    fn reach(&self, id: &KeyId, key: &Key, slots: &[[u8; SLOT_BYTES]]) -> Option<Reach> {
        let tag = self.tag(key, key.them, key.me);
        // All slots are compared, so that the time doesn't tell which one matched.
        let matching: Vec<_> = slots.iter().filter(|slot| equal(&slot[..TAG_BYTES], &tag)).collect();
        if matching.is_empty() {
            return None;
        }
        let seal = self.seal(key, key.them, key.me);
        matching.into_iter().find_map(|slot| {
            let plain = aead_open(&seal, &tag, &slot[TAG_BYTES..])?;
            let Inside { reach, signature } = from_bytes(&plain).ok()?;
            if let Some(signer) = key.them.signer() {
                let body = self.claim(id, signer, key.me, reach);
                Signed { body, signature }.verify().ok()?;
            }
            (reach.tcp != 0 || reach.quic != 0).then_some(reach)
        })
    }
}

/// What is sealed in a slot.
struct Inside {
    reach: Reach,
    signature: Signature,
}

impl Decode for Inside {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { reach: Reach::decode(r)?, signature: Signature::decode(r)? })
    }
}

const fn day(now: UnixMillis) -> u64 {
    now.0 / DAY_MILLIS
}

/// The address as both ends see it, an IPv4 address in its IPv6 form.
fn octets(ip: IpAddr) -> [u8; 16] {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().octets(),
        IpAddr::V6(ip) => ip.octets(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use snug_crypto::{SeededEntropy, pair_key};
    use std::net::Ipv4Addr;

    const CIRCLE: snug_types::CircleId = snug_types::CircleId([7; 32]);
    const FROM: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const REACH: Reach = Reach { transport: TransportKey([1; 32]), tcp: 1, quic: 2 };

    /// Whoever steals a pair key, but not the device's signing key, can write everything but the signature, and move
    /// signatures that they read.
    #[test]
    fn a_stolen_pair_key_makes_no_beacon() {
        let mut e = SeededEntropy::new(1);
        let [anna, ben, mallory] = [(); 3].map(|()| DeviceSecret::generate(&mut e));
        let stolen = pair_key(&ben, &anna.public(), CIRCLE).unwrap();
        let mut bens = Keyring::new();
        let annas = bens.insert_pair(CIRCLE, ben.id(), anna.id(), &stolen);
        let key = Key {
            secret: Zeroizing::new(*stolen.as_bytes()),
            me: Party::Device(anna.id()),
            them: Party::Device(ben.id()),
        };
        let sent = || Sent { day: 20_000, nonce: [1; NONCE_BYTES], from: octets(FROM) };
        let made = |at: Sent| at.claim(&annas, anna.id(), key.them, REACH);
        let claim = made(sent());
        let signed = |claim: Claim, by: &DeviceSecret| Verified::sign(claim, by).unwrap().signed().signature;
        let heard = |claim: Claim, by: &DeviceSecret| {
            let (at, mut plain) = (sent(), Writer::new());
            REACH.encode(&mut plain);
            signed(claim, by).encode(&mut plain);
            let tag = at.tag(&key, key.me, key.them);
            let seal = at.seal(&key, key.me, key.them);
            let sealed = aead_seal(&seal, &tag, &plain.finish(), &mut SeededEntropy::new(2));
            let mut packet = [&at.nonce[..], &tag, &sealed].concat();
            packet.resize(BEACON_BYTES, 0);
            recognise(UnixMillis(20_000 * DAY_MILLIS), FROM, &packet, &bens).len()
        };
        assert_eq!(heard(claim.clone(), &anna), 1);
        assert_eq!(heard(Claim { signer: mallory.id(), ..claim.clone() }, &mallory), 0);
        for elsewhere in [
            made(Sent { from: [9; 16], ..sent() }),
            made(Sent { day: 19_999, ..sent() }),
            made(Sent { nonce: [2; NONCE_BYTES], ..sent() }),
            Claim { hearer: Party::Device(mallory.id()), ..claim.clone() },
            Claim { circle: None, ..claim.clone() },
            Claim { reach: Reach { tcp: 9, ..REACH }, ..claim.clone() },
            Claim { reach: Reach { quic: 9, ..REACH }, ..claim.clone() },
            Claim { reach: Reach { transport: TransportKey([9; 32]), ..REACH }, ..claim },
        ] {
            assert_eq!(heard(elsewhere.clone(), &anna), 0, "{elsewhere:?}");
        }
    }
}
