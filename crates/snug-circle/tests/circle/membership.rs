//! Which operations are valid, and what they say, told as stories.

use crate::people::{accepted, admit, catch_up, crafted, device, found, insert, leave, refusal, tip, up_to};
use snug_circle::{Admission, Inserted, MembershipLog, Op, OpBody, OpError, member_of_first, op::kind};
use snug_crypto::{DevicePublic, DeviceSecret, SeededEntropy, Signature, Verified};
use snug_types::{CircleId, DeviceId, EntryHash, OpHash, bound};

fn three() -> (MembershipLog, DeviceSecret, DeviceSecret, DeviceSecret) {
    let (anna, bela, cili) = (device(1), device(2), device(3));
    let (mut log, _) = found(&anna);
    admit(&mut log, &anna, &bela);
    (log, anna, bela, cili)
}

#[test]
fn a_circle_grows_and_shrinks() {
    let (mut log, anna, bela, cili) = three();
    admit(&mut log, &bela, &cili);
    let by = |d: &DeviceSecret| log.current().member(member_of_first(&d.public())).unwrap().by;
    assert_eq!(by(&anna), None);
    assert_eq!(by(&cili), Some(member_of_first(&bela.public())));

    let before = log.heads();
    let last = tip(&bela, 4, EntryHash([4; 32]));
    let left = leave(&mut log, &bela, vec![last]);
    let now = log.current();
    assert!(now.is_current(anna.id()) && !now.is_current(bela.id()) && now.is_current(cili.id()));
    let gone = now.device(bela.id()).unwrap().gone.unwrap();
    assert_eq!((gone.by, gone.last), (left, Some((last.seq, last.hash))));
    assert_eq!(now.removals().iter().collect::<Vec<_>>(), [&left]);
    assert_eq!(now.current_members().count(), 2);
    assert!(log.at(&before).unwrap().is_current(bela.id()), "she was there then");
    assert!(log.at(&[OpHash([0; 32])]).is_none());
}

#[test]
fn only_current_devices_admit() {
    let (mut log, anna, bela, cili) = three();
    let (circle, heads) = (log.circle(), log.heads());
    let stranger = device(9);
    let by = |author: &DeviceSecret, heads: &[OpHash]| {
        crafted(author, circle, heads, OpBody::Admit(accepted(circle, author, &cili)))
    };
    let not_current = |d: &DeviceSecret| OpError::NotCurrent { author: d.id() };
    assert_eq!(refusal(&mut log, by(&stranger, &heads)), not_current(&stranger));
    assert_eq!(log.admit(&stranger, accepted(circle, &stranger, &cili)).err(), Some(not_current(&stranger)));

    let left = leave(&mut log, &bela, vec![]);
    assert_eq!(refusal(&mut log, by(&bela, &[left])), not_current(&bela));
    // A newcomer can't act on a past in which they weren't there yet.
    let before = log.heads();
    admit(&mut log, &anna, &cili);
    let early = crafted(&cili, circle, &before, OpBody::Admit(accepted(circle, &cili, &stranger)));
    assert_eq!(refusal(&mut log, early), not_current(&cili));
}

#[test]
fn an_admission_proves_that_the_device_wants_in() {
    let (mut log, anna, bela, cili) = three();
    let (circle, heads) = (log.circle(), log.heads());
    let good = accepted(circle, &anna, &cili);
    let by = |author: &DeviceSecret, admission: Admission| {
        crafted(author, circle, &heads, OpBody::Admit(admission))
    };
    let not_accepted = OpError::NotAccepted { device: cili.id() };
    let elsewhere = accepted(CircleId([1; 32]), &anna, &cili);
    for (why, op) in [
        ("no signature", by(&anna, Admission { acceptance: Signature([0; 64]), ..good })),
        ("another's invitation", by(&bela, good)),
        ("another circle's", by(&anna, elsewhere)),
        ("another challenge", by(&anna, Admission { challenge: [0; 32], ..good })),
        ("other sealing key", {
            let device = DevicePublic { seal: bela.public().seal, ..good.device };
            by(&anna, Admission { device, member: member_of_first(&device), ..good })
        }),
    ] {
        assert_eq!(refusal(&mut log, op), not_accepted, "{why}");
    }
    let member = member_of_first(&bela.public());
    let op = by(&anna, Admission { member, ..good });
    assert_eq!(refusal(&mut log, op), OpError::WrongMember { member });

    let weak = DevicePublic {
        sign: DeviceId({
            let mut y = [0; 32];
            y[0] = 1;
            y
        }),
        ..good.device
    };
    let op = by(&anna, Admission { device: weak, member: member_of_first(&weak), ..good });
    assert_eq!(refusal(&mut log, op), OpError::UnsoundDevice { device: weak.id() });
    insert(&mut log, &by(&anna, good));
}

#[test]
fn nobody_is_admitted_twice() {
    let (mut log, anna, bela, _) = three();
    let again = accepted(log.circle(), &anna, &bela);
    let refused = Some(OpError::AlreadyAdmitted { device: bela.id() });
    assert_eq!(log.admit(&anna, again).err(), refused);
    leave(&mut log, &bela, vec![]);
    assert_eq!(log.admit(&anna, again).err(), refused, "not even after leaving");
}

#[test]
fn a_circle_has_a_bound() {
    let anna = device(1);
    let (mut log, _) = found(&anna);
    for n in 2..=bound::MEMBERS as u64 {
        admit(&mut log, &anna, &device(n));
    }
    let one_more = accepted(log.circle(), &anna, &device(900));
    assert_eq!(log.admit(&anna, one_more).err(), Some(OpError::CircleFull));
    leave(&mut log, &device(2), vec![]);
    assert!(log.admit(&anna, one_more).is_ok());
}

#[test]
fn members_leave_for_themselves_and_name_their_own_tips_once() {
    let (mut log, anna, bela, _) = three();
    let (circle, heads) = (log.circle(), log.heads());
    let member = member_of_first(&bela.public());
    let by = |author: &DeviceSecret, tips| crafted(author, circle, &heads, OpBody::Leave { member, tips });
    assert_eq!(refusal(&mut log, by(&anna, vec![])), OpError::LeavesForAnother { author: anna.id(), member });
    let hash = EntryHash([1; 32]);
    for (tips, device) in [
        (vec![tip(&anna, 1, hash)], anna.id()),
        (vec![tip(&bela, 0, hash)], bela.id()),
        (vec![tip(&bela, 1, hash), tip(&bela, 2, hash)], bela.id()),
    ] {
        assert_eq!(refusal(&mut log, by(&bela, tips)), OpError::Tips { device });
    }
    insert(&mut log, &by(&bela, vec![tip(&bela, 1, hash)]));
}

#[test]
fn parents_are_heads_of_one_history() {
    let (mut log, anna, _, cili) = three();
    let circle = log.circle();
    let all: Vec<_> = log.iter().map(|(hash, _)| *hash).collect();
    let body = || OpBody::Admit(accepted(circle, &anna, &cili));
    assert_eq!(refusal(&mut log, crafted(&anna, circle, &[], body())), OpError::Parents);
    assert_eq!(refusal(&mut log, crafted(&anna, circle, &all, body())), OpError::Parents);
    let elsewhere = CircleId([1; 32]);
    assert_eq!(refusal(&mut log, crafted(&anna, elsewhere, &all[1..], body())), OpError::WrongCircle);
}

#[test]
fn a_circle_has_one_founding() {
    let (mut log, anna, bela, _) = three();
    let (_, other) = MembershipLog::found(&bela, &mut SeededEntropy::new(2));
    assert_eq!(refusal(&mut log, other), OpError::WrongCircle);
    // Somebody else's device in the founding operation.
    let body = OpBody::Found { device: bela.public(), nonce: [0; 32] };
    let op = crafted(&anna, CircleId([0; 32]), &[], body);
    let mut empty = MembershipLog::new(CircleId(op.hash().0));
    assert_eq!(refusal(&mut empty, op), OpError::UnsoundDevice { device: bela.id() });
}

/// A copied device: it admits Dora on one laptop and leaves on the other.
#[test]
fn a_leave_wins_over_what_is_concurrent_with_it() {
    let (mut log, anna, bela, cili) = three();
    let (dora, edit) = (device(4), device(5));
    let mut other = up_to(&log, &log.heads());
    admit(&mut other, &bela, &dora);
    let hers = admit(&mut other, &dora, &edit);
    assert!(other.current().is_current(edit.id()));
    leave(&mut log, &bela, vec![]);

    catch_up(&other, &mut log);
    catch_up(&log, &mut other);
    assert_eq!(log.current(), other.current());
    let now = log.current();
    assert!(now.device(dora.id()).is_none(), "her admission fell");
    assert!(now.device(edit.id()).is_none(), "and those that rest on it");
    assert!(log.at(&[hers]).unwrap().is_current(edit.id()), "by what they knew it stood");
    // What fell can be made again, by somebody else.
    admit(&mut log, &anna, &dora);
    admit(&mut log, &dora, &cili);
    assert!(log.current().is_current(dora.id()) && log.current().is_current(cili.id()));
}

#[test]
fn who_was_admitted_before_the_leave_stays() {
    let (mut log, _, bela, cili) = three();
    admit(&mut log, &bela, &cili);
    leave(&mut log, &bela, vec![]);
    assert!(log.current().is_current(cili.id()));
}

#[test]
fn two_inviters_at_once_admit_one_device_once() {
    let (mut log, anna, bela, cili) = three();
    let mut other = up_to(&log, &log.heads());
    let first = admit(&mut log, &anna, &cili);
    let second = admit(&mut other, &bela, &cili);
    catch_up(&other, &mut log);
    assert_eq!(log.current().device(cili.id()).unwrap().admitted, first.min(second));
    // She leaves knowing of one of the two only: she is gone all the same.
    leave(&mut other, &cili, vec![]);
    catch_up(&other, &mut log);
    assert!(!log.current().is_current(cili.id()));
}

/// Whichever admission she leaves after, and whichever has the lower hash: the other one doesn't bring her back.
#[test]
fn an_admission_that_arrives_after_the_leave_brings_nobody_back() {
    let (base, anna, bela, cili) = three();
    for (knows, does_not) in [(&anna, &bela), (&bela, &anna)] {
        let mut here = up_to(&base, &base.heads());
        let mut there = up_to(&base, &base.heads());
        admit(&mut here, knows, &cili);
        leave(&mut here, &cili, vec![]);
        admit(&mut there, does_not, &cili);
        catch_up(&there, &mut here);
        catch_up(&here, &mut there);
        assert!(!here.current().is_current(cili.id()));
        assert_eq!(here.current(), there.current());
    }
}

#[test]
fn what_waits_is_bounded_and_what_waits_for_nothing_is_dropped() {
    let (mut log, anna, _, cili) = three();
    let circle = log.circle();
    let wait = |n: u32| {
        let mut parent = [0; 32];
        parent[..4].copy_from_slice(&n.to_be_bytes());
        crafted(&anna, circle, &[OpHash(parent)], OpBody::Admit(accepted(circle, &anna, &cili)))
    };
    // Whatever waits for an invalid operation goes with it.
    let invalid = crafted(&cili, circle, &log.heads(), OpBody::Unknown { kind: 99, bytes: vec![] });
    let child = crafted(&anna, circle, &[invalid.hash()], OpBody::Unknown { kind: 99, bytes: vec![] });
    let parent = crafted(&anna, circle, &log.heads(), OpBody::Admit(accepted(circle, &anna, &device(8))));
    let grandchild =
        crafted(&cili, circle, &[parent.hash()], OpBody::Admit(accepted(circle, &cili, &device(9))));
    let heir = crafted(&anna, circle, &[grandchild.hash()], OpBody::Admit(accepted(circle, &anna, &cili)));
    assert_eq!(log.insert(child.clone()), Ok(Inserted::Waiting));
    assert_eq!(log.insert(child), Ok(Inserted::Known));
    assert_eq!(log.insert(heir.clone()), Ok(Inserted::Waiting));
    assert_eq!(log.insert(grandchild.clone()), Ok(Inserted::Waiting));
    assert_eq!(log.insert(parent.clone()), Ok(Inserted::Applied(vec![parent.hash()])));
    assert_eq!(log.insert(heir), Ok(Inserted::Waiting), "the heir was forgotten with the invalid grandchild");
    assert!(!log.contains(&grandchild.hash()));

    let refused = (0..2000).map(|n| log.insert(wait(n))).find(Result::is_err);
    assert_eq!(refused, Some(Err(OpError::WaitingFull)));
    let well_made = log.admit(&anna, accepted(circle, &anna, &cili)).unwrap();
    insert(&mut log, &well_made);
}

#[test]
fn an_unknown_kind_freezes_writing_and_is_passed_on() {
    let (mut log, anna, bela, cili) = three();
    let circle = log.circle();
    let before = log.heads();
    let link = crafted(&bela, circle, &before, OpBody::Unknown { kind: kind::LINK, bytes: vec![1, 2, 3] });
    let link = insert(&mut log, &link);
    assert!(log.frozen());
    assert_eq!(log.admit(&anna, accepted(circle, &anna, &cili)).err(), Some(OpError::Frozen));
    let way_out = log.leave(&anna, vec![]).unwrap();
    insert(&mut up_to(&log, &log.heads()), &way_out);

    // A laptop that this version doesn't know writes after it: kept, says nothing here.
    let linked = device(6);
    let admission = OpBody::Admit(accepted(circle, &linked, &cili));
    let op = crafted(&linked, circle, &[link], admission.clone());
    insert(&mut log, &op);
    assert!(!log.current().is_current(cili.id()));
    assert_eq!(log.missing_from(&before).len(), 2, "both are passed on");
    // What doesn't follow it is judged as ever.
    assert!(matches!(
        refusal(&mut log, crafted(&linked, circle, &before, admission)),
        OpError::NotCurrent { .. }
    ));
    assert!(!log.at(&before).unwrap().has_unknown());
    // A stranger can't freeze a circle.
    let (mut calm, ..) = three();
    let op = crafted(&linked, circle, &before, OpBody::Unknown { kind: 99, bytes: vec![] });
    assert_eq!(refusal(&mut calm, op), OpError::NotCurrent { author: linked.id() });
}

#[test]
fn an_operation_has_a_bound() {
    let (mut log, anna, ..) = three();
    let bytes = vec![0; bound::OP_BYTES];
    let op = crafted(&anna, log.circle(), &log.heads(), OpBody::Unknown { kind: 99, bytes });
    assert!(matches!(refusal(&mut log, op), OpError::TooLarge { .. }));
}

/// More concurrent operations than anything may name: the heads that are named stay bounded, and name the leaves.
#[test]
fn heads_stay_bounded() {
    let (mut log, anna, bela, _) = three();
    let (circle, base) = (log.circle(), log.heads());
    for n in 0..80 {
        let body = OpBody::Admit(accepted(circle, &anna, &device(100 + n)));
        insert(&mut log, &crafted(&anna, circle, &base, body));
    }
    let member = member_of_first(&bela.public());
    let left = crafted(&bela, circle, &base, OpBody::Leave { member, tips: vec![] });
    let left = insert(&mut log, &left);
    let heads = log.heads();
    assert_eq!(heads.len(), bound::HEADS);
    assert!(heads.is_sorted() && heads.contains(&left));
    let merge: Verified<Op> = log.admit(&anna, accepted(circle, &anna, &device(99))).unwrap();
    insert(&mut log, &merge);
    assert_eq!(log.heads().len(), 81 - bound::HEADS + 1);
}

#[test]
fn the_order_of_causes_is_told() {
    let (mut log, anna, bela, cili) = three();
    let base = log.heads();
    let mut other = up_to(&log, &base);
    let left = admit(&mut log, &anna, &cili);
    let right = admit(&mut other, &bela, &device(4));
    catch_up(&other, &mut log);
    assert_eq!(log.heads(), {
        let mut heads = vec![left, right];
        heads.sort_unstable();
        heads
    });
    assert!(log.is_ancestor(&base[0], &left) && !log.is_ancestor(&left, &base[0]));
    assert!(!log.is_ancestor(&left, &right) && !log.is_ancestor(&left, &left));
    assert!(log.covers(&[left], &left) && !log.covers(&[left], &right));
    assert!(log.is_antichain(&[left, right]));
    assert!(!log.is_antichain(&[left, base[0]]) && !log.is_antichain(&[left, left]));
    assert!(!log.is_antichain(&[left, OpHash([0; 32])]));
    assert_eq!(log.missing_from(&[left]), [right]);
    assert_eq!(log.unknown(&[left, OpHash([0; 32])]), [OpHash([0; 32])]);
}
