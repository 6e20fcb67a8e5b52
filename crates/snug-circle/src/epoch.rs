//! Epochs: signed announcements of secrets, outside the membership log.
//!
//! ```text
//! mint:   membership heads + fresh secret ─► id = hash(heads, commitment)
//!                                            secret ─► HPKE ─► every device that is current at the heads
//! insert: heads held? author current there? recipients exactly the current devices? ─► held
//!         sealed to me and true to the commitment? ─► secret held
//! choose: of those whose secret is held and that cover every removal known, the one that covers most: the lowest id
//! grant:  a held secret ─► HPKE ─► one device that is current now (a newcomer, or one left without)
//! ```
//! An admission needs no new epoch: the newcomer is granted what is there. A removal needs one, and whoever writes next
//! without one mints it. Several for one frontier are legal; all are accepted, one is sent under.
//!
//! **Nobody who left reads what follows.** An epoch that covers a removal has, among its recipients, none who were removed
//! by it: recipients are current at the heads, and a leave before the heads is among what they say. Nobody seals under an
//! epoch that misses a removal they know. Grants are made for current devices only. What a member who stays gives away on
//! their own account can't be prevented.

mod held;

pub use held::{EpochError, EpochInserted, Epochs, GrantError, MintError};

use crate::op::version;
use snug_crypto::{
    DevicePublic, DeviceSecret, Entropy, EpochSecret, HpkeError, Signable, Zeroizing, context, hash,
    hpke_open, hpke_seal, hybrid,
};
use snug_types::{CircleId, Decode, DecodeError, DeviceId, Encode, EpochId, OpHash, Reader, Writer, bound};

const VERSION: u8 = 1;
/// Bytes of a secret sealed to one device.
pub const SEALED_SECRET_BYTES: usize = 32 + hybrid::OVERHEAD;
/// Predecessors that an announcement may wrap.
const PREDECESSORS: usize = 64;
/// Bytes of one wrapped predecessor.
const WRAPPED_BYTES: usize = 256;

/// A secret sealed to one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SealedSecret {
    /// To whom.
    pub device: DeviceId,
    /// HPKE's encapsulated key, ciphertext and tag.
    pub sealed: [u8; SEALED_SECRET_BYTES],
}

impl Encode for SealedSecret {
    fn encode(&self, w: &mut Writer) {
        self.device.encode(w);
        w.raw(&self.sealed);
    }
}

impl Decode for SealedSecret {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { device: DeviceId::decode(r)?, sealed: r.array()? })
    }
}

/// An earlier epoch's secret, sealed under this one. Has its place in the encoding; nothing writes or opens it yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WrappedSecret {
    /// Which epoch.
    pub epoch: EpochId,
    /// Its secret, sealed.
    pub sealed: Vec<u8>,
}

impl Encode for WrappedSecret {
    fn encode(&self, w: &mut Writer) {
        self.epoch.encode(w);
        w.bytes(&self.sealed);
    }
}

impl Decode for WrappedSecret {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let epoch = EpochId::decode(r)?;
        Ok(Self { epoch, sealed: r.bytes("bytes of a wrapped secret", WRAPPED_BYTES)?.to_vec() })
    }
}

/// The announcement of an epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochAnnouncement {
    /// In which circle.
    pub circle: CircleId,
    /// Who minted it.
    pub author: DeviceId,
    /// The membership heads that it is for. A set, none of them before another.
    pub heads: Vec<OpHash>,
    /// [`EpochSecret::commitment`] of its secret.
    pub commitment: [u8; 32],
    /// The secret, sealed to every device that is current at the heads, in ascending order of their ids.
    pub recipients: Vec<SealedSecret>,
    /// Earlier epochs' secrets, for whoever may read them all.
    pub predecessors: Vec<WrappedSecret>,
}

impl EpochAnnouncement {
    /// The epoch that it announces.
    pub fn id(&self) -> EpochId {
        epoch_id(&self.heads, &self.commitment)
    }

    /// The secret, if it is sealed to this device and true to the commitment.
    pub(crate) fn unseal(&self, me: &DeviceSecret) -> Option<EpochSecret> {
        let mine = self.recipients.binary_search_by_key(&me.id(), |recipient| recipient.device).ok()?;
        unseal(me, self.circle, self.id(), &self.commitment, &self.recipients[mine].sealed)
    }
}

/// An epoch's id: the hash of its membership heads and its commitment. The heads name the circle.
pub fn epoch_id(heads: &[OpHash], commitment: &[u8; 32]) -> EpochId {
    let mut w = Writer::new();
    w.list(heads);
    w.raw(commitment);
    EpochId(hash(context::EPOCH_ID, &w.finish()))
}

impl Encode for EpochAnnouncement {
    fn encode(&self, w: &mut Writer) {
        w.u8(VERSION);
        self.circle.encode(w);
        self.author.encode(w);
        w.list(&self.heads);
        w.raw(&self.commitment);
        w.list(&self.recipients);
        w.list(&self.predecessors);
    }
}

impl Decode for EpochAnnouncement {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        version(r, "epoch version", VERSION)?;
        let announcement = Self {
            circle: CircleId::decode(r)?,
            author: DeviceId::decode(r)?,
            heads: r.set("heads", bound::HEADS)?,
            commitment: r.array()?,
            recipients: r.set("recipients", bound::DEVICES)?,
            predecessors: r.set("predecessors", PREDECESSORS)?,
        };
        if announcement.recipients.windows(2).any(|two| two[0].device == two[1].device) {
            return Err(DecodeError::NotCanonical("a recipient named twice"));
        }
        Ok(announcement)
    }
}

impl Signable for EpochAnnouncement {
    const DOMAIN: &'static str = context::EPOCH_SIGNATURE;

    fn signer(&self) -> DeviceId {
        self.author
    }
}

/// An epoch's secret, given to one device by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochGrant {
    /// In which circle.
    pub circle: CircleId,
    /// Which epoch.
    pub epoch: EpochId,
    /// Who gives it.
    pub granter: DeviceId,
    /// To whom.
    pub to: SealedSecret,
}

impl Encode for EpochGrant {
    fn encode(&self, w: &mut Writer) {
        w.u8(VERSION);
        self.circle.encode(w);
        self.epoch.encode(w);
        self.granter.encode(w);
        self.to.encode(w);
    }
}

impl Decode for EpochGrant {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        version(r, "grant version", VERSION)?;
        Ok(Self {
            circle: CircleId::decode(r)?,
            epoch: EpochId::decode(r)?,
            granter: DeviceId::decode(r)?,
            to: SealedSecret::decode(r)?,
        })
    }
}

impl Signable for EpochGrant {
    const DOMAIN: &'static str = context::GRANT_SIGNATURE;

    fn signer(&self) -> DeviceId {
        self.granter
    }
}

fn place(circle: CircleId, epoch: EpochId, device: DeviceId) -> Vec<u8> {
    let mut w = Writer::new();
    circle.encode(&mut w);
    epoch.encode(&mut w);
    device.encode(&mut w);
    w.finish()
}

/// Seals an epoch's secret to one device.
fn seal_to(
    device: &DevicePublic,
    circle: CircleId,
    epoch: EpochId,
    secret: &EpochSecret,
    entropy: &mut dyn Entropy,
) -> Result<SealedSecret, HpkeError> {
    let aad = place(circle, epoch, device.id());
    let sealed = hpke_seal(device, context::EPOCH_SEAL.as_bytes(), &aad, secret.as_bytes(), entropy)?;
    // HPKE adds a constant number of bytes; anything else didn't come from it.
    let sealed = sealed.try_into().map_err(|_| HpkeError::UnsoundKey)?;
    Ok(SealedSecret { device: device.id(), sealed })
}

/// The secret, if it opens and is the one that was committed to.
fn unseal(
    me: &DeviceSecret,
    circle: CircleId,
    epoch: EpochId,
    commitment: &[u8; 32],
    sealed: &[u8],
) -> Option<EpochSecret> {
    let aad = place(circle, epoch, me.id());
    let opened = hpke_open(me, context::EPOCH_SEAL.as_bytes(), &aad, sealed).ok()?;
    let bytes = Zeroizing::new(<[u8; 32]>::try_from(opened.as_slice()).ok()?);
    let secret = EpochSecret::from_bytes(*bytes);
    (secret.commitment() == *commitment).then_some(secret)
}
