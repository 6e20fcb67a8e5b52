//! People and their devices, for every test of this crate.

use snug_circle::{
    Acceptance, Admission, ContentKind, EntryHeader, Inserted, MembershipLog, Op, OpBody, OpError, Tip,
    actor_id, entry, payload_hash,
};
use snug_crypto::{DeviceSecret, SeededEntropy, Verified, random};
use snug_types::{
    ChangeHash, CircleId, DocumentId, DocumentRef, EntryHash, InvitationId, OpHash, Seq, UnixMillis,
};

/// The same devices in every test, by number.
pub(crate) fn device(number: u64) -> DeviceSecret {
    DeviceSecret::generate(&mut SeededEntropy::new(1000 + number))
}

/// The same signing keys, with another sealing key.
pub(crate) fn two_faced(number: u64) -> DeviceSecret {
    let mut bytes = device(number).to_bytes();
    bytes[40] ^= 0x55;
    DeviceSecret::from_bytes(&bytes)
}

/// What `newcomer` signs to be admitted by `inviter`.
pub(crate) fn accepted(circle: CircleId, inviter: &DeviceSecret, newcomer: &DeviceSecret) -> Admission {
    let challenge = random(&mut SeededEntropy::new(7));
    let (inviter, device) = (inviter.id(), newcomer.public());
    let acceptance = Acceptance { circle, invitation: InvitationId([7; 16]), inviter, device, challenge };
    Admission::of(&Verified::sign(acceptance, newcomer).unwrap())
}

pub(crate) fn found(founder: &DeviceSecret) -> (MembershipLog, Verified<Op>) {
    MembershipLog::found(founder, &mut SeededEntropy::new(1))
}

/// Admits and inserts.
pub(crate) fn admit(log: &mut MembershipLog, inviter: &DeviceSecret, newcomer: &DeviceSecret) -> OpHash {
    let op = log.admit(inviter, accepted(log.circle(), inviter, newcomer)).unwrap();
    insert(log, &op)
}

/// Leaves, with one tip of the leaving device, and inserts.
pub(crate) fn leave(log: &mut MembershipLog, device: &DeviceSecret, tips: Vec<Tip>) -> OpHash {
    let op = log.leave(device, tips).unwrap();
    insert(log, &op)
}

pub(crate) fn insert(log: &mut MembershipLog, op: &Verified<Op>) -> OpHash {
    assert_eq!(log.insert(op.clone()), Ok(Inserted::Applied(vec![op.hash()])));
    op.hash()
}

/// An operation as a hostile or a copied device may make it: whatever parents, whatever body.
pub(crate) fn crafted(
    author: &DeviceSecret,
    circle: CircleId,
    parents: &[OpHash],
    body: OpBody,
) -> Verified<Op> {
    let mut parents = parents.to_vec();
    parents.sort_unstable();
    Verified::sign(Op { circle, author: author.id(), parents, body }, author).unwrap()
}

/// What the log says to an operation, as an error.
pub(crate) fn refusal(log: &mut MembershipLog, op: Verified<Op>) -> OpError {
    log.insert(op).expect_err("the operation was taken in")
}

/// Brings `to` everything that `from` holds.
pub(crate) fn catch_up(from: &MembershipLog, to: &mut MembershipLog) {
    for hash in from.missing_from(&to.heads()) {
        to.insert(from.get(&hash).unwrap().clone()).unwrap();
    }
}

/// A log that holds the same operations as far as these heads.
pub(crate) fn up_to(log: &MembershipLog, heads: &[OpHash]) -> MembershipLog {
    let mut other = MembershipLog::new(log.circle());
    for (hash, op) in log.iter().filter(|(hash, _)| log.covers(heads, hash)) {
        assert_eq!(other.insert(op.clone()), Ok(Inserted::Applied(vec![*hash])));
    }
    other
}

/// A tip that nothing stands behind.
pub(crate) fn tip(device: &DeviceSecret, seq: u64, hash: EntryHash) -> Tip {
    Tip { device: device.id(), seq: Seq(seq), hash }
}

pub(crate) const PAYLOAD: &[u8] = b"two changes, say";

/// A note's header, well made.
pub(crate) fn header(log: &MembershipLog, device: &DeviceSecret, seq: u64) -> EntryHeader {
    let previous = if seq == 1 { entry::NO_PREVIOUS } else { EntryHash([9; 32]) };
    EntryHeader {
        circle: log.circle(),
        device: device.id(),
        seq: Seq(seq),
        previous,
        document: DocumentRef::first(DocumentId([5; 16])),
        kind: ContentKind::Note,
        incarnation: 3,
        replica: 1,
        actor: actor_id(device.id(), 3, 1),
        newest: ChangeHash([6; 32]),
        heads: log.heads(),
        payload: payload_hash(PAYLOAD),
        at: UnixMillis(1_795_000_000_000),
    }
}
