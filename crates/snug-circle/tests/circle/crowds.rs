//! Members who make as much of something as they can: others go on, and who left stays outside.

use crate::people::{accepted, admit, crafted, device, found, header, insert, up_to};
use proptest::prelude::*;
use snug_circle::{
    EpochInserted, Epochs, MembershipLog, MintError, OpBody, Verdict, entry_verdict, member_of_first,
};
use snug_crypto::{DeviceSecret, SeededEntropy, random};
use snug_types::{OpHash, bound};

/// Hans admits invented people on nothing but his own admission, and each of them leaves: as many heads, all removals.
fn crowd(log: &mut MembershipLog, hans: &DeviceSecret, admitted: OpHash, size: u64) {
    let circle = log.circle();
    for n in 0..size {
        let invented = device(10_000 + n);
        let body = OpBody::Admit(accepted(circle, hans, &invented));
        let came = insert(log, &crafted(hans, circle, &[admitted], body));
        let member = member_of_first(&invented.public());
        insert(log, &crafted(&invented, circle, &[came], OpBody::Leave { member, tips: vec![] }));
    }
}

fn merge(log: &mut MembershipLog, by: &DeviceSecret) {
    while log.has_many_heads() {
        let op = log.merge(by).unwrap();
        insert(log, &op);
    }
}

#[test]
fn whoever_left_amid_a_crowd_is_sealed_to_by_nobody() {
    let (anna, hans, cili) = (device(1), device(2), device(3));
    let (mut log, _) = found(&anna);
    let circle = log.circle();
    let hans_came = admit(&mut log, &anna, &hans);
    admit(&mut log, &anna, &cili);
    crowd(&mut log, &hans, hans_came, 150);
    // Hans picks a leave that sorts last among the leaves.
    let member = member_of_first(&hans.public());
    let leave = |n| OpBody::Leave {
        member,
        tips: vec![crate::people::tip(&hans, n, snug_types::EntryHash([1; 32]))],
    };
    let before = log.heads();
    let leave = (1..200).map(|n| crafted(&hans, circle, &[hans_came], leave(n))).max_by_key(|op| op.hash());
    let left = insert(&mut log, &leave.unwrap());
    assert_eq!(log.heads(), before, "what may be named doesn't tell of the leave");
    assert!(log.all_heads().contains(&left), "all heads do");

    // Refused, rather than sealed to somebody who left.
    let mut epochs = Epochs::new(circle);
    let many = MintError::ManyHeads { heads: log.all_heads().len() };
    for author in [&anna, &cili] {
        assert_eq!(epochs.mint(&log, author, &mut SeededEntropy::new(5)), Err(many));
    }
    // And not for ever: either of them merges, goes on, and what she writes counts.
    for author in [&anna, &cili] {
        let mut log = up_to(&log, &log.all_heads().iter().copied().collect::<Vec<_>>());
        merge(&mut log, author);
        assert_eq!(log.heads().len(), log.all_heads().len());
        let minted = epochs.mint(&log, author, &mut SeededEntropy::new(6)).unwrap();
        assert!(minted.recipients.iter().all(|to| to.device != hans.id()));
        let id = minted.id();
        assert_eq!(epochs.insert(&log, author, minted.clone()), Ok(EpochInserted::Held { secret: true }));
        assert_eq!(epochs.choose(&log), Some(id));
        assert_eq!(entry_verdict(&log, &header(&log, author, 1)), Verdict::Accept);
        let his = Epochs::new(circle).insert(&log, &hans, minted);
        assert_eq!(his, Ok(EpochInserted::Held { secret: false }));
        epochs = Epochs::new(circle);
    }
    // Who left can't merge.
    assert!(log.merge(&hans).is_err());
}

#[test]
fn a_merge_joins_what_is_concurrent_and_says_nothing_else() {
    let (anna, bela) = (device(1), device(2));
    let (mut log, _) = found(&anna);
    let base = admit(&mut log, &anna, &bela);
    let circle = log.circle();
    let side = |n| crafted(&anna, circle, &[base], OpBody::Admit(accepted(circle, &anna, &device(n))));
    let (one, two) = (insert(&mut log, &side(3)), insert(&mut log, &side(4)));
    let before = log.current().clone();
    assert!(log.insert(crafted(&anna, circle, &[one], OpBody::Merge)).is_err(), "one head isn't merged");
    assert!(log.insert(crafted(&device(9), circle, &[one, two], OpBody::Merge)).is_err(), "a stranger's");
    let merged = log.merge(&bela).unwrap();
    let merged = insert(&mut log, &merged);
    assert_eq!(log.heads(), [merged]);
    assert_eq!(log.current(), &before);
    assert_eq!(*log.at(&[merged]).unwrap(), before);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whoever merges what, and in whatever order it comes: the same membership, and the same heads.
    #[test]
    fn merges_in_any_order_say_the_same(size in 33_u64..80, picks in prop::collection::vec(0..2_usize, 4), seed: u64) {
        let (anna, hans) = (device(1), device(2));
        let (mut log, _) = found(&anna);
        let came = admit(&mut log, &anna, &hans);
        crowd(&mut log, &hans, came, size);
        let by = [&anna, &hans];
        // Several merge at once, each what they hold.
        let mut sides: Vec<_> = picks.iter().map(|pick| {
            let mut side = up_to(&log, &log.all_heads().iter().copied().skip(*pick).collect::<Vec<_>>());
            merge(&mut side, by[*pick]);
            side
        }).collect();
        for side in &mut sides {
            for (_, op) in side.iter() {
                log.insert(op.clone()).unwrap();
            }
        }
        let mut ops: Vec<_> = log.iter().map(|(_, op)| op.clone()).collect();
        let mut entropy = SeededEntropy::new(seed);
        ops.sort_by_cached_key(|_| random::<8>(&mut entropy));
        let mut other = MembershipLog::new(log.circle());
        for op in ops {
            other.insert(op).unwrap();
        }
        prop_assert_eq!(other.current(), log.current());
        prop_assert_eq!(other.all_heads(), log.all_heads());
        prop_assert!(log.all_heads().len() <= bound::HEADS);
    }
}
