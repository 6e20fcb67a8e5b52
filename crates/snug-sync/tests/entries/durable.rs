//! Durable first: what is told, sent and applied, and when.

use crate::scene::{NOW, PEER, Scene, closed, drain, local, persists};
use snug_circle::MembershipLog;
use snug_crypto::{DeviceSecret, SeededEntropy};
use snug_sync::{CircleSync, LocalError, Output, Restored, Row, SessionId, StopReason};
use snug_types::bound::{FRAME_BYTES, PAYLOAD_BYTES};

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
