//! Members who make as much of something as they can: others go on, and who left stays outside.

use crate::people::{accepted, admit, crafted, device, found, header, insert, leave, tip, two_faced, up_to};
use proptest::prelude::*;
use snug_circle::{
    EpochAnnouncement, EpochError, EpochInserted, Epochs, MembershipLog, MintError, OpBody, Quarantine,
    SealedSecret, Verdict, entry_verdict, member_of_first, member_page,
};
use snug_crypto::{DeviceSecret, SeededEntropy, Verified, random};
use snug_types::{DeviceId, EntryHash, OpHash, bound};

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
    let leave = |n| OpBody::Leave { member, tips: vec![tip(&hans, n, EntryHash([1; 32]))] };
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

/// One signing key, admitted with two sealing keys by two at once.
#[test]
fn a_device_has_one_sealing_key_whichever_admission_comes_first() {
    let (anna, bela, one, two) = (device(1), device(2), device(50), two_faced(50));
    let (mut log, _) = found(&anna);
    let circle = log.circle();
    let base = admit(&mut log, &anna, &bela);
    let by =
        |who: &DeviceSecret, face| crafted(who, circle, &[base], OpBody::Admit(accepted(circle, who, face)));
    let (x, y) = (by(&anna, &one), by(&bela, &two));
    let (low, high) = if x.hash() < y.hash() { ((&x, &one), (&y, &two)) } else { ((&y, &two), (&x, &one)) };
    let mut orders = [up_to(&log, &[base]), up_to(&log, &[base])];
    for (log, ops) in orders.iter_mut().zip([[&x, &y], [&y, &x]]) {
        for op in ops {
            insert(log, op);
        }
        assert_eq!(log.current().device(one.id()).unwrap().public, low.1.public());
        assert!(log.current().member(member_of_first(&high.1.public())).is_none(), "a phantom member");
        assert!(log.current().page_owner(member_page(circle, member_of_first(&high.1.public()))).is_none());
    }
    assert_eq!(orders[0].current(), orders[1].current());
    // Whichever member it leaves as, it is gone.
    for (op, face) in [low, high] {
        let mut log = up_to(&orders[0], &orders[0].heads());
        let member = member_of_first(&face.public());
        insert(&mut log, &crafted(face, circle, &[op.hash()], OpBody::Leave { member, tips: vec![] }));
        assert!(!log.current().is_current(one.id()));
        assert_eq!(log.current().current_members().count(), 2);
    }
}

#[test]
fn nobody_is_frozen_in_by_who_left_and_everybody_may_leave() {
    let (anna, hans) = (device(1), device(2));
    let (mut log, _) = found(&anna);
    let circle = log.circle();
    let h = admit(&mut log, &anna, &hans);
    let unknown = crafted(&hans, circle, &[h], OpBody::Unknown { kind: 999, bytes: vec![] });
    let mut frozen = up_to(&log, &[h]);
    insert(&mut frozen, &unknown);
    assert!(frozen.frozen());
    let way_out = frozen.leave(&anna, vec![]).unwrap();
    insert(&mut frozen, &way_out);
    assert!(!frozen.current().is_current(anna.id()));
    assert!(frozen.leave(&anna, vec![]).is_err(), "once is enough");

    let left = leave(&mut log, &hans, vec![]);
    let late = insert(&mut log, &unknown);
    assert!(!log.frozen(), "signed by who left, with old parents");
    // Nor by somebody invented who follows it.
    let other = crafted(&device(9), circle, &[late], OpBody::Unknown { kind: 999, bytes: vec![] });
    insert(&mut log, &other);
    assert!(!log.frozen());
    assert!(Epochs::new(circle).mint(&log, &anna, &mut SeededEntropy::new(1)).is_ok());
    // What came before a leave goes on freezing.
    let mut before = up_to(&log, &[late]);
    leave(&mut before, &hans, vec![]);
    assert!(before.frozen() && !before.contains(&left));
}

#[test]
fn who_left_cannot_name_more_by_leaving_again() {
    let (anna, hans) = (device(1), device(2));
    let (mut log, _) = found(&anna);
    let circle = log.circle();
    let h = admit(&mut log, &anna, &hans);
    let mut entry = header(&log, &hans, 2);
    entry.heads = vec![h];
    let named = |n: u64| vec![tip(&hans, n, EntryHash([1; 32]))];
    leave(&mut log, &hans, named(1));
    let after = Verdict::Quarantine(Quarantine::AfterLeave);
    assert_eq!(entry_verdict(&log, &entry), after);
    let member = member_of_first(&hans.public());
    insert(&mut log, &crafted(&hans, circle, &[h], OpBody::Leave { member, tips: named(1000) }));
    assert_eq!(entry_verdict(&log, &entry), after);
    insert(&mut log, &crafted(&hans, circle, &[h], OpBody::Leave { member, tips: vec![] }));
    assert_eq!(log.current().device(hans.id()).unwrap().gone.unwrap().last, None);
}

/// Many epochs, each for other heads than the others.
#[test]
fn a_member_who_mints_without_end_stands_in_nobodys_way() {
    let (anna, hans) = (device(1), device(2));
    let (mut log, _) = found(&anna);
    let circle = log.circle();
    let h = admit(&mut log, &anna, &hans);
    let sides: Vec<_> = (0..12)
        .map(|n| {
            let body = OpBody::Admit(accepted(circle, &hans, &device(10_000 + n)));
            insert(&mut log, &crafted(&hans, circle, &[h], body))
        })
        .collect();
    let mut entropy = SeededEntropy::new(9);
    let mut epochs = Epochs::new(circle);
    let mut full = None;
    for n in 1_usize..4000 {
        let mut heads: Vec<_> = (0..12).filter(|bit| n >> bit & 1 == 1).map(|bit| sides[bit]).collect();
        if heads.is_empty() {
            continue;
        }
        heads.sort_unstable();
        let view = log.at(&heads).unwrap();
        let recipients =
            view.current_devices().map(|d| SealedSecret { device: d.public.id(), sealed: [0; 80] }).collect();
        let (author, commitment, predecessors) = (hans.id(), random(&mut entropy), vec![]);
        let epoch = EpochAnnouncement { circle, author, heads, commitment, recipients, predecessors };
        let epoch = Verified::sign(epoch, &hans).unwrap();
        match epochs.insert(&log, &anna, epoch) {
            Ok(inserted) => assert_eq!(inserted, EpochInserted::Held { secret: false }),
            Err(error) => {
                full = Some((n, error));
                break;
            }
        }
        // Looked at every time: what was looked at before isn't again.
        assert_eq!(epochs.choose(&log), None);
    }
    assert_eq!(full, Some((1025, EpochError::Full)));
    leave(&mut log, &hans, vec![]);
    let minted = epochs.mint(&log, &anna, &mut entropy).unwrap();
    assert_eq!(epochs.insert(&log, &anna, minted.clone()), Ok(EpochInserted::Held { secret: true }));
    assert_eq!(epochs.choose(&log), Some(minted.id()));
}

/// A store that is as full as accomplices could make it.
#[test]
fn room_is_kept_for_the_epochs_of_those_who_are_there() {
    let (anna, bela) = (device(1), device(2));
    let (mut log, _) = found(&anna);
    let circle = log.circle();
    admit(&mut log, &anna, &bela);
    let mut entropy = SeededEntropy::new(9);
    let mut epochs = Epochs::new(circle);
    let template = epochs.mint(&log, &bela, &mut entropy).unwrap().into_signed();
    let fill = |epochs: &mut Epochs, entropy: &mut SeededEntropy, to: usize| {
        while epochs.len() < to {
            let mut epoch = template.clone();
            (epoch.body.author, epoch.body.commitment) = (DeviceId(random(entropy)), random(entropy));
            epochs.restore(Verified::trusted(epoch), None);
        }
    };
    let try_one = |epochs: &mut Epochs, by: &DeviceSecret, entropy: &mut SeededEntropy| {
        let minted = epochs.mint(&log, by, entropy).unwrap();
        epochs.insert(&log, &anna, minted)
    };
    let held = Ok(EpochInserted::Held { secret: true });
    fill(&mut epochs, &mut entropy, bound::EPOCHS * 3 / 4);
    for _ in 0..64 {
        assert_eq!(try_one(&mut epochs, &bela, &mut entropy), held);
    }
    assert_eq!(try_one(&mut epochs, &bela, &mut entropy), Err(EpochError::Full), "her share");
    fill(&mut epochs, &mut entropy, bound::EPOCHS - 1024);
    assert_eq!(try_one(&mut epochs, &anna, &mut entropy), held, "this laptop's own");
}

/// Fifteen hundred people come and go, one after another.
#[test]
fn a_long_story_is_read_as_it_comes() {
    let (anna, hans) = (device(1), device(2));
    let (mut log, _) = found(&anna);
    let circle = log.circle();
    let mut head = admit(&mut log, &anna, &hans);
    for n in 0..1500 {
        let guest = device(10_000 + n);
        let came = crafted(&hans, circle, &[head], OpBody::Admit(accepted(circle, &hans, &guest)));
        let came = insert(&mut log, &came);
        let member = member_of_first(&guest.public());
        head = insert(&mut log, &crafted(&guest, circle, &[came], OpBody::Leave { member, tips: vec![] }));
    }
    assert_eq!(log.current().removals().len(), 1500);
    assert_eq!(log.current().current_members().count(), 2);
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
