//! A member whose laptop wants more of another than it needs: time, memory, reads of the disk.
#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use snug_circle::{
    Acceptance, Admission, ContentKind, EntryHeader, Envelope, Op, OpBody, Receipt, Tip, actor_id,
    entry_hash, payload_hash,
};
use snug_crypto::{DeviceSecret, EpochSecret, SeededEntropy, Signed, Verified, random};
use snug_sync::{CircleSync, Local, Output, ReadId, Row, SessionId};
use snug_types::bound::PAYLOAD_BYTES;
use snug_types::{
    ChangeHash, Decode, DeviceId, DocumentId, DocumentRef, Encode, EntryHash, EpochId, InvitationId, OpHash,
    Reader, Seq, UnixMillis, Writer, to_bytes,
};

const NOW: UnixMillis = UnixMillis(1_000_000);
const PEER: SessionId = SessionId(1);
const OTHER: SessionId = SessionId(2);
const NOTE: DocumentRef = DocumentRef::first(DocumentId([5; 16]));

/// Anna's laptop with a disk that syncs when it is told, and the keys of two other members, whom the test plays.
struct Scene {
    anna: CircleSync,
    bela: DeviceSecret,
    cili: DeviceSecret,
    entropy: SeededEntropy,
    epoch: (EpochId, EpochSecret),
    envelope: Vec<u8>,
}

impl Scene {
    fn new() -> Self {
        let mut entropy = SeededEntropy::new(1);
        let [anna, bela, cili] = [0; 3].map(|_| DeviceSecret::generate(&mut entropy));
        let (mut anna, _) = CircleSync::found(anna, &mut entropy, NOW);
        for newcomer in [&bela, &cili] {
            let acceptance = Acceptance {
                circle: anna.circle(),
                invitation: InvitationId(random(&mut entropy)),
                inviter: anna.device(),
                device: newcomer.public(),
                challenge: random(&mut entropy),
            };
            anna.admit(NOW, Admission::of(&Verified::sign(acceptance, newcomer).unwrap())).unwrap();
        }
        let (kind, newest, payload) = (ContentKind::Note, ChangeHash([1; 32]), vec![0; 10]);
        let local = Local { document: NOTE, kind, incarnation: 1, replica: 0, newest, payload };
        anna.local(NOW, &mut entropy, local).unwrap();
        let (mut epoch, mut envelope) = (None, None);
        while let Some(output) = anna.poll() {
            let Output::Persist { ticket, rows } = output else { continue };
            for row in rows {
                match row {
                    Row::Epoch { id, secret, .. } => {
                        epoch = secret.map(|secret| (id, EpochSecret::from_bytes(secret)));
                    }
                    Row::Entry { envelope: bytes, .. } => envelope = Some(bytes),
                    _ => {}
                }
            }
            anna.persisted(NOW, &mut entropy, ticket);
        }
        let mut scene =
            Self { anna, bela, cili, entropy, epoch: epoch.unwrap(), envelope: envelope.unwrap() };
        scene.anna.peer_up(NOW, PEER, scene.bela.id());
        scene.anna.peer_up(NOW, OTHER, scene.cili.id());
        scene.drain();
        scene
    }

    fn drain(&mut self) -> Vec<Output> {
        std::iter::from_fn(|| self.anna.poll()).collect()
    }

    fn frame(&mut self, from: SessionId, frame: &[u8]) -> Vec<Output> {
        self.anna.peer_frame(NOW, &mut self.entropy, from, frame);
        let outputs = self.drain();
        assert!(!outputs.iter().any(|output| matches!(output, Output::Close { .. })), "{outputs:?}");
        outputs
    }

    /// A question for Anna's one entry.
    fn want(&self) -> Vec<u8> {
        let hash = entry_hash(&self.anna.open(&self.envelope).unwrap().header);
        let tip = Tip { device: self.anna.device(), seq: Seq(1), hash };
        frame(3, |w| {
            w.list([&tip]);
            w.u32(0);
            w.u32(u32::MAX);
        })
    }

    fn sealed(
        &mut self,
        author: &DeviceSecret,
        seq: u64,
        previous: EntryHash,
        payload: &[u8],
    ) -> (EntryHash, Vec<u8>) {
        let device = author.id();
        let header = EntryHeader {
            circle: self.anna.circle(),
            device,
            seq: Seq(seq),
            previous,
            document: NOTE,
            kind: ContentKind::Note,
            incarnation: 1,
            replica: 0,
            actor: actor_id(device, 1, 0),
            newest: ChangeHash([2; 32]),
            heads: self.anna.log().heads(),
            payload: payload_hash(payload),
            at: NOW,
        };
        let hash = entry_hash(&header);
        let header = Verified::sign(header, author).unwrap();
        let (epoch, secret) = &self.epoch;
        let envelope = Envelope::seal(&header, payload, *epoch, secret, &mut self.entropy).unwrap();
        (hash, to_bytes(&envelope))
    }
}

fn frame(tag: u8, write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut w = Writer::new();
    w.raw(&[1, tag]);
    write(&mut w);
    w.finish()
}

/// A frontier of these heads and tips.
fn frontier(heads: &[OpHash], tips: &[Tip]) -> Vec<u8> {
    frame(2, |w| {
        w.list(heads);
        w.u32(0);
        w.u32(u32::try_from(tips.len()).unwrap());
        for tip in tips {
            tip.device.encode(w);
            w.u32(1);
            tip.seq.encode(w);
            tip.hash.encode(w);
        }
        w.u32(0);
        w.bool(true);
    })
}

fn reads(outputs: &[Output]) -> Vec<ReadId> {
    let read = |output: &Output| match output {
        Output::Load { id, .. } => Some(*id),
        _ => None,
    };
    outputs.iter().filter_map(read).collect()
}

fn sent(outputs: &[Output], tag: u8) -> usize {
    outputs.iter().filter(|output| matches!(output, Output::Send { frame, .. } if frame[1] == tag)).count()
}

#[test]
fn nothing_is_read_for_a_peer_that_doesnt_take_what_was_sent() {
    let mut scene = Scene::new();
    let want = scene.want();
    scene.anna.session_busy(PEER, true);
    for _ in 0..100 {
        assert_eq!(scene.frame(PEER, &want).len(), 0);
    }
    scene.anna.session_busy(PEER, false);
    let outputs = scene.drain();
    assert_eq!(reads(&outputs).len(), 1, "the last question is answered: {outputs:?}");
    scene.anna.session_busy(PEER, true);
    scene.anna.loaded(NOW, reads(&outputs)[0], vec![scene.envelope.clone()]);
    assert_eq!(sent(&scene.drain(), 4), 1, "what was read goes, and the end of it waits");
    scene.anna.session_busy(PEER, false);
    assert_eq!(sent(&scene.drain(), 4), 1);
}

#[test]
fn questions_are_answered_so_often_and_the_last_one_always() {
    let mut scene = Scene::new();
    let want = scene.want();
    let answer = |scene: &mut Scene, outputs: &[Output]| {
        for id in reads(outputs) {
            scene.anna.loaded(NOW, id, vec![scene.envelope.clone()]);
            assert_eq!(sent(&scene.drain(), 4), 2);
        }
        reads(outputs).len()
    };
    let mut answered = 0;
    for _ in 0..300 {
        let outputs = scene.frame(PEER, &want);
        answered += answer(&mut scene, &outputs);
    }
    assert!((8..=32).contains(&answered), "{answered} answers in one moment");
    scene.anna.tick(UnixMillis(NOW.0 + 1_000));
    let outputs = scene.drain();
    assert_eq!(answer(&mut scene, &outputs), 1, "the one that was put off");
}

#[test]
fn devices_that_nobody_let_in_arent_asked_for() {
    let mut scene = Scene::new();
    let heads = scene.anna.log().heads();
    let tip = |n: u8| Tip { device: DeviceId([n; 32]), seq: Seq(1), hash: EntryHash([n; 32]) };
    let made_up: Vec<_> = (0..200).map(tip).collect();
    assert_eq!(sent(&scene.frame(PEER, &frontier(&heads, &made_up)), 3), 0);
    let body = Receipt {
        circle: scene.anna.circle(),
        device: scene.bela.id(),
        number: 1,
        at: NOW,
        heads: heads.clone(),
        tips: made_up.clone(),
    };
    let receipt = Verified::sign(body, &scene.bela).unwrap();
    assert_eq!(sent(&scene.frame(PEER, &frame(8, |w| w.list([receipt.signed()]))), 3), 0);
    // Who names operations that aren't here may know of other devices.
    assert_eq!(sent(&scene.frame(PEER, &frontier(&[OpHash([9; 32])], &made_up)), 3), 1);
}

/// What a later frontier doesn't name any more isn't asked for.
#[test]
fn a_frontier_takes_the_place_of_the_one_before_it() {
    let mut scene = Scene::new();
    let heads = scene.anna.log().heads();
    let of = |device: DeviceId, n: u8| Tip { device, seq: Seq(1), hash: EntryHash([n; 32]) };
    let (bela, cili) = (scene.bela.id(), scene.cili.id());
    assert_eq!(sent(&scene.frame(PEER, &frontier(&heads, &[of(bela, 1)])), 3), 1);
    // While that is asked for, ten more, one after the other.
    for n in 2..12 {
        assert_eq!(sent(&scene.frame(PEER, &frontier(&heads, &[of(bela, n)])), 3), 0);
    }
    assert_eq!(sent(&scene.frame(OTHER, &frontier(&heads, &[of(cili, 1)])), 3), 1);
    let end = frame(4, |w| {
        w.u32(0);
        w.bool(true);
    });
    let outputs = scene.frame(PEER, &end);
    let ranges = outputs.iter().find_map(|output| match output {
        Output::Send { session: PEER, frame } if frame[1] == 3 => {
            Some(u32::from_be_bytes(frame[2..6].try_into().unwrap()))
        }
        _ => None,
    });
    assert_eq!(ranges, Some(1), "{outputs:?}");
}

#[test]
fn receipts_are_looked_at_so_often() {
    let mut scene = Scene::new();
    for number in 1..=300 {
        let heads = scene.anna.log().heads();
        let body = Receipt {
            circle: scene.anna.circle(),
            device: scene.bela.id(),
            number,
            at: NOW,
            heads,
            tips: Vec::new(),
        };
        let receipt = Verified::sign(body, &scene.bela).unwrap();
        scene.frame(PEER, &frame(8, |w| w.list([receipt.signed()])));
    }
    scene.anna.tick(NOW);
    let outputs = scene.drain();
    let kept = outputs.iter().find_map(|output| match output {
        Output::Persist { rows, .. } => rows.iter().find_map(|row| match row {
            Row::Receipt { bytes, .. } => Signed::<Receipt>::decode(&mut Reader::new(bytes)).ok(),
            _ => None,
        }),
        _ => None,
    });
    let kept = kept.unwrap().body.number;
    assert!((16..=64).contains(&kept), "{kept} looked at in one moment");
    let rounds = |to: SessionId| {
        let of =
            |o: &&Output| matches!(o, Output::Send { session, frame } if *session == to && frame[1] == 1);
        outputs.iter().filter(of).count()
    };
    assert!(rounds(PEER) > rounds(OTHER), "and what was left out is asked about");
}

/// An answer that the disk leaves no room for isn't the fault of whoever gave it.
#[test]
fn an_offer_stands_when_its_entry_came_and_there_was_no_room() {
    let mut scene = Scene::new();
    let (bela, cili) = ([&scene.bela, &scene.cili]).map(|s| DeviceSecret::from_bytes(&s.to_bytes())).into();
    let heads = scene.anna.log().heads();
    let (hash, entry) = scene.sealed(&bela, 1, EntryHash([0; 32]), b"changes");
    let tip = Tip { device: bela.id(), seq: Seq(1), hash };
    assert_eq!(sent(&scene.frame(PEER, &frontier(&heads, &[tip])), 3), 1);

    let payload = vec![7; PAYLOAD_BYTES];
    let (mut previous, mut tickets) = (EntryHash([0; 32]), Vec::new());
    for seq in 1..=(16 << 20) / PAYLOAD_BYTES as u64 + 1 {
        let (hash, envelope) = scene.sealed(&cili, seq, previous, &payload);
        previous = hash;
        let outputs = scene.frame(OTHER, &frame(5, |w| w.bytes(&envelope)));
        tickets.extend(outputs.into_iter().filter_map(|output| match output {
            Output::Persist { ticket, .. } => Some(ticket),
            _ => None,
        }));
    }
    let answer = frame(4, |w| {
        w.u32(1);
        w.bytes(&entry);
        w.bool(true);
    });
    assert!(scene.frame(PEER, &answer).is_empty());
    for ticket in tickets {
        scene.anna.persisted(NOW, &mut scene.entropy, ticket);
    }
    assert_eq!(sent(&scene.drain(), 3), 1, "it is asked for again");
}

/// What waits in the membership log waits for good: one device fills only a part of the place.
#[test]
fn operations_that_lead_nowhere_leave_room_for_others() {
    let mut scene = Scene::new();
    let orphan = |scene: &Scene, n: u16, author: &DeviceSecret, parents: Vec<OpHash>| {
        let body = OpBody::Unknown { kind: 60_000, bytes: n.to_be_bytes().to_vec() };
        let op = Op { circle: scene.anna.circle(), author: author.id(), parents, body };
        Verified::sign(op, author).unwrap()
    };
    for n in 0..1100 {
        let op = orphan(&scene, n, &scene.bela, vec![OpHash([9; 32])]);
        scene.frame(
            PEER,
            &frame(6, |w| {
                w.list([op.signed()]);
                w.bool(false);
            }),
        );
    }
    // Cili's two come in the wrong order.
    let first = orphan(&scene, 1, &scene.cili, scene.anna.log().heads());
    let second = orphan(&scene, 2, &scene.cili, vec![first.hash()]);
    for op in [&second, &first] {
        scene.frame(
            OTHER,
            &frame(6, |w| {
                w.list([op.signed()]);
                w.bool(false);
            }),
        );
    }
    assert!(scene.anna.log().contains(&second.hash()));
}
