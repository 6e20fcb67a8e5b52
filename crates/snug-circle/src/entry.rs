//! Entries: one signed log per device of a circle.
//!
//! ```text
//! Envelope: version | epoch | device | seq | document | sealed       what is sent and stored; replaceable transport
//!                                                         └─► Signed<EntryHeader> | payload
//! ```
//! The device signs the inner header: commitments to plain text, linked by hashes. Sealing wraps header and payload;
//! its associated data are the circle and all that stands in the clear. Sealing again under another epoch touches nothing
//! that is signed.

use crate::op::version;
use snug_crypto::{
    BadSignature, Entropy, EpochSecret, OpenError, Signable, Signed, Verified, context, hash, open, seal,
};
use snug_types::{
    ActorId, ChangeHash, CircleId, Decode, DecodeError, DeviceId, DocumentId, DocumentRef, Encode, EntryHash,
    EpochId, MemberId, OpHash, Reader, Seq, UnixMillis, Writer, bound, from_bytes, to_bytes,
};
use std::fmt;

const VERSION: u8 = 1;

/// What the first entry of a log names as its previous one.
pub const NO_PREVIOUS: EntryHash = EntryHash([0; 32]);

/// What kind of document an entry belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContentKind {
    /// The circle's own page: its name and what it is about.
    CirclePage,
    /// A member's page: their name and answers. Theirs alone.
    MemberPage,
    /// A note.
    Note,
    /// A plan to meet.
    Plan,
    /// A kind of a later version: kept and passed on.
    Unknown(u16),
}

impl From<u16> for ContentKind {
    fn from(number: u16) -> Self {
        match number {
            1 => Self::CirclePage,
            2 => Self::MemberPage,
            3 => Self::Note,
            4 => Self::Plan,
            other => Self::Unknown(other),
        }
    }
}

impl From<ContentKind> for u16 {
    fn from(kind: ContentKind) -> Self {
        match kind {
            ContentKind::CirclePage => 1,
            ContentKind::MemberPage => 2,
            ContentKind::Note => 3,
            ContentKind::Plan => 4,
            ContentKind::Unknown(other) => other,
        }
    }
}

/// What a device signs of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryHeader {
    /// In which circle.
    pub circle: CircleId,
    /// Whose log.
    pub device: DeviceId,
    /// Its place there, from 1.
    pub seq: Seq,
    /// The entry before it, or [`NO_PREVIOUS`].
    pub previous: EntryHash,
    /// The document that it changes.
    pub document: DocumentRef,
    /// What kind of document that is.
    pub kind: ContentKind,
    /// Counts the device's fresh starts of its actors.
    pub incarnation: u32,
    /// Which of the laptop's replicas made the change: the core's and the window's never share an actor.
    pub replica: u8,
    /// The Automerge actor: [`actor_id`] of the three above.
    pub actor: ActorId,
    /// The newest Automerge change in the payload.
    pub newest: ChangeHash,
    /// The membership heads that the device knew. A set, not empty.
    pub heads: Vec<OpHash>,
    /// [`payload_hash`] of the plain payload.
    pub payload: [u8; 32],
    /// When, by the device's own clock. For people to read; decides nothing.
    pub at: UnixMillis,
}

impl Encode for EntryHeader {
    fn encode(&self, w: &mut Writer) {
        w.u8(VERSION);
        self.circle.encode(w);
        self.device.encode(w);
        self.seq.encode(w);
        self.previous.encode(w);
        self.document.encode(w);
        w.u16(self.kind.into());
        w.u32(self.incarnation);
        w.u8(self.replica);
        self.actor.encode(w);
        self.newest.encode(w);
        w.list(&self.heads);
        w.raw(&self.payload);
        self.at.encode(w);
    }
}

impl Decode for EntryHeader {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        version(r, "entry version", VERSION)?;
        Ok(Self {
            circle: CircleId::decode(r)?,
            device: DeviceId::decode(r)?,
            seq: Seq::decode(r)?,
            previous: EntryHash::decode(r)?,
            document: DocumentRef::decode(r)?,
            kind: r.u16()?.into(),
            incarnation: r.u32()?,
            replica: r.u8()?,
            actor: ActorId::decode(r)?,
            newest: ChangeHash::decode(r)?,
            heads: r.set("heads", bound::HEADS)?,
            payload: r.array()?,
            at: UnixMillis::decode(r)?,
        })
    }
}

impl Signable for EntryHeader {
    const DOMAIN: &'static str = context::ENTRY_SIGNATURE;

    fn signer(&self) -> DeviceId {
        self.device
    }
}

/// The hash that links entries.
pub fn entry_hash(header: &EntryHeader) -> EntryHash {
    EntryHash(hash(context::ENTRY_HASH, &to_bytes(header)))
}

/// What a header says of its payload.
pub fn payload_hash(payload: &[u8]) -> [u8; 32] {
    hash(context::PAYLOAD_HASH, payload)
}

/// The Automerge actor of one replica of one incarnation of a device.
pub fn actor_id(device: DeviceId, incarnation: u32, replica: u8) -> ActorId {
    let mut w = Writer::new();
    device.encode(&mut w);
    w.u32(incarnation);
    w.u8(replica);
    ActorId(half(hash(context::ACTOR_ID, &w.finish())))
}

/// The document that holds a circle's name.
pub fn circle_page(circle: CircleId) -> DocumentId {
    DocumentId(half(hash(context::CIRCLE_PAGE, circle.as_bytes())))
}

/// The document that holds a member's name and answers.
pub fn member_page(circle: CircleId, member: MemberId) -> DocumentId {
    let both = [circle.as_bytes().as_slice(), member.as_bytes()].concat();
    DocumentId(half(hash(context::MEMBER_PAGE, &both)))
}

fn half(whole: [u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&whole[..16]);
    half
}

/// An opened entry: signed by the device that it names, and true to its payload. Whether it counts is
/// [`entry_verdict`](crate::entry_verdict)'s to say.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// What the device signed.
    pub header: Verified<EntryHeader>,
    /// The Automerge changes, as a canonical list.
    pub payload: Vec<u8>,
}

impl fmt::Debug for Entry {
    /// Without the payload: nobody's words belong in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let payload = format_args!("{} bytes", self.payload.len());
        f.debug_struct("Entry").field("header", &*self.header).field("payload", &payload).finish()
    }
}

/// Why an entry can't be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Over its bound.
    #[error("{bytes} bytes, at most {bound} are allowed")]
    TooLarge {
        /// How many bytes.
        bytes: usize,
        /// How many are allowed.
        bound: usize,
    },
    /// Doesn't open under the epoch's secret.
    #[error(transparent)]
    Sealed(#[from] OpenError),
    /// What was sealed isn't a header and a payload.
    #[error(transparent)]
    Encoding(#[from] DecodeError),
    /// Signed by somebody else, or by nobody.
    #[error(transparent)]
    Signature(#[from] BadSignature),
    /// The envelope and the signed header disagree.
    #[error("the envelope isn't about the entry in it")]
    Envelope,
    /// The payload isn't the one that was signed.
    #[error("the payload isn't the one that was signed")]
    Payload,
    /// The actor isn't the device's.
    #[error("the actor isn't the device's")]
    Actor,
    /// Only the first entry has no previous one.
    #[error("only the first entry of a log has no previous one")]
    Chain,
}

/// An entry as it is sent and stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Sealed under this epoch.
    pub epoch: EpochId,
    /// Whose log.
    pub device: DeviceId,
    /// Its place there.
    pub seq: Seq,
    /// The document that it changes.
    pub document: DocumentRef,
    /// Header and payload, sealed.
    pub sealed: Vec<u8>,
}

impl Envelope {
    /// Seals an entry under an epoch.
    pub fn seal(
        header: &Verified<EntryHeader>,
        payload: &[u8],
        epoch: EpochId,
        secret: &EpochSecret,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, EntryError> {
        check(header, payload)?;
        let mut inner = Writer::new();
        header.signed().encode(&mut inner);
        inner.bytes(payload);
        let EntryHeader { circle, device, seq, document, .. } = **header;
        let mut envelope = Self { epoch, device, seq, document, sealed: Vec::new() };
        envelope.sealed = seal(secret, &envelope.aad(circle), &inner.finish(), entropy);
        Ok(envelope)
    }

    /// Opens an entry of this circle: bounds, sealing, signature, payload and actor are checked, in this order.
    pub fn open(&self, circle: CircleId, secret: &EpochSecret) -> Result<Entry, EntryError> {
        bounded(self.sealed.len(), bound::SEALED_ENTRY_BYTES)?;
        let inner: Inner = from_bytes(&open(secret, &self.aad(circle), &self.sealed)?)?;
        let header = &inner.header.body;
        let outside = (circle, self.device, self.seq, self.document);
        if (header.circle, header.device, header.seq, header.document) != outside {
            return Err(EntryError::Envelope);
        }
        let header = inner.header.verify()?;
        check(&header, &inner.payload)?;
        Ok(Entry { header, payload: inner.payload })
    }

    fn aad(&self, circle: CircleId) -> Vec<u8> {
        let mut w = Writer::new();
        circle.encode(&mut w);
        self.encode_clear(&mut w);
        w.finish()
    }

    fn encode_clear(&self, w: &mut Writer) {
        w.u8(VERSION);
        self.epoch.encode(w);
        self.device.encode(w);
        self.seq.encode(w);
        self.document.encode(w);
    }
}

/// What the signed header claims, checked against itself and its payload.
fn check(header: &EntryHeader, payload: &[u8]) -> Result<(), EntryError> {
    bounded(payload.len(), bound::PAYLOAD_BYTES)?;
    if header.payload != payload_hash(payload) {
        return Err(EntryError::Payload);
    }
    if header.actor != actor_id(header.device, header.incarnation, header.replica) {
        return Err(EntryError::Actor);
    }
    let first = header.seq == Seq(1);
    if header.seq == Seq::ZERO || first != (header.previous == NO_PREVIOUS) {
        return Err(EntryError::Chain);
    }
    Ok(())
}

const fn bounded(bytes: usize, bound: usize) -> Result<(), EntryError> {
    if bytes > bound { Err(EntryError::TooLarge { bytes, bound }) } else { Ok(()) }
}

impl Encode for Envelope {
    fn encode(&self, w: &mut Writer) {
        self.encode_clear(w);
        w.bytes(&self.sealed);
    }
}

impl Decode for Envelope {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        version(r, "envelope version", VERSION)?;
        Ok(Self {
            epoch: EpochId::decode(r)?,
            device: DeviceId::decode(r)?,
            seq: Seq::decode(r)?,
            document: DocumentRef::decode(r)?,
            sealed: r.bytes("bytes of a sealed entry", bound::SEALED_ENTRY_BYTES)?.to_vec(),
        })
    }
}

/// What an envelope seals.
struct Inner {
    header: Signed<EntryHeader>,
    payload: Vec<u8>,
}

impl Decode for Inner {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            header: Signed::decode(r)?,
            payload: r.bytes("bytes of a payload", bound::PAYLOAD_BYTES)?.to_vec(),
        })
    }
}
