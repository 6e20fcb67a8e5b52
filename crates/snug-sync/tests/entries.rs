//! One laptop's core, driven by hand: what it gives out when, and what it refuses.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

use snug_circle::{
    Acceptance, Admission, ContentKind, EntryHeader, Envelope, MembershipLog, Receipt, Tip, actor_id,
    entry_hash, payload_hash,
};
use snug_crypto::{DeviceSecret, EpochSecret, SeededEntropy, Verified, random};
use snug_sync::{
    CircleSync, CloseReason, Local, LocalError, Output, Restored, Row, Scope, SessionId, StopReason, Ticket,
};
use snug_types::bound::{FRAME_BYTES, PAYLOAD_BYTES};
use snug_types::{
    ChangeHash, DeviceId, DocumentId, DocumentRef, Encode, EntryHash, EpochId, InvitationId, OpHash, Seq,
    UnixMillis, Writer, from_bytes, to_bytes,
};

const NOW: UnixMillis = UnixMillis(1_000_000);
const PEER: SessionId = SessionId(1);
const NOTE: DocumentRef = DocumentRef::first(DocumentId([5; 16]));

/// Anna's laptop, and Bela's keys: Bela is a member whose laptop the test plays, honest or not.
struct Scene {
    anna: CircleSync,
    bela: DeviceSecret,
    entropy: SeededEntropy,
    epoch: EpochId,
    secret: EpochSecret,
}

fn local(payload: Vec<u8>) -> Local {
    let (kind, newest) = (ContentKind::Note, ChangeHash([1; 32]));
    Local { document: NOTE, kind, incarnation: 1, replica: 0, newest, payload }
}

fn drain(sync: &mut CircleSync) -> Vec<Output> {
    std::iter::from_fn(|| sync.poll()).collect()
}

/// What it gives out, with every commit done at once.
fn run(sync: &mut CircleSync, entropy: &mut SeededEntropy) -> Vec<Output> {
    let mut all = Vec::new();
    while let Some(output) = sync.poll() {
        if let Output::Persist { ticket, .. } = &output {
            sync.persisted(NOW, entropy, *ticket);
        }
        all.push(output);
    }
    all
}

fn admit(anna: &mut CircleSync, newcomer: &DeviceSecret, entropy: &mut SeededEntropy) {
    let acceptance = Acceptance {
        circle: anna.circle(),
        invitation: InvitationId([3; 16]),
        inviter: anna.device(),
        device: newcomer.public(),
        challenge: random(entropy),
    };
    anna.admit(NOW, Admission::of(&Verified::sign(acceptance, newcomer).unwrap())).unwrap();
}

impl Scene {
    fn new() -> Self {
        let mut entropy = SeededEntropy::new(1);
        let (anna, bela) = (DeviceSecret::generate(&mut entropy), DeviceSecret::generate(&mut entropy));
        let (mut anna, _) = CircleSync::found(anna, &mut entropy, NOW);
        admit(&mut anna, &bela, &mut entropy);
        anna.local(NOW, &mut entropy, local(vec![0; 10])).unwrap();
        let outputs = run(&mut anna, &mut entropy);
        let epoch = outputs.iter().find_map(|output| match output {
            Output::Persist { rows, .. } => rows.iter().find_map(|row| match row {
                Row::Epoch { id, secret: Some(secret), .. } => Some((*id, EpochSecret::from_bytes(*secret))),
                _ => None,
            }),
            _ => None,
        });
        let (epoch, secret) = epoch.unwrap();
        let mut scene = Self { anna, bela, entropy, epoch, secret };
        scene.connect();
        scene
    }

    /// Lets another one in: their device.
    fn admit(&mut self) -> DeviceId {
        let other = DeviceSecret::generate(&mut self.entropy);
        admit(&mut self.anna, &other, &mut self.entropy);
        run(&mut self.anna, &mut self.entropy);
        other.id()
    }

    fn connect(&mut self) {
        self.anna.peer_up(NOW, PEER, self.bela.id());
        run(&mut self.anna, &mut self.entropy);
    }

    fn header(&self, seq: u64, previous: EntryHash) -> EntryHeader {
        EntryHeader {
            circle: self.anna.circle(),
            device: self.bela.id(),
            seq: Seq(seq),
            previous,
            document: NOTE,
            kind: ContentKind::Note,
            incarnation: 1,
            replica: 0,
            actor: actor_id(self.bela.id(), 1, 0),
            newest: ChangeHash([2; 32]),
            heads: self.anna.log().heads(),
            payload: payload_hash(b"changes"),
            at: NOW,
        }
    }

    /// A chain of Bela's entries, sealed.
    fn chain(&mut self, entries: u64) -> Vec<(EntryHash, Vec<u8>)> {
        let mut previous = EntryHash([0; 32]);
        (1..=entries)
            .map(|seq| {
                let header = self.header(seq, previous);
                previous = entry_hash(&header);
                (previous, self.seal(header))
            })
            .collect()
    }

    fn seal(&mut self, header: EntryHeader) -> Vec<u8> {
        let header = Verified::sign(header, &self.bela).unwrap();
        to_bytes(&Envelope::seal(&header, b"changes", self.epoch, &self.secret, &mut self.entropy).unwrap())
    }

    /// What Anna does with a frame of Bela's, before any commit is done.
    fn frame(&mut self, frame: &[u8]) -> Vec<Output> {
        self.anna.peer_frame(NOW, &mut self.entropy, PEER, frame);
        drain(&mut self.anna)
    }

    fn pushed(&mut self, envelope: &[u8]) -> Vec<Output> {
        self.frame(&push(envelope))
    }

    fn persist(&mut self, ticket: Ticket) -> Vec<Output> {
        self.anna.persisted(NOW, &mut self.entropy, ticket);
        drain(&mut self.anna)
    }
}

fn push(envelope: &[u8]) -> Vec<u8> {
    let mut w = Writer::new();
    w.u8(1);
    w.u8(5);
    w.bytes(envelope);
    w.finish()
}

fn receipts(receipt: &Verified<Receipt>) -> Vec<u8> {
    let mut w = Writer::new();
    w.u8(1);
    w.u8(8);
    w.list([receipt.signed()]);
    w.finish()
}

fn closed(outputs: &[Output]) -> bool {
    outputs.iter().any(|output| matches!(output, Output::Close { reason: CloseReason::Dishonest(_), .. }))
}

fn persists(outputs: &[Output]) -> Option<Ticket> {
    outputs.iter().find_map(|output| match output {
        Output::Persist { ticket, .. } => Some(*ticket),
        _ => None,
    })
}

#[test]
fn an_edit_is_durable_before_it_is_acknowledged_or_sent() {
    let mut scene = Scene::new();
    let ticket = scene.anna.local(NOW, &mut scene.entropy, local(vec![1; 100])).unwrap();
    let before = drain(&mut scene.anna);
    assert!(matches!(before.as_slice(), [Output::Persist { ticket: t, .. }] if *t == ticket), "{before:?}");
    let after = scene.persist(ticket);
    assert!(matches!(&after[0], Output::Acknowledged { ticket: t } if *t == ticket), "{after:?}");
    assert!(
        after.iter().any(|output| matches!(output, Output::Send { session: PEER, frame } if frame[1] == 5))
    );
    // And one receipt for all of it.
    assert_eq!(after.iter().filter(|o| matches!(o, Output::Send { frame, .. } if frame[1] == 8)).count(), 1);
}

#[test]
fn a_confirmation_waits_for_those_before_it() {
    let mut scene = Scene::new();
    let first = scene.anna.local(NOW, &mut scene.entropy, local(vec![1])).unwrap();
    let second = scene.anna.local(NOW, &mut scene.entropy, local(vec![2])).unwrap();
    drain(&mut scene.anna);
    assert!(scene.persist(second).is_empty(), "the second builds on the first");
    let all = scene.persist(first);
    let acknowledged = all.iter().filter_map(|output| match output {
        Output::Acknowledged { ticket } => Some(*ticket),
        _ => None,
    });
    assert_eq!(acknowledged.collect::<Vec<_>>(), [first, second]);
}

#[test]
fn a_remote_entry_is_durable_before_it_is_applied_or_receipted() {
    let mut scene = Scene::new();
    let (_, envelope) = scene.chain(1).remove(0);
    let before = scene.pushed(&envelope);
    let ticket = persists(&before).unwrap();
    assert_eq!(before.len(), 1, "{before:?}");
    let after = scene.persist(ticket);
    assert!(after.iter().any(|output| matches!(output, Output::Apply { .. })));
    assert!(after.iter().any(|output| matches!(output, Output::Send { frame, .. } if frame[1] == 8)));
}

#[test]
fn entries_that_come_backwards_wait_and_are_all_taken() {
    let mut scene = Scene::new();
    let chain = scene.chain(20);
    for (_, envelope) in chain.iter().skip(1).rev() {
        let outputs = scene.pushed(envelope);
        assert!(persists(&outputs).is_none() && !closed(&outputs), "{outputs:?}");
    }
    let outputs = scene.pushed(&chain[0].1);
    let rows = outputs.iter().find_map(|output| match output {
        Output::Persist { rows, .. } => {
            Some(rows.iter().filter(|row| matches!(row, Row::Entry { .. })).count())
        }
        _ => None,
    });
    assert_eq!(rows, Some(20));
}

/// One session's garbage takes no place from another's entries.
#[test]
fn a_session_pushes_out_only_what_it_brought_itself() {
    let mut scene = Scene::new();
    let chain = scene.chain(2);
    assert!(persists(&scene.pushed(&chain[1].1)).is_none());
    let mallory = SessionId(2);
    let device = scene.admit();
    scene.anna.peer_up(NOW, mallory, device);
    for n in 0..2000_u64 {
        let mut envelope: Envelope = from_bytes(&chain[1].1).unwrap();
        envelope.epoch = EpochId([9; 32]);
        envelope.seq = Seq(n + 10);
        scene.anna.peer_frame(NOW, &mut scene.entropy, mallory, &push(&to_bytes(&envelope)));
    }
    drain(&mut scene.anna);
    let outputs = scene.pushed(&chain[0].1);
    let entries = outputs.iter().map(|output| match output {
        Output::Persist { rows, .. } => rows.iter().filter(|row| matches!(row, Row::Entry { .. })).count(),
        _ => 0,
    });
    assert_eq!(entries.sum::<usize>(), 2, "the one that waited is still there");
}

#[test]
fn entries_that_no_honest_laptop_passes_on_end_the_session() {
    let fault = |name: &str, make: &dyn Fn(&mut Scene) -> Vec<u8>| {
        let mut scene = Scene::new();
        let envelope = make(&mut scene);
        let outputs = scene.pushed(&envelope);
        assert!(closed(&outputs), "{name}: {outputs:?}");
        assert!(persists(&outputs).is_none(), "{name}: {outputs:?}");
    };
    let altered = |scene: &mut Scene, alter: &dyn Fn(&mut Envelope)| {
        let mut envelope: Envelope = from_bytes(&scene.chain(1)[0].1).unwrap();
        alter(&mut envelope);
        to_bytes(&envelope)
    };
    fault("altered", &|scene| altered(scene, &|envelope| envelope.sealed[70] ^= 1));
    fault("another device outside", &|scene| altered(scene, &|envelope| envelope.device.0[0] ^= 1));
    fault("another number outside", &|scene| altered(scene, &|envelope| envelope.seq = Seq(2)));
    fault("another document outside", &|scene| altered(scene, &|e| e.document.document.0[0] ^= 1));
    fault("another secret", &|scene| {
        scene.secret = EpochSecret::from_bytes([7; 32]);
        scene.chain(1).remove(0).1
    });
    fault("a stranger's", &|scene| {
        scene.bela = DeviceSecret::generate(&mut scene.entropy);
        scene.chain(1).remove(0).1
    });
    fault("another circle", &|scene| {
        let mut header = scene.header(1, EntryHash([0; 32]));
        header.circle.0[0] ^= 1;
        scene.seal(header)
    });
    fault("no membership heads", &|scene| {
        let header = EntryHeader { heads: Vec::new(), ..scene.header(1, EntryHash([0; 32])) };
        scene.seal(header)
    });
    fault("somebody else's page", &|scene| {
        let page = snug_circle::member_page(
            scene.anna.circle(),
            scene.anna.membership().member_of(scene.anna.device()).unwrap(),
        );
        let document = DocumentRef::first(page);
        let header =
            EntryHeader { document, kind: ContentKind::MemberPage, ..scene.header(1, EntryHash([0; 32])) };
        scene.seal(header)
    });
    fault("a signature of somebody else", &|scene| {
        let header = scene.header(1, EntryHash([0; 32]));
        let other = DeviceSecret::generate(&mut scene.entropy);
        let mut signed = Verified::sign(header.clone(), &scene.bela).unwrap().into_signed();
        let theirs = EntryHeader { device: other.id(), actor: actor_id(other.id(), 1, 0), ..header };
        signed.signature = Verified::sign(theirs, &other).unwrap().into_signed().signature;
        let forged = Verified::trusted(signed);
        to_bytes(
            &Envelope::seal(&forged, b"changes", scene.epoch, &scene.secret, &mut scene.entropy).unwrap(),
        )
    });
}

#[test]
fn entries_that_build_on_what_isnt_here_are_neither_kept_nor_refused() {
    let waits = |name: &str, make: &dyn Fn(&mut Scene) -> Vec<u8>| {
        let mut scene = Scene::new();
        let envelope = make(&mut scene);
        let outputs = scene.pushed(&envelope);
        assert!(outputs.is_empty(), "{name}: {outputs:?}");
    };
    waits("an unknown epoch", &|scene| {
        scene.epoch = EpochId([9; 32]);
        scene.chain(1).remove(0).1
    });
    waits("unknown membership heads", &|scene| {
        let header = EntryHeader { heads: vec![OpHash([9; 32])], ..scene.header(1, EntryHash([0; 32])) };
        scene.seal(header)
    });
    waits("an unknown predecessor", &|scene| {
        let header = scene.header(2, EntryHash([9; 32]));
        scene.seal(header)
    });
}

#[test]
fn receipts_cant_be_forged_replayed_or_handed_on_as_somebody_elses() {
    let mut scene = Scene::new();
    let holding = |scene: &Scene| scene.anna.holding(Scope::Document(NOTE)).holding;
    assert_eq!(holding(&scene), 1);
    // Anna's own entry, as her first push tells it.
    let ticket = scene.anna.local(NOW, &mut scene.entropy, local(vec![1; 50])).unwrap();
    drain(&mut scene.anna);
    let pushed = scene.persist(ticket);
    let envelope = pushed.iter().find_map(|output| match output {
        Output::Send { frame, .. } if frame[1] == 5 => Some(frame[6..].to_vec()),
        _ => None,
    });
    let entry = scene.anna.open(&envelope.unwrap()).unwrap();
    let tip = Tip { device: entry.header.device, seq: entry.header.seq, hash: entry_hash(&entry.header) };
    let receipt = |scene: &Scene, number: u64, tips: Vec<Tip>| Receipt {
        circle: scene.anna.circle(),
        device: scene.bela.id(),
        number,
        at: UnixMillis(NOW.0 + 5_000),
        heads: scene.anna.log().heads(),
        tips,
    };

    let honest = receipt(&scene, 5, vec![tip]);
    let mut forged = Verified::sign(honest.clone(), &scene.bela).unwrap().into_signed();
    forged.signature.0[3] ^= 1;
    assert!(closed(&scene.frame(&receipts(&Verified::trusted(forged)))));
    assert_eq!(holding(&scene), 1, "a forged receipt counts for nothing");
    scene.connect();

    let stranger = DeviceSecret::generate(&mut scene.entropy);
    let theirs = Verified::sign(Receipt { device: stranger.id(), ..honest.clone() }, &stranger).unwrap();
    scene.frame(&receipts(&theirs));
    assert_eq!(holding(&scene), 1, "a stranger's receipt counts for nothing");

    let foreign = Receipt { circle: snug_types::CircleId([9; 32]), ..honest.clone() };
    assert!(closed(&scene.frame(&receipts(&Verified::sign(foreign, &scene.bela).unwrap()))));
    scene.connect();

    scene.frame(&receipts(&Verified::sign(honest.clone(), &scene.bela).unwrap()));
    let counted = scene.anna.holding(Scope::Document(NOTE));
    assert_eq!((counted.holding, counted.laptops), (2, 2));
    assert_eq!(counted.as_of, Some(NOW));
    assert!(
        counted.devices.iter().all(|(_, at)| *at == Some(NOW)),
        "a time that hasn't come is shown as now"
    );

    // An older one changes nothing; a newer one that names less does.
    scene.frame(&receipts(&Verified::sign(receipt(&scene, 4, Vec::new()), &scene.bela).unwrap()));
    assert_eq!(holding(&scene), 2);
    scene.frame(&receipts(&Verified::sign(receipt(&scene, 6, Vec::new()), &scene.bela).unwrap()));
    assert_eq!(holding(&scene), 1);
    // The one that counted before, again.
    scene.frame(&receipts(&Verified::sign(honest, &scene.bela).unwrap()));
    assert_eq!(holding(&scene), 1, "a replayed receipt counts for nothing");
}

#[test]
fn a_refused_commit_ends_writing_and_nothing_of_it_is_told() {
    let mut scene = Scene::new();
    let ticket = scene.anna.local(NOW, &mut scene.entropy, local(vec![1])).unwrap();
    drain(&mut scene.anna);
    scene.anna.persist_failed(NOW, ticket);
    let outputs = drain(&mut scene.anna);
    assert!(
        outputs.iter().all(|o| matches!(o, Output::Stopped { .. } | Output::Close { .. })),
        "{outputs:?}"
    );
    assert_eq!(outputs.len(), 2);
    let again = scene.anna.local(NOW, &mut scene.entropy, local(vec![2]));
    assert_eq!(again, Err(LocalError::Stopped(StopReason::Disk)));
    // A confirmation that comes all the same changes nothing.
    assert!(scene.persist(ticket).is_empty());
    scene.anna.peer_up(NOW, SessionId(7), scene.bela.id());
    let outputs = drain(&mut scene.anna);
    assert!(matches!(outputs.as_slice(), [Output::Close { .. }]), "{outputs:?}");
}

#[test]
fn the_largest_edit_fits_a_frame_and_one_more_byte_is_refused() {
    let mut scene = Scene::new();
    let refused = scene.anna.local(NOW, &mut scene.entropy, local(vec![1; PAYLOAD_BYTES + 1]));
    assert!(matches!(refused, Err(LocalError::TooLarge { .. })));
    let ticket = scene.anna.local(NOW, &mut scene.entropy, local(vec![1; PAYLOAD_BYTES])).unwrap();
    drain(&mut scene.anna);
    let pushed = scene.persist(ticket);
    let largest = pushed.iter().map(|output| match output {
        Output::Send { frame, .. } => frame.len(),
        _ => 0,
    });
    let largest = largest.max().unwrap();
    assert!(largest > PAYLOAD_BYTES && largest <= FRAME_BYTES, "{largest}");
}

#[test]
fn who_isnt_a_member_writes_nothing() {
    let mut entropy = SeededEntropy::new(2);
    let me = DeviceSecret::generate(&mut entropy);
    let (log, _) = MembershipLog::found(&DeviceSecret::generate(&mut entropy), &mut entropy);
    let mut joining = CircleSync::joining(log.circle(), me);
    assert_eq!(joining.local(NOW, &mut entropy, local(vec![1])), Err(LocalError::NotMember));
    assert_eq!(joining.leave(NOW), Err(LocalError::NotMember));
    assert!(joining.poll().is_none());
}

/// Eager and lazy links: others' entries are pushed to whom once had to ask for them, until they come another way.
#[test]
fn entries_of_others_are_pushed_to_whom_asked_until_they_say_no() {
    let mut scene = Scene::new();
    let chain = scene.chain(3);
    let (cili, device) = (SessionId(2), scene.admit());
    scene.anna.peer_up(NOW, cili, device);
    run(&mut scene.anna, &mut scene.entropy);
    let frame_to_cili = |outputs: &[Output], tag: u8| {
        outputs
            .iter()
            .any(|o| matches!(o, Output::Send { session, frame } if *session == cili && frame[1] == tag))
    };
    let arrive = |scene: &mut Scene, n: usize| {
        scene.anna.peer_frame(NOW, &mut scene.entropy, PEER, &push(&chain[n].1));
        run(&mut scene.anna, &mut scene.entropy)
    };
    let say = |scene: &mut Scene, frame: &[u8]| {
        scene.anna.peer_frame(NOW, &mut scene.entropy, cili, frame);
        run(&mut scene.anna, &mut scene.entropy)
    };
    assert!(!frame_to_cili(&arrive(&mut scene, 0), 5), "nobody asked");

    let mut want = Writer::new();
    want.u8(1);
    want.u8(3);
    want.u32(1);
    Tip { device: scene.bela.id(), seq: Seq(1), hash: chain[0].0 }.encode(&mut want);
    want.u32(0);
    want.u32(1000);
    let outputs = say(&mut scene, &want.finish());
    let read = outputs.iter().find_map(|output| match output {
        Output::Load { id, from: Seq(1), to: Seq(1), .. } => Some(*id),
        _ => None,
    });
    scene.anna.loaded(NOW, read.unwrap(), vec![chain[0].1.clone()]);
    assert!(frame_to_cili(&drain(&mut scene.anna), 4), "the answer");
    assert!(frame_to_cili(&arrive(&mut scene, 1), 5), "and what is new, unasked");

    assert!(frame_to_cili(&say(&mut scene, &push(&chain[1].1)), 9), "what comes twice is declined");
    let prune = [&[1, 9][..], scene.bela.id().as_bytes()].concat();
    say(&mut scene, &prune);
    assert!(!frame_to_cili(&arrive(&mut scene, 2), 5), "it was declined");
}

/// Who offers and never answers is given up; somebody else is asked.
#[test]
fn a_question_that_nobody_answers_is_asked_elsewhere() {
    let mut scene = Scene::new();
    let entry = scene.chain(1).remove(0).0;
    scene.anna.peer_gone(PEER);
    let offers = |scene: &mut Scene, session: SessionId| {
        let other = DeviceSecret::generate(&mut scene.entropy);
        admit(&mut scene.anna, &other, &mut scene.entropy);
        scene.anna.peer_up(NOW, session, other.id());
        run(&mut scene.anna, &mut scene.entropy);
        let receipt = Receipt {
            circle: scene.anna.circle(),
            device: other.id(),
            number: 1,
            at: NOW,
            heads: scene.anna.log().heads(),
            tips: vec![Tip { device: scene.bela.id(), seq: Seq(1), hash: entry }],
        };
        let receipt = receipts(&Verified::sign(receipt, &other).unwrap());
        scene.anna.peer_frame(NOW, &mut scene.entropy, session, &receipt);
        drain(&mut scene.anna)
    };
    let asked = |outputs: &[Output]| -> Vec<SessionId> {
        let wants = outputs.iter().filter_map(|output| match output {
            Output::Send { session, frame } if frame[1] == 3 => Some(*session),
            _ => None,
        });
        wants.collect()
    };
    let (cili, dora) = (SessionId(2), SessionId(3));
    assert_eq!(asked(&offers(&mut scene, cili)), [cili]);
    assert_eq!(asked(&offers(&mut scene, dora)), [], "one is asked at a time");
    scene.anna.tick(NOW.plus(5_000));
    assert_eq!(asked(&run(&mut scene.anna, &mut scene.entropy)), []);
    scene.anna.tick(NOW.plus(11_000));
    assert_eq!(asked(&run(&mut scene.anna, &mut scene.entropy)), [dora]);
}

/// An entry that this very device signed, and that isn't here: this store is a copy, and says so for good.
#[test]
fn an_own_entry_from_elsewhere_stops_writing_for_good() {
    let mut scene = Scene::new();
    let mut entropy = SeededEntropy::new(1);
    // The first keys that the scene makes are Anna's.
    let anna = DeviceSecret::generate(&mut entropy);
    assert_eq!(anna.id(), scene.anna.device());
    let bela = std::mem::replace(&mut scene.bela, anna);
    let elsewhere = scene.chain(1).remove(0).1;
    let anna = std::mem::replace(&mut scene.bela, bela);

    let outputs = scene.pushed(&elsewhere);
    let stopped = |o: &Output| matches!(o, Output::Stopped { reason: StopReason::OwnLogElsewhere });
    assert!(outputs.iter().any(stopped), "{outputs:?}");
    let own = outputs.iter().find_map(|output| match output {
        Output::Persist { rows, .. } => rows.iter().find_map(|row| match row {
            Row::Own { bytes } => Some(bytes.clone()),
            _ => None,
        }),
        _ => None,
    });
    let refused = Err(LocalError::Stopped(StopReason::OwnLogElsewhere));
    assert_eq!(scene.anna.local(NOW, &mut scene.entropy, local(vec![1])), refused);
    let rows = Restored { own, ..Restored::default() };
    let restored = CircleSync::restore(scene.anna.circle(), anna, rows).unwrap();
    assert_eq!(restored.stopped(), Some(StopReason::OwnLogElsewhere));
}
