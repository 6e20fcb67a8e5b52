//! Hostile changes: refused before Automerge sees them, or held off by admission; honest ones always taken.
#![allow(clippy::unwrap_used, clippy::expect_used)] // Helpers of tests are tests.
#![allow(clippy::cast_possible_wrap, clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Small numbers.

mod chunks;
mod honest;

use automerge::transaction::Transactable;
use chunks::{Column, Crafted, group, runs, signed, unsigned};
use honest::{honest, step};
use proptest::prelude::*;
use snug_document::admission::Misfit;
use snug_document::guard::{GuardError, check_change};
use snug_document::{LiveDocument, Reason, decode_changes, encode_changes, markdown, note, page};
use snug_types::bound::{OPS_PER_CHANGE, PAYLOAD_BYTES};
use snug_types::{ActorId, ChangeHash, DecodeError, Name, Title, UnixMillis};

const NOW: UnixMillis = UnixMillis(1_790_000_000_000);

fn actor(n: u8) -> ActorId {
    ActorId([n; 16])
}

fn a_note(markdown: &str) -> (LiveDocument, Vec<u8>) {
    let body = markdown::parse(markdown).unwrap();
    let (doc, edit) = note::create(actor(1), NOW, &Title::new("Note").unwrap(), &body).unwrap();
    (doc, edit.changes[0].clone())
}

/// `put` of `value` under "k" of the root.
fn put() -> Crafted {
    Crafted::new(actor(2))
        .column(Column::KeyText, runs(&[(1, b"\x01k")]))
        .column(Column::Insert, unsigned(1))
        .column(Column::Action, runs(&[(1, &unsigned(1))]))
        .column(Column::ValueMeta, runs(&[(1, &unsigned(0x16))]))
        .column(Column::Value, b"v".to_vec())
        .column(Column::PredGroup, runs(&[(1, &unsigned(0))]))
}

#[test]
fn the_crafted_change_is_a_good_one() {
    let bytes = put().bytes();
    let info = check_change(&bytes).unwrap();
    assert_eq!((info.actor, info.seq, info.start_op, info.ops), (actor(2), 1, 1, 1));
    let mut doc = LiveDocument::new(actor(9));
    let applied = doc.apply(&[&bytes], actor(2));
    assert!(applied.changed() && applied.quarantined.is_empty(), "{applied:?}");
}

/// Each column claims a number of values that no change has.
#[test]
fn claims_are_never_believed() {
    let huge = [1_u64 << 21, 1 << 32, 1 << 40, i64::MAX as u64];
    for n in huge {
        let n = i64::try_from(n).unwrap();
        for crafted in [
            put().column(Column::Action, runs(&[(n, &unsigned(1))])),
            put().column(Column::Action, runs(&[(1, &unsigned(1)), (n, &unsigned(1))])),
            put().column(Column::ObjActor, [signed(0), unsigned(n.unsigned_abs())].concat()),
            put().column(Column::KeyText, runs(&[(n, b"\x01k")])),
            put().column(Column::KeyText, signed(-n)),
            put().column(Column::Insert, unsigned(n.unsigned_abs())),
            put().column(Column::ValueMeta, runs(&[(n, &unsigned(0))])),
            put().column(Column::ValueMeta, runs(&[(1, &unsigned(n.unsigned_abs()))])),
            put().column(Column::PredGroup, runs(&[(1, &unsigned(n.unsigned_abs()))])),
            put()
                .column(Column::PredGroup, runs(&[(1, &unsigned(n.unsigned_abs()))]))
                .column(Column::PredActor, runs(&[(n, &unsigned(0))]))
                .column(Column::PredCtr, runs(&[(n, &signed(0))])),
            put().column(Column::Expand, unsigned(n.unsigned_abs())),
            put().column(Column::MarkName, runs(&[(n, b"\x01k")])),
        ] {
            let bytes = crafted.bytes();
            assert!(bytes.len() < 160);
            let refused = check_change(&bytes).unwrap_err();
            assert!(
                matches!(
                    refused,
                    GuardError::TooMany { .. }
                        | GuardError::Truncated
                        | GuardError::Uneven
                        | GuardError::Op { .. }
                ),
                "{refused:?}"
            );
        }
    }
}

/// A run within the bounds still costs its reader more than its sender: it must be paid for in bytes.
#[test]
fn operations_are_paid_for_in_bytes() {
    let repeated = |n: u64| {
        let value = unsigned(0x16);
        Crafted::new(actor(2))
            .column(Column::KeyText, runs(&[(n as i64, b"\x01k")]))
            .column(Column::Insert, unsigned(n))
            .column(Column::Action, runs(&[(n as i64, &unsigned(1))]))
            .column(Column::ValueMeta, runs(&[(n as i64, &value)]))
            .column(Column::Value, vec![b'v'; n as usize])
            .column(Column::PredGroup, runs(&[(n as i64, &unsigned(0))]))
    };
    let none = |n: u64| {
        repeated(n).column(Column::ValueMeta, runs(&[(n as i64, &unsigned(0))])).without(Column::Value)
    };
    assert!(matches!(check_change(&none(100_000).bytes()), Err(GuardError::Unpaid { .. })));
    assert_eq!(check_change(&none(1000).bytes()).map(|c| c.ops), Ok(1000));
    assert_eq!(check_change(&repeated(100_000).bytes()).map(|c| c.ops), Ok(100_000));

    // Deletions come in runs, as many as there is something to delete.
    let (doc, first) = a_note("one\n");
    let info = check_change(&first).unwrap();
    let delete = |n: u64| {
        none(n)
            .deps(vec![info.hash.0.to_vec()])
            .start_op(info.start_op + info.ops as u64)
            .other(actor(1))
            .column(Column::KeyText, runs(&[(n as i64, b"\x05title")]))
            .column(Column::Action, runs(&[(n as i64, &unsigned(3))]))
            .column(Column::PredGroup, runs(&[(n as i64, &unsigned(1))]))
            .column(Column::PredActor, runs(&[(n as i64, &unsigned(1))]))
            .column(Column::PredCtr, group(n as i64))
            .column(Column::PredCtr, runs(&[(1, &signed(1)), (n as i64 - 1, &signed(0))]))
            .bytes()
    };
    assert_eq!(check_change(&delete(100_000)).map(|c| c.deletions), Ok(100_000));
    assert_eq!(quarantine(&mut doc.clone(), &delete(100_000), actor(2)), Reason::Misfit(Misfit::Deletions));
    let many = vec![delete(OPS_PER_CHANGE as u64 - 100); 3];
    assert!(matches!(decode_changes(&encode_changes(&many)), Err(DecodeError::TooMany { .. })));
    assert!(decode_changes(&encode_changes(&many[..2])).is_ok());
}

/// Predecessors cost little to claim: a group of them for each operation, all of one run.
#[test]
fn predecessors_are_counted_over_the_whole_change() {
    let ops = 1000;
    let each = 2 * OPS_PER_CHANGE as u64 / ops;
    let crafted = Crafted::new(actor(2))
        .start_op(100_000)
        .column(Column::KeyText, runs(&[(ops as i64, b"\x01k")]))
        .column(Column::Insert, unsigned(ops))
        .column(Column::Action, runs(&[(ops as i64, &unsigned(1))]))
        .column(Column::ValueMeta, runs(&[(ops as i64, &unsigned(0))]))
        .column(Column::PredGroup, runs(&[(ops as i64, &unsigned(each))]))
        .column(Column::PredActor, runs(&[((ops * each) as i64, &unsigned(0))]))
        .column(Column::PredCtr, group((ops * each) as i64));
    assert!(matches!(check_change(&crafted.bytes()), Err(GuardError::TooMany { .. })));
}

#[test]
fn frames_are_held_to_their_form() {
    let good = put().bytes();
    let edited = |at: usize, to: u8| {
        let mut bytes = good.clone();
        bytes[at] = to;
        check_change(&bytes)
    };
    assert_eq!(edited(0, 0), Err(GuardError::Magic));
    assert_eq!(edited(4, good[4] ^ 1), Err(GuardError::Checksum));
    for kind in [0, 2, 3, 4, 255] {
        assert_eq!(edited(8, kind), Err(GuardError::ChunkType(kind)));
    }
    assert_eq!(check_change(&[&good[..], &[0]].concat()), Err(GuardError::Trailing(1)));
    assert_eq!(
        check_change(&vec![0; PAYLOAD_BYTES + 1]).map_err(|e| matches!(e, GuardError::TooMany { .. })),
        Err(true)
    );
    for end in 0..good.len() {
        assert!(check_change(&good[..end]).is_err(), "{end}");
    }
    // A deflated column, an unknown one, one twice, one out of order, an empty one.
    for columns in [vec![0b100_1010], vec![200], vec![66, 66], vec![66, 52]] {
        let mut crafted = Crafted::new(actor(2));
        for number in columns {
            crafted = crafted.numbered(number, runs(&[(1, &unsigned(1))]));
        }
        assert!(matches!(check_change(&crafted.bytes()), Err(GuardError::Column(_))));
    }
    assert!(matches!(
        check_change(&Crafted::new(actor(2)).numbered(66, vec![]).bytes()),
        Err(GuardError::Column(66))
    ));
    // Names: an actor twice, too many dependencies, trailing bytes in the body, number 0.
    assert_eq!(check_change(&put().other(actor(3)).bytes()), Err(GuardError::Actor));
    assert_eq!(check_change(&put().other(actor(2)).bytes()), Err(GuardError::Actor));
    assert!(
        check_change(&put().deps((0..2000_u16).map(|n| [n.to_be_bytes(); 16].concat()).collect()).bytes())
            .is_err()
    );
    assert_eq!(check_change(&put().trailing(b"x").bytes()), Err(GuardError::Trailing(1)));
    assert_eq!(check_change(&put().seq(0).bytes()), Err(GuardError::Number));
    assert_eq!(check_change(&put().start_op(u64::MAX).bytes()), Err(GuardError::Number));
}

fn quarantine(doc: &mut LiveDocument, bytes: &[u8], from: ActorId) -> Reason {
    let before = (doc.heads(), note::view(doc));
    let applied = doc.apply(&[bytes], from);
    assert_eq!(applied.quarantined.len(), 1, "{applied:?}");
    assert_eq!((doc.heads(), note::view(doc)), before);
    applied.quarantined[0].reason
}

#[test]
fn a_number_is_given_once_and_in_turn() {
    let (mut a, first) = a_note("one\n");
    let mut doc = LiveDocument::new(actor(9));
    assert_eq!(quarantine(&mut doc, &first, actor(3)), Reason::Actor { found: actor(1) });
    let edits: Vec<_> = (0..3)
        .map(|n| note::append(&mut a, NOW, &format!("{n}")).unwrap().unwrap().changes[0].clone())
        .collect();
    doc.apply(&[&first], actor(1));
    assert_eq!(quarantine(&mut doc, &edits[1], actor(1)), Reason::Number { found: 3, expected: 2 });

    // Another change with the number of the first edit, on the same past.
    let (mut twin, _) = a_note("one\n");
    let forked = note::append(&mut twin, NOW, "forked").unwrap().unwrap().changes[0].clone();
    doc.apply(&[&edits[0]], actor(1));
    assert_eq!(quarantine(&mut doc, &forked, actor(1)), Reason::Number { found: 2, expected: 3 });
    // It stands in nobody's way: its own actor goes on, and so do others, in the same call as it.
    let applied = doc.apply(&[&forked, &edits[1], &edits[0], &edits[2]], actor(1));
    assert_eq!((applied.quarantined.len(), applied.changed()), (1, true));
    assert_eq!(applied.quarantined[0].index, Some(0));
    assert_eq!(note::view(&doc), note::view(&a));
}

#[test]
fn what_builds_on_the_unknown_waits_and_is_kept_over_a_restart() {
    let (mut a, first) = a_note("one\n");
    let second = note::append(&mut a, NOW, "two").unwrap().unwrap().changes[0].clone();
    let mut b = LiveDocument::new(actor(2));
    b.apply(&[&first, &second], actor(1));
    let third = note::append(&mut b, NOW, "three").unwrap().unwrap().changes[0].clone();

    let mut doc = LiveDocument::new(actor(9));
    let applied = doc.apply(&[&third], actor(2));
    assert_eq!((applied.waiting, applied.changed(), applied.quarantined.len()), (1, false, 0));
    let mut doc = LiveDocument::load(actor(9), &doc.save().unwrap()).unwrap();
    let applied = doc.apply(&[&first], actor(1));
    assert_eq!((applied.waiting, applied.changed()), (1, true));
    let mut doc = LiveDocument::load(actor(9), &doc.save().unwrap()).unwrap();
    let applied = doc.apply(&[&second], actor(1));
    assert_eq!((applied.waiting, applied.changed()), (0, true));
    assert_eq!(note::view(&doc), note::view(&b));
}

/// A change that its actor made before it had seen what it builds on: the guard can't know, admission does.
#[test]
fn a_change_is_held_to_its_own_past() {
    let (doc, _) = a_note("one\n");
    let head = doc.heads()[0];
    let based = || put().deps(vec![head.0.to_vec()]);
    let ops = 3 + "one".len() as u64 + 1;
    let mut probe = doc.clone();
    assert!(matches!(
        quarantine(&mut probe, &based().start_op(1).bytes(), actor(2)),
        Reason::Misfit(Misfit::Numbering { found: 1, .. })
    ));
    let mut probe = doc.clone();
    let Reason::Misfit(Misfit::Numbering { expected, .. }) =
        quarantine(&mut probe, &based().start_op(4_000_000_000).bytes(), actor(2))
    else {
        panic!("burns through the counters");
    };
    assert_eq!(expected, ops + 1);
    let next = || based().start_op(expected);
    assert!(doc.clone().apply(&[&next().bytes()], actor(2)).changed());

    // An object that isn't one (1 is the title), one that isn't seen (no dependencies), a predecessor in another place.
    let inside = |object: u64| {
        next()
            .other(actor(1))
            .column(Column::ObjActor, runs(&[(1, &unsigned(1))]))
            .column(Column::ObjCtr, runs(&[(1, &unsigned(object))]))
    };
    let mut probe = doc.clone();
    assert_eq!(
        quarantine(&mut probe, &inside(1).bytes(), actor(2)),
        Reason::Misfit(Misfit::Object { index: 0 })
    );
    // 2 is the body, a text: no map.
    let mut probe = doc.clone();
    assert_eq!(
        quarantine(&mut probe, &inside(2).bytes(), actor(2)),
        Reason::Misfit(Misfit::Object { index: 0 })
    );
    let mut probe = doc.clone();
    let unseen = put()
        .start_op(1)
        .other(actor(1))
        .column(Column::PredGroup, runs(&[(1, &unsigned(1))]))
        .column(Column::PredActor, runs(&[(1, &unsigned(1))]))
        .column(Column::PredCtr, runs(&[(1, &signed(1))]));
    assert!(matches!(check_change(&unseen.clone().bytes()), Err(GuardError::Op { .. })));
    let elsewhere = unseen
        .clone()
        .start_op(expected)
        .deps(vec![head.0.to_vec()])
        .column(Column::PredCtr, runs(&[(1, &signed(4))]));
    assert_eq!(quarantine(&mut probe, &elsewhere.bytes(), actor(2)), Reason::Misfit(Misfit::Unholdable));
    let stranger = unseen.start_op(expected);
    let mut probe = doc.clone();
    assert!(matches!(
        quarantine(&mut probe, &stranger.bytes(), actor(2)),
        Reason::Misfit(Misfit::Numbering { .. })
    ));
}

/// What is named is held here and not there: taken on one laptop and broken on the other, if nobody asked.
#[test]
fn what_a_change_has_not_seen_is_refused_wherever_it_is_held() {
    let (doc, first) = a_note("one\n");
    let info = check_change(&first).unwrap();
    let mut other = LiveDocument::new(actor(3));
    other.apply(&[&first], actor(1));
    let title =
        note::set_title(&mut other, NOW, &Title::new("Other").unwrap()).unwrap().unwrap().changes[0].clone();
    let unseen = check_change(&title).unwrap().start_op;

    let bytes = Crafted::new(actor(2))
        .deps(vec![info.hash.0.to_vec()])
        .start_op(info.start_op + info.ops as u64)
        .other(actor(3))
        .column(Column::KeyText, [&signed(-2)[..], b"\x01k\x05title"].concat())
        .column(Column::Insert, unsigned(2))
        .column(Column::Action, runs(&[(2, &unsigned(1))]))
        .column(Column::ValueMeta, runs(&[(2, &unsigned(0x16))]))
        .column(Column::Value, b"vv".to_vec())
        .column(Column::PredGroup, [signed(-2), unsigned(0), unsigned(1)].concat())
        .column(Column::PredActor, runs(&[(1, &unsigned(1))]))
        .column(Column::PredCtr, runs(&[(1, &signed(unseen as i64))]))
        .bytes();
    let mut without = doc.clone();
    assert_eq!(quarantine(&mut without, &bytes, actor(2)), Reason::Misfit(Misfit::Unseen { index: 1 }));
    let mut with = doc;
    assert!(with.apply(&[&title], actor(3)).changed());
    assert_eq!(quarantine(&mut with, &bytes, actor(2)), Reason::Misfit(Misfit::Unseen { index: 1 }));
}

#[test]
fn who_builds_on_the_quarantined_is_quarantined_in_any_order() {
    let (doc, _) = a_note("one\n");
    let head = doc.heads()[0];
    let bad = put().deps(vec![head.0.to_vec()]).start_op(4_000_000).bytes();
    let hash = check_change(&bad).unwrap().hash;
    let after = Crafted::new(actor(3)).deps(vec![hash.0.to_vec()]).start_op(4_000_001);
    let after = put().on(after).bytes();
    for turn in [false, true] {
        let mut doc = doc.clone();
        let mut all = vec![(&bad, actor(2)), (&after, actor(3))];
        if turn {
            all.reverse();
        }
        let aside: Vec<_> = all.into_iter().flat_map(|(b, from)| doc.apply(&[b], from).quarantined).collect();
        assert_eq!(aside.len(), 2);
        assert!(aside.iter().any(|q| q.reason == Reason::Misfit(Misfit::BuildsOnQuarantined)));
        // The number is used up: the same verdict wherever it is asked for.
        let again = put().deps(vec![head.0.to_vec()]).start_op(12).bytes();
        assert!(matches!(quarantine(&mut doc, &again, actor(2)), Reason::Number { found: 1, expected: 2 }));
    }
}

/// A batch with one bad change in it: everything else is taken.
#[test]
fn one_bad_change_in_many_is_found() {
    let mut author = LiveDocument::new(actor(1));
    let mut good = Vec::new();
    let (doc, first) = a_note("one\n");
    good.push(first.clone());
    author.apply(&[&first], actor(1));
    let mut doc2 = doc.clone();
    for n in 0..60 {
        good.push(note::append(&mut doc2, NOW, &format!("{n}")).unwrap().unwrap().changes[0].clone());
    }
    // A deletion of an operation in another object: only Automerge finds out.
    let head = ChangeHash(check_change(&first).unwrap().hash.0);
    let info = check_change(&first).unwrap();
    let bad = put()
        .deps(vec![head.0.to_vec()])
        .start_op(info.start_op + info.ops as u64)
        .other(actor(1))
        .column(Column::PredGroup, runs(&[(1, &unsigned(1))]))
        .column(Column::PredActor, runs(&[(1, &unsigned(1))]))
        .column(Column::PredCtr, runs(&[(1, &signed(4))]))
        .bytes();
    let mut doc = LiveDocument::new(actor(9));
    // The bad one waits for the first and is woken in the middle of the batch.
    assert_eq!(doc.apply(&[&bad], actor(2)).waiting, 1);
    let all: Vec<&[u8]> = good.iter().map(Vec::as_slice).collect();
    let applied = doc.apply(&all, actor(1));
    assert_eq!(applied.quarantined.len(), 1, "{applied:?}");
    assert_eq!(applied.quarantined[0].reason, Reason::Misfit(Misfit::Unholdable));
    assert_eq!(note::view(&doc), note::view(&doc2));
}

#[test]
fn objects_nest_only_so_deep() {
    let mut am = automerge::AutoCommit::new().with_actor(automerge::ActorId::from(&[2_u8; 16][..]));
    let mut at = automerge::ROOT;
    for _ in 0..200 {
        at = am.put_object(&at, "x", automerge::ObjType::Map).unwrap();
    }
    let change = am.get_last_local_change().unwrap().raw_bytes().to_vec();
    let mut doc = LiveDocument::new(actor(9));
    assert!(matches!(quarantine(&mut doc, &change, actor(2)), Reason::Misfit(Misfit::Object { index: 16 })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn everything_that_automerge_writes_is_taken(steps in prop::collection::vec((any::<bool>(), step()), 0..40)) {
        let changes = honest(&steps);
        let mut doc = LiveDocument::new(actor(9));
        for (from, bytes) in &changes {
            let parsed = automerge::Change::from_bytes(bytes.clone()).unwrap();
            let info = check_change(bytes).unwrap();
            prop_assert_eq!(info.hash.0, parsed.hash().0);
            prop_assert_eq!((info.seq, info.start_op, info.ops), (parsed.seq(), parsed.start_op().get(), parsed.len()));
            let applied = doc.apply(&[bytes], *from);
            prop_assert_eq!((applied.quarantined, applied.waiting), (vec![], 0));
        }
        // The same in the order of the actors, each in one call, gives the same document; so does a snapshot.
        let mut turned = LiveDocument::new(actor(9));
        for from in [actor(2), actor(1)] {
            let own: Vec<&[u8]> = changes.iter().filter(|(a, _)| *a == from).map(|(_, b)| b.as_slice()).collect();
            prop_assert_eq!(turned.apply(&own, from).quarantined, vec![]);
        }
        prop_assert_eq!(turned.heads(), doc.heads());
        let loaded = LiveDocument::load(actor(8), &doc.save().unwrap()).unwrap();
        prop_assert_eq!(loaded.heads(), doc.heads());
    }

    /// Changes with a few bytes turned and their checksum put right: never a panic, and whatever is taken can be
    /// shown, saved, loaded and edited.
    #[test]
    fn changes_that_were_tampered_with_do_no_harm(
        steps in prop::collection::vec((any::<bool>(), step()), 1..30),
        which in any::<prop::sample::Index>(),
        turns in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut changes = honest(&steps);
        let which = which.index(changes.len());
        changes[which].1 = chunks::tampered(&changes[which].1, &turns);
        let mut doc = LiveDocument::new(actor(9));
        for (from, bytes) in &changes {
            doc.apply(&[bytes], *from);
        }
        note::view(&doc);
        let saved = doc.save().unwrap();
        let loaded = LiveDocument::load(actor(8), &saved).unwrap();
        prop_assert_eq!(loaded.heads(), doc.heads());
        prop_assert_eq!(note::view(&loaded), note::view(&doc));
        prop_assert!(page::set_name(&mut doc, NOW, &Name::new("Anna").unwrap()).is_ok());
    }
}
