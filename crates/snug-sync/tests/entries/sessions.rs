//! What goes over a session, and what is asked for over another.

use crate::scene::{NOW, PEER, Scene, admit, drain, persists, push, receipts, run};
use snug_circle::{Envelope, Receipt, Tip};
use snug_crypto::{DeviceSecret, Verified};
use snug_sync::{Output, Row, SessionId};
use snug_types::{Encode, EpochId, Seq, Writer, from_bytes, to_bytes};

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
