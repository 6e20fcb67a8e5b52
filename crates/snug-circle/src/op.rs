//! Membership operations: canonical, versioned, domain-separated, hash-linked. They carry keys and hashes only.
//!
//! ```text
//! version 1 | circle | author | parents (set) | kind (u16) | length | body
//! ```
//! An operation's hash is over these bytes and not over the signature, so that a second signature on the same bytes is
//! the same operation. The circle's id is the hash of its founding operation, in which the circle is all zero.
//! The body carries its length, so that an operation of a kind that this version doesn't know can be kept, hashed,
//! verified and passed on untouched.

use snug_crypto::{
    BadSignature, DevicePublic, DeviceSecret, Signable, Signature, Signed, Verified, context, hash,
};
use snug_types::{
    CircleId, Decode, DecodeError, DeviceId, Encode, EntryHash, InvitationId, MemberId, OpHash, Reader, Seq,
    Writer, bound, from_bytes, to_bytes,
};

const VERSION: u8 = 1;

/// The number of every kind of operation. Those that aren't built yet are reserved, and unknown to this version.
pub mod kind {
    /// Founds the circle.
    pub const FOUND: u16 = 1;
    /// Admits a person's first device.
    pub const ADMIT: u16 = 2;
    /// A member leaves.
    pub const LEAVE: u16 = 3;
    /// Reserved: publishes an invitation that several may answer.
    pub const INVITE: u16 = 4;
    /// Reserved: withdraws one.
    pub const WITHDRAW: u16 = 5;
    /// Reserved: adds a laptop to a member.
    pub const LINK: u16 = 6;
    /// Reserved: takes a laptop from a member.
    pub const UNLINK: u16 = 7;
    /// Reserved: proposes to exclude a member.
    pub const PROPOSE_EXCLUSION: u16 = 8;
    /// Reserved: seconds a proposal.
    pub const SECOND: u16 = 9;
    /// Reserved: excludes a member, citing the votes.
    pub const REMOVE: u16 = 10;
    /// Reserved: sets the charter.
    pub const SET_CHARTER: u16 = 11;
    /// Reserved: assents to it.
    pub const ASSENT: u16 = 12;
    /// Reserved: adds a keeper.
    pub const ADD_KEEPER: u16 = 13;
    /// Reserved: removes one.
    pub const REMOVE_KEEPER: u16 = 14;
    /// Reserved: puts the circle to rest.
    pub const REST: u16 = 15;
    /// Reserved: ends it.
    pub const END: u16 = 16;
    /// Reserved: two entries of one device with one number.
    pub const FORK_PROOF: u16 = 17;
    /// Joins heads, and says nothing else.
    pub const MERGE: u16 = 18;
}

/// A place in a device's log of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tip {
    /// Whose log.
    pub device: DeviceId,
    /// How far.
    pub seq: Seq,
    /// The entry there.
    pub hash: EntryHash,
}

impl Encode for Tip {
    fn encode(&self, w: &mut Writer) {
        self.device.encode(w);
        self.seq.encode(w);
        self.hash.encode(w);
    }
}

impl Decode for Tip {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { device: DeviceId::decode(r)?, seq: Seq::decode(r)?, hash: EntryHash::decode(r)? })
    }
}

/// What an operation does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpBody {
    /// Founds the circle: the founder's device, and a nonce that makes the circle's id unlike any other.
    Found {
        /// The founder's device, who is also the author.
        device: DevicePublic,
        /// Random.
        nonce: [u8; 32],
    },
    /// Admits a person's first device.
    Admit(Admission),
    /// The author's member leaves, with all their devices.
    Leave {
        /// Who leaves: the author's own member.
        member: MemberId,
        /// How far the logs of the member's devices count, at most one tip a device. A device that isn't named wrote
        /// nothing.
        tips: Vec<Tip>,
    },
    /// Says nothing but its parents: many heads become one, so that what is written next can name them all.
    Merge,
    /// A kind that this version doesn't know. It is kept and passed on; nobody writes until they update.
    Unknown {
        /// Its number.
        kind: u16,
        /// Its body.
        bytes: Vec<u8>,
    },
}

/// An admission: whose device, and the proof that it wants in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admission {
    /// The new device.
    pub device: DevicePublic,
    /// The new member: [`member_of_first`] of the device.
    pub member: MemberId,
    /// The invitation that brought them.
    pub invitation: InvitationId,
    /// The inviter's fresh challenge.
    pub challenge: [u8; 32],
    /// The new device's signature on the [`Acceptance`].
    pub acceptance: Signature,
}

impl Admission {
    /// The admission that an acceptance asks for.
    pub fn of(acceptance: &Verified<Acceptance>) -> Self {
        Self {
            device: acceptance.device,
            member: member_of_first(&acceptance.device),
            invitation: acceptance.invitation,
            challenge: acceptance.challenge,
            acceptance: acceptance.signed().signature,
        }
    }

    /// Checks that the new device accepted this very invitation of this very inviter.
    pub fn verify(&self, circle: CircleId, inviter: DeviceId) -> Result<Verified<Acceptance>, BadSignature> {
        let Self { device, invitation, challenge, acceptance, .. } = *self;
        let body = Acceptance { circle, invitation, inviter, device, challenge };
        Signed { body, signature: acceptance }.verify()
    }
}

impl Encode for Admission {
    fn encode(&self, w: &mut Writer) {
        self.device.encode(w);
        self.member.encode(w);
        self.invitation.encode(w);
        w.raw(&self.challenge);
        self.acceptance.encode(w);
    }
}

impl Decode for Admission {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            device: DevicePublic::decode(r)?,
            member: MemberId::decode(r)?,
            invitation: InvitationId::decode(r)?,
            challenge: r.array()?,
            acceptance: Signature::decode(r)?,
        })
    }
}

/// What a new device signs to be admitted: that it wants into this circle, by this invitation, at this inviter's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acceptance {
    /// Which circle.
    pub circle: CircleId,
    /// By which invitation.
    pub invitation: InvitationId,
    /// The device that answered and admits.
    pub inviter: DeviceId,
    /// The new device.
    pub device: DevicePublic,
    /// The inviter's fresh challenge.
    pub challenge: [u8; 32],
}

impl Encode for Acceptance {
    fn encode(&self, w: &mut Writer) {
        w.u8(VERSION);
        self.circle.encode(w);
        self.invitation.encode(w);
        self.inviter.encode(w);
        self.device.encode(w);
        w.raw(&self.challenge);
    }
}

impl Decode for Acceptance {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        version(r, "acceptance version", VERSION)?;
        Ok(Self {
            circle: CircleId::decode(r)?,
            invitation: InvitationId::decode(r)?,
            inviter: DeviceId::decode(r)?,
            device: DevicePublic::decode(r)?,
            challenge: r.array()?,
        })
    }
}

impl Signable for Acceptance {
    const DOMAIN: &'static str = context::ACCEPTANCE_SIGNATURE;

    fn signer(&self) -> DeviceId {
        self.device.id()
    }
}

/// A membership operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Op {
    /// Which circle; all zero in the operation that founds it.
    pub circle: CircleId,
    /// Who says so.
    pub author: DeviceId,
    /// The operations that the author held and that no other one held by them follows. A set.
    pub parents: Vec<OpHash>,
    /// What it does.
    pub body: OpBody,
}

impl Op {
    /// The hash that links it.
    pub fn hash(&self) -> OpHash {
        OpHash(hash(context::OP_HASH, &to_bytes(self)))
    }
}

/// The hash that links an operation: over what is signed, not over the signature.
pub fn op_hash(op: &Signed<Op>) -> OpHash {
    op.body.hash()
}

/// The member that begins with this device.
pub fn member_of_first(device: &DevicePublic) -> MemberId {
    MemberId(hash(context::MEMBER_ID, &to_bytes(device)))
}

impl Encode for Op {
    fn encode(&self, w: &mut Writer) {
        w.u8(VERSION);
        self.circle.encode(w);
        self.author.encode(w);
        w.list(&self.parents);
        let mut body = Writer::new();
        let number = match &self.body {
            OpBody::Found { device, nonce } => {
                device.encode(&mut body);
                body.raw(nonce);
                kind::FOUND
            }
            OpBody::Admit(admission) => {
                admission.encode(&mut body);
                kind::ADMIT
            }
            OpBody::Leave { member, tips } => {
                member.encode(&mut body);
                body.list(tips);
                kind::LEAVE
            }
            OpBody::Merge => kind::MERGE,
            OpBody::Unknown { kind, bytes } => {
                body.raw(bytes);
                *kind
            }
        };
        w.u16(number);
        w.bytes(&body.finish());
    }
}

impl Decode for Op {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        version(r, "operation version", VERSION)?;
        let circle = CircleId::decode(r)?;
        let author = DeviceId::decode(r)?;
        let parents = r.set("parents", bound::HEADS)?;
        let number = r.u16()?;
        let bytes = r.bytes("bytes of an operation", bound::OP_BYTES)?;
        let body = match number {
            kind::FOUND => from_bytes::<Founding>(bytes)
                .map(|Founding(device, nonce)| OpBody::Found { device, nonce })?,
            kind::ADMIT => OpBody::Admit(from_bytes(bytes)?),
            kind::LEAVE => {
                from_bytes::<Leaving>(bytes).map(|Leaving(member, tips)| OpBody::Leave { member, tips })?
            }
            kind::MERGE if bytes.is_empty() => OpBody::Merge,
            kind::MERGE => return Err(DecodeError::NotCanonical("a merge with a body")),
            kind => OpBody::Unknown { kind, bytes: bytes.to_vec() },
        };
        Ok(Self { circle, author, parents, body })
    }
}

struct Founding(DevicePublic, [u8; 32]);

impl Decode for Founding {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self(DevicePublic::decode(r)?, r.array()?))
    }
}

struct Leaving(MemberId, Vec<Tip>);

impl Decode for Leaving {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self(MemberId::decode(r)?, r.set("tips", bound::DEVICES)?))
    }
}

impl Signable for Op {
    const DOMAIN: &'static str = context::OP_SIGNATURE;

    fn signer(&self) -> DeviceId {
        self.author
    }
}

/// Reads a version byte, which must be this one.
pub(crate) fn version(r: &mut Reader<'_>, what: &'static str, known: u8) -> Result<(), DecodeError> {
    let found = r.u8()?;
    if found == known { Ok(()) } else { Err(DecodeError::UnknownTag { what, tag: found.into() }) }
}

/// Signs a statement that was just made in this device's name.
pub(crate) fn signed_by<T: Signable>(secret: &DeviceSecret, body: T) -> Verified<T> {
    #[expect(clippy::expect_used, reason = "every caller wrote the secret's own id into the statement")]
    Verified::sign(body, secret).expect("the statement names the secret's own device")
}
