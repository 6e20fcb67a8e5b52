//! A member whose laptop makes more membership operations at once than anything may name.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that can't go on has failed")]

use snug_circle::{
    Acceptance, Admission, ContentKind, Envelope, EpochAnnouncement, Op, OpBody, Tip, member_of_first,
};
use snug_crypto::{DeviceSecret, SeededEntropy, Signed, Verified};
use snug_sync::{CircleSync, Local, LocalError, Output, Row, SessionId};
use snug_types::{
    ChangeHash, CircleId, DocumentId, DocumentRef, EntryHash, InvitationId, OpHash, Seq, UnixMillis, Writer,
    bound, from_bytes,
};

const NOW: UnixMillis = UnixMillis(1_795_000_000_000);
const HERE: SessionId = SessionId(1);
const ELSEWHERE: SessionId = SessionId(2);

/// A laptop whose disk keeps everything at once.
struct Laptop {
    sync: CircleSync,
    entropy: SeededEntropy,
    rows: Vec<Row>,
    sent: Vec<Vec<u8>>,
}

impl Laptop {
    fn founder() -> Self {
        let mut entropy = SeededEntropy::new(1);
        let secret = DeviceSecret::generate(&mut entropy);
        let (sync, _) = CircleSync::found(secret, &mut entropy, NOW);
        let mut laptop = Self { sync, entropy, rows: Vec::new(), sent: Vec::new() };
        laptop.run();
        laptop
    }

    fn run(&mut self) {
        while let Some(output) = self.sync.poll() {
            match output {
                Output::Persist { ticket, rows } => {
                    self.rows.extend(rows);
                    self.sync.persisted(NOW, &mut self.entropy, ticket);
                }
                Output::Send { frame, .. } => self.sent.push(frame),
                Output::Close { reason, .. } => panic!("closed: {reason:?}"),
                _ => {}
            }
        }
    }

    fn take(&mut self, op: &Verified<Op>) {
        self.sync.peer_frame(NOW, &mut self.entropy, HERE, &ops(op));
        self.run();
    }

    fn edit() -> Local {
        let (document, payload) = (DocumentRef::first(DocumentId([9; 16])), vec![7; 40]);
        let (kind, newest) = (ContentKind::Note, ChangeHash([1; 32]));
        Local { document, kind, incarnation: 0, replica: 0, newest, payload }
    }

    /// Writes, and gives back the last envelope that went to the disk.
    fn write(&mut self) -> Envelope {
        let edit = Self::edit();
        self.sync.local(NOW, &mut self.entropy, edit).unwrap();
        self.run();
        let envelope = |row: &Row| match row {
            Row::Entry { envelope, .. } => Some(from_bytes(envelope).unwrap()),
            _ => None,
        };
        self.rows.iter().rev().find_map(envelope).unwrap()
    }

    /// What it says when a connection comes up: one hash.
    fn summary(&mut self, peer: &DeviceSecret) -> Vec<u8> {
        let session = SessionId(7);
        self.sent.clear();
        self.sync.peer_up(NOW, session, peer.id());
        self.run();
        self.sync.peer_gone(session);
        self.sent.iter().find(|frame| frame[1] == 1).unwrap().clone()
    }
}

fn person(number: u64) -> DeviceSecret {
    DeviceSecret::generate(&mut SeededEntropy::new(1000 + number))
}

fn ops(op: &Verified<Op>) -> Vec<u8> {
    let mut w = Writer::new();
    w.u8(1);
    w.u8(6);
    w.list(&[op.signed().clone()]);
    w.bool(false);
    w.finish()
}

fn op(author: &DeviceSecret, circle: CircleId, parents: &[OpHash], body: OpBody) -> Verified<Op> {
    Verified::sign(Op { circle, author: author.id(), parents: parents.to_vec(), body }, author).unwrap()
}

fn leave(who: &DeviceSecret, circle: CircleId, parents: &[OpHash]) -> Verified<Op> {
    let body = OpBody::Leave { member: member_of_first(&who.public()), tips: Vec::new() };
    op(who, circle, parents, body)
}

fn accepted(circle: CircleId, inviter: &DeviceSecret, newcomer: &DeviceSecret) -> Admission {
    let (inviter, device) = (inviter.id(), newcomer.public());
    let acceptance =
        Acceptance { circle, invitation: InvitationId([7; 16]), inviter, device, challenge: [3; 32] };
    Admission::of(&Verified::sign(acceptance, newcomer).unwrap())
}

/// Anna, and Hans who was admitted by her and is connected: who, and by which operation.
fn anna_and_hans() -> (Laptop, DeviceSecret, OpHash) {
    let mut anna = Laptop::founder();
    let hans = person(1);
    let acceptance = Acceptance {
        circle: anna.sync.circle(),
        invitation: InvitationId([7; 16]),
        inviter: anna.sync.device(),
        device: hans.public(),
        challenge: [3; 32],
    };
    let admission = Admission::of(&Verified::sign(acceptance, &hans).unwrap());
    anna.sync.admit(NOW, admission).unwrap();
    anna.run();
    let admitted = anna.sync.log().heads()[0];
    anna.sync.peer_up(NOW, HERE, hans.id());
    anna.sync.peer_up(NOW, ELSEWHERE, person(2).id());
    anna.run();
    (anna, hans, admitted)
}

/// Anna, amid seventy invented people of Hans who all left, and to whom somebody brings a leave of Hans that isn't among
/// the heads that are listed: the one whose hash is the last but so many.
fn anna_in_a_crowd(from_last: usize) -> (Laptop, DeviceSecret, OpHash) {
    let (mut anna, hans, admitted) = anna_and_hans();
    let circle = anna.sync.circle();
    for n in 0..70 {
        let invented = person(100 + n);
        let came = OpBody::Admit(accepted(circle, &hans, &invented));
        let came = op(&hans, circle, &[admitted], came);
        anna.take(&came);
        anna.take(&leave(&invented, circle, &[came.hash()]));
    }
    let heads = anna.sync.log().heads();
    let member = member_of_first(&hans.public());
    let leave = |n: u8| {
        let last = Tip { device: hans.id(), seq: Seq(1), hash: EntryHash([n; 32]) };
        op(&hans, circle, &[admitted], OpBody::Leave { member, tips: vec![last] })
    };
    let mut leaves: Vec<_> = (0..=255).map(leave).collect();
    leaves.sort_by_key(|op| op.hash());
    let left = &leaves[leaves.len() - 1 - from_last];
    // By somebody else's connection, as his own ends with it.
    anna.sync.peer_gone(HERE);
    anna.sync.peer_frame(NOW, &mut anna.entropy, ELSEWHERE, &ops(left));
    anna.run();
    assert!(!anna.sync.membership().is_current(hans.id()));
    assert_eq!(anna.sync.log().heads(), heads, "what can be listed doesn't tell");
    (anna, hans, left.hash())
}

#[test]
fn two_laptops_with_the_same_listed_heads_find_out_that_they_differ() {
    let summary = |from_last| anna_in_a_crowd(from_last).0.summary(&person(2));
    assert_eq!(summary(0), summary(0));
    assert_ne!(summary(0), summary(1));
}

#[test]
fn a_crowd_hides_no_leave() {
    let (mut anna, hans, left) = anna_in_a_crowd(0);
    let envelope = anna.write();
    let announcement = anna.rows.iter().find_map(|row| match row {
        Row::Epoch { id, announcement, .. } if *id == envelope.epoch => Some(announcement),
        _ => None,
    });
    let announcement: Signed<EpochAnnouncement> = from_bytes(announcement.unwrap()).unwrap();
    assert!(announcement.body.recipients.iter().all(|to| to.device != hans.id()), "sealed to who left");
    assert!(anna.sync.log().covers(&announcement.body.heads, &left));
    // What she wrote counts, and the next thing needs no new epoch.
    assert_eq!(anna.write().epoch, envelope.epoch);
}

#[test]
fn a_member_freezes_writing_and_nobodys_way_out() {
    let (mut anna, hans, admitted) = anna_and_hans();
    let unknown = OpBody::Unknown { kind: 999, bytes: Vec::new() };
    anna.take(&op(&hans, anna.sync.circle(), &[admitted], unknown));
    let edit = Laptop::edit();
    assert_eq!(anna.sync.local(NOW, &mut anna.entropy, edit).err(), Some(LocalError::Frozen));
    assert!(anna.sync.leave(NOW).is_ok());
    anna.run();
    assert!(!anna.sync.membership().is_current(anna.sync.device()));
}

/// Two laptops that can't list all their heads would send each other the same operations for ever.
#[test]
fn heads_that_cant_all_be_listed_are_merged_by_who_meets_somebody() {
    let (mut anna, ..) = anna_in_a_crowd(0);
    assert!(anna.sync.log().all_heads().len() > bound::HEADS);
    anna.summary(&person(2));
    assert!(!anna.sync.log().has_many_heads());
}
