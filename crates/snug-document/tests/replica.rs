//! What a window on this very laptop writes: taken whole, or refused without a trace.
#![allow(clippy::unwrap_used, clippy::expect_used)] // Helpers of tests are tests.

use snug_document::admission::Misfit;
use snug_document::{Edit, LiveDocument, Reason, Unfit, markdown, note};
use snug_types::{ActorId, Title, UnixMillis};

const NOW: UnixMillis = UnixMillis(1_790_000_000_000);

fn actor(n: u8) -> ActorId {
    ActorId([n; 16])
}

/// A note in the core, which is actor 1, and a window's copy of it, which is actor 2.
fn a_note() -> (LiveDocument, LiveDocument) {
    let body = markdown::parse("one\n").unwrap();
    let (core, edit) = note::create(actor(1), NOW, &Title::new("Note").unwrap(), &body).unwrap();
    let mut window = LiveDocument::new(actor(2));
    window.apply(&raw(&edit), actor(1));
    (core, window)
}

fn raw(edit: &Edit) -> Vec<&[u8]> {
    edit.changes.iter().map(Vec::as_slice).collect()
}

fn append(document: &mut LiveDocument, text: &str) -> Vec<u8> {
    note::append(document, NOW, text).unwrap().unwrap().changes[0].clone()
}

#[test]
fn what_a_window_writes_is_taken_in_its_order() {
    let (mut core, mut window) = a_note();
    let (two, three) = (append(&mut window, "two"), append(&mut window, "three"));
    let edit = core.write(&[&two, &three], actor(2)).unwrap();
    assert_eq!((raw(&edit), edit.newest), (vec![&two[..], &three[..]], window.heads()[0]));
    assert_eq!(note::view(&core), note::view(&window));

    // The core writes on, and so does the window once it was told.
    let told = note::append(&mut core, NOW, "four").unwrap().unwrap();
    assert_eq!(window.apply(&raw(&told), actor(1)).taken, told.changes);
    let five = append(&mut window, "five");
    core.write(&[&five], actor(2)).unwrap();
    assert_eq!(core.heads(), window.heads());
}

#[test]
fn what_is_refused_leaves_no_trace() {
    let (mut core, mut window) = a_note();
    let (two, three, four) =
        (append(&mut window, "two"), append(&mut window, "three"), append(&mut window, "four"));
    let mut compressed = two.clone();
    compressed[8] = 2;
    // Somebody else's change, which the core hasn't seen.
    let (_, mut ahead) = a_note();
    let mut other = LiveDocument::load(actor(3), &ahead.save().unwrap()).unwrap();
    let unseen = append(&mut other, "unseen");
    ahead.apply(&[&unseen], actor(3));
    let ahead = append(&mut ahead, "on it");
    // Two by one actor, of which the second doesn't build on the first.
    let (_, mut twin) = a_note();
    let forked = append(&mut twin, "forked");
    let before = (core.heads(), core.save().unwrap());
    let number = |found, expected| Unfit::Change(Reason::Number { found, expected });
    for (changes, unfit) in [
        (vec![&two[..]; 0], Unfit::Nothing),
        (vec![&two, &two], number(1, 2)),
        (vec![&two, &four], number(3, 2)),
        (vec![&three], number(2, 1)),
        (vec![&two, &forked], number(1, 2)),
        (vec![&ahead], Unfit::Ahead),
        (vec![&unseen], Unfit::Change(Reason::Actor { found: actor(3) })),
    ] {
        assert_eq!(core.write(&changes, actor(2)), Err(unfit));
        assert_eq!((core.heads(), core.save().unwrap()), before);
    }
    for bytes in [&compressed[..], &two[..two.len() - 1], b"typing"] {
        assert!(matches!(core.write(&[&two, bytes], actor(2)), Err(Unfit::Change(Reason::Guard(_)))));
        assert_eq!((core.heads(), core.save().unwrap()), before);
    }
    // No number was lost.
    core.write(&[&two, &three, &four], actor(2)).unwrap();
    assert_eq!(note::view(&core), note::view(&window));
}

/// A change that admission refuses, after one that it takes.
#[test]
fn a_write_is_taken_whole_or_not_at_all() {
    let (mut core, mut window) = a_note();
    let two = append(&mut window, "two");
    // As if it had seen another first change: its own past isn't the one that is here.
    let (_, mut elsewhere) = a_note();
    append(&mut elsewhere, "elsewhere");
    let three = append(&mut elsewhere, "three");
    let before = core.heads();
    assert!(matches!(
        core.write(&[&two, &three], actor(2)),
        Err(Unfit::Ahead | Unfit::Change(Reason::Misfit(Misfit::LeavesOutPredecessor)))
    ));
    assert_eq!(core.heads(), before);
    core.write(&[&two], actor(2)).unwrap();
}

/// An actor of which something waits has numbers that the document doesn't show.
#[test]
fn an_actor_whose_changes_wait_writes_nothing() {
    let (mut core, mut window) = a_note();
    let (two, three) = (append(&mut window, "two"), append(&mut window, "three"));
    let mut waits = LiveDocument::new(actor(1));
    assert!(waits.may_write(actor(2)));
    waits.apply(&[&two], actor(2));
    assert!(!waits.may_write(actor(2)) && waits.may_write(actor(1)));
    assert!(waits.write(&[&three], actor(2)).is_err());
    core.apply(&[&two], actor(2));
    assert!(core.may_write(actor(2)));
}

/// Whoever is told of what was taken can take it in that order.
#[test]
fn what_had_waited_is_told_after_what_it_waited_for() {
    let body = markdown::parse("one\n").unwrap();
    let (_, made) = note::create(actor(1), NOW, &Title::new("Note").unwrap(), &body).unwrap();
    let (core, mut window) = a_note();
    let mut twin = window.clone();
    let (two, three) = (append(&mut window, "two"), append(&mut window, "three"));
    let forked = append(&mut twin, "forked");
    let mut late = LiveDocument::new(actor(4));
    assert!(late.apply(&[&two, &three], actor(2)).taken.is_empty());
    assert_eq!(late.bytes().unwrap(), b"", "nothing is no bytes");
    assert_eq!(late.apply(&raw(&made), actor(1)).taken, [made.changes[0].clone(), two, three]);
    assert!(late.bytes().unwrap().len() > core.bytes().unwrap().len());

    let four = append(&mut window, "four");
    let applied = late.apply(&[&forked, &four], actor(2));
    assert_eq!((applied.taken, applied.quarantined.len()), (vec![four], 1), "what is put aside isn't told");
}
