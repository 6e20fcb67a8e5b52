//! Who gets which secret, and what is sealed under.

use crate::people::{admit, catch_up, crafted, device, found, leave};
use snug_circle::op::kind;
use snug_circle::{
    EpochAnnouncement, EpochError, EpochGrant, EpochInserted, Epochs, GrantError, MembershipLog, MintError,
    OpBody, SealedSecret, epoch_id,
};
use snug_crypto::{DeviceSecret, EpochSecret, SeededEntropy, Verified, context, hpke_seal};
use snug_types::{CircleId, EpochId, OpHash, bound, to_bytes};

/// Mints, and holds what was minted.
fn mint(epochs: &mut Epochs, log: &MembershipLog, by: &DeviceSecret, seed: u64) -> EpochId {
    let epoch = epochs.mint(log, by, &mut SeededEntropy::new(seed)).unwrap();
    assert_eq!(epochs.insert(log, by, epoch.clone()), Ok(EpochInserted::Held { secret: true }));
    epoch.id()
}

/// An announcement as a hostile member may make it, of one that is well made.
fn altered(
    good: &EpochAnnouncement,
    author: &DeviceSecret,
    change: impl FnOnce(&mut EpochAnnouncement),
) -> Verified<EpochAnnouncement> {
    let mut body = good.clone();
    body.author = author.id();
    change(&mut body);
    Verified::sign(body, author).unwrap()
}

#[test]
fn every_current_device_gets_the_secret_and_nobody_else() {
    let (anna, bela, cili) = (device(1), device(2), device(3));
    let (mut log, _) = found(&anna);
    admit(&mut log, &anna, &bela);
    let mut hers = Epochs::new(log.circle());
    let id = mint(&mut hers, &log, &anna, 1);
    assert_eq!(hers.choose(&log), Some(id));
    let announcement = hers.get(&id).unwrap().clone();

    let mut his = Epochs::new(log.circle());
    assert_eq!(his.insert(&log, &bela, announcement.clone()), Ok(EpochInserted::Held { secret: true }));
    assert_eq!(his.secret(&id).unwrap().as_bytes(), hers.secret(&id).unwrap().as_bytes());
    assert_eq!(his.insert(&log, &bela, announcement.clone()), Ok(EpochInserted::Known));

    // A newcomer holds the announcement and is granted the secret: no new epoch is needed.
    admit(&mut log, &bela, &cili);
    let mut theirs = Epochs::new(log.circle());
    assert_eq!(theirs.insert(&log, &cili, announcement), Ok(EpochInserted::Held { secret: false }));
    assert_eq!(theirs.choose(&log), None, "what can't be sealed under isn't chosen");
    let grant = his.grant(&log, &bela, id, cili.id(), &mut SeededEntropy::new(2)).unwrap();
    assert_eq!(theirs.accept_grant(&log, &cili, &grant), Ok(true));
    assert_eq!(theirs.accept_grant(&log, &cili, &grant), Ok(false));
    assert_eq!(theirs.choose(&log), Some(id));
    assert_eq!(hers.choose(&log), Some(id));
}

#[test]
fn a_leave_needs_a_new_epoch() {
    let (anna, bela) = (device(1), device(2));
    let (mut log, _) = found(&anna);
    admit(&mut log, &anna, &bela);
    let mut epochs = Epochs::new(log.circle());
    let old = mint(&mut epochs, &log, &anna, 1);
    leave(&mut log, &bela, vec![]);
    assert_eq!(epochs.choose(&log), None);
    let new = mint(&mut epochs, &log, &anna, 2);
    assert_eq!(epochs.choose(&log), Some(new));
    assert_ne!(old, new);

    // Who left holds the announcement of the new one and gets nothing out of it, nor by a grant.
    let mut his = Epochs::new(log.circle());
    let announcement = epochs.get(&new).unwrap().clone();
    assert!(announcement.recipients.iter().all(|to| to.device != bela.id()));
    assert_eq!(his.insert(&log, &bela, announcement), Ok(EpochInserted::Held { secret: false }));
    let mut entropy = SeededEntropy::new(3);
    let not_current = GrantError::NotCurrent { device: bela.id() };
    for epoch in [old, new] {
        assert_eq!(epochs.grant(&log, &anna, epoch, bela.id(), &mut entropy), Err(not_current));
    }
    assert_eq!(his.mint(&log, &bela, &mut entropy), Err(MintError::NotCurrent { author: bela.id() }));
}

#[test]
fn several_for_one_frontier_are_legal_and_the_lowest_is_sent_under() {
    let (anna, bela) = (device(1), device(2));
    let (mut log, _) = found(&anna);
    admit(&mut log, &anna, &bela);
    let (mut hers, mut his) = (Epochs::new(log.circle()), Epochs::new(log.circle()));
    let first = mint(&mut hers, &log, &anna, 1);
    let second = mint(&mut his, &log, &bela, 2);
    hers.insert(&log, &anna, his.get(&second).unwrap().clone()).unwrap();
    his.insert(&log, &bela, hers.get(&first).unwrap().clone()).unwrap();
    assert_eq!(hers.choose(&log), Some(first.min(second)));
    assert_eq!(his.choose(&log), Some(first.min(second)));
    assert!(his.secret(&first).is_some() && hers.secret(&second).is_some(), "both are accepted");

    // One that knows more of the membership goes before both, whatever its id.
    admit(&mut log, &anna, &device(3));
    let later = mint(&mut hers, &log, &anna, 3);
    assert_eq!(hers.choose(&log), Some(later));
}

#[test]
fn concurrent_leaves_need_an_epoch_that_covers_both() {
    let people: Vec<_> = (0..4).map(device).collect();
    let (mut log, _) = found(&people[0]);
    for newcomer in &people[1..] {
        admit(&mut log, &people[0], newcomer);
    }
    let mut there = crate::people::up_to(&log, &log.heads());
    leave(&mut log, &people[2], vec![]);
    leave(&mut there, &people[3], vec![]);
    let (mut here_epochs, mut there_epochs) = (Epochs::new(log.circle()), Epochs::new(log.circle()));
    let here = mint(&mut here_epochs, &log, &people[0], 1);
    let over_there = mint(&mut there_epochs, &there, &people[1], 2);
    catch_up(&there, &mut log);
    here_epochs.insert(&log, &people[0], there_epochs.get(&over_there).unwrap().clone()).unwrap();
    assert!(here_epochs.secret(&here).is_some() && here_epochs.secret(&over_there).is_some());
    assert_eq!(here_epochs.choose(&log), None, "each was sealed to one of those who left");
    let both = mint(&mut here_epochs, &log, &people[0], 3);
    assert_eq!(here_epochs.choose(&log), Some(both));
}

#[test]
fn announcements_are_judged_at_their_heads() {
    let (anna, bela, cili) = (device(1), device(2), device(3));
    let (mut log, _) = found(&anna);
    let alone = log.heads();
    admit(&mut log, &anna, &bela);
    let mut epochs = Epochs::new(log.circle());
    let good = epochs.mint(&log, &anna, &mut SeededEntropy::new(1)).unwrap();
    let mut refused = |why: &str, epoch, error| {
        assert_eq!(epochs.insert(&log, &anna, epoch), Err(error), "{why}");
    };
    let stranger = EpochError::NotCurrent { author: cili.id() };
    refused("a stranger's", altered(&good, &cili, |_| ()), stranger);
    refused(
        "before the author came",
        altered(&good, &bela, |e| e.heads = alone.clone()),
        EpochError::NotCurrent { author: bela.id() },
    );
    refused("no heads", altered(&good, &anna, |e| e.heads.clear()), EpochError::Heads);
    let both = || {
        let mut both = [alone.clone(), log.heads()].concat();
        both.sort_unstable();
        both
    };
    refused("heads before heads", altered(&good, &anna, |e| e.heads = both()), EpochError::Heads);
    refused(
        "another circle",
        altered(&good, &anna, |e| e.circle = CircleId([1; 32])),
        EpochError::WrongCircle,
    );
    refused(
        "one left out",
        altered(&good, &anna, |e| {
            e.recipients.pop();
        }),
        EpochError::Recipients,
    );
    let extra = SealedSecret { device: cili.id(), ..good.recipients[0] };
    let add = |e: &mut EpochAnnouncement| {
        e.recipients.push(extra);
        e.recipients.sort_unstable();
    };
    refused("one too many", altered(&good, &anna, add), EpochError::Recipients);
    let wrapped = |n: u32| {
        let mut epoch = [0; 32];
        epoch[..4].copy_from_slice(&n.to_be_bytes());
        snug_circle::WrappedSecret { epoch: EpochId(epoch), sealed: vec![0; 8 << 10] }
    };
    let large = altered(&good, &anna, |e| e.predecessors = (0..64).map(wrapped).collect());
    let bytes = to_bytes(&*large).len();
    refused("too large", large, EpochError::TooLarge { bytes });
    assert!(bytes > bound::EPOCH_BYTES);
}

/// A member who seals rubbish, or another secret than the one committed to, only hinders: a grant heals it.
#[test]
fn a_secret_that_is_not_the_one_committed_to_is_not_taken() {
    let (anna, bela) = (device(1), device(2));
    let (mut log, _) = found(&anna);
    admit(&mut log, &anna, &bela);
    let mut hers = Epochs::new(log.circle());
    let id = mint(&mut hers, &log, &anna, 1);
    let other = mint(&mut hers, &log, &anna, 2);
    let (good, another) = (hers.get(&id).unwrap().clone(), hers.get(&other).unwrap().clone());

    let mut his = Epochs::new(log.circle());
    let swapped = altered(&good, &anna, |e| e.recipients.clone_from(&another.recipients));
    assert_eq!(swapped.id(), id);
    assert_eq!(his.insert(&log, &bela, swapped), Ok(EpochInserted::Held { secret: false }));

    let mut entropy = SeededEntropy::new(3);
    let wrong = hers.grant(&log, &anna, other, bela.id(), &mut entropy).unwrap();
    let wrong = Verified::sign(EpochGrant { epoch: id, ..(*wrong).clone() }, &anna).unwrap();
    assert_eq!(his.accept_grant(&log, &bela, &wrong), Err(GrantError::WrongSecret));
    // Sealed by the book for this very place, but not what was committed to.
    let aad = [log.circle().as_bytes().as_slice(), id.as_bytes(), bela.id().as_bytes()].concat();
    let info = context::EPOCH_SEAL.as_bytes();
    let sealed = hpke_seal(&bela.public(), info, &aad, &[1; 32], &mut entropy).unwrap().try_into().unwrap();
    let to = SealedSecret { device: bela.id(), sealed };
    let false_one = Verified::sign(EpochGrant { to, ..(*wrong).clone() }, &anna).unwrap();
    assert_eq!(his.accept_grant(&log, &bela, &false_one), Err(GrantError::WrongSecret));
    // The same epoch, well sealed, comes from somebody else: it takes the place of the other.
    let better = altered(&good, &bela, |_| ());
    assert_eq!(his.insert(&log, &bela, better.clone()), Ok(EpochInserted::Held { secret: true }));
    assert_eq!(his.get(&id), Some(&better));
}

#[test]
fn an_epoch_is_bound_to_its_secret() {
    let (secret, other) = (EpochSecret::from_bytes([1; 32]), EpochSecret::from_bytes([2; 32]));
    let heads = [OpHash([3; 32])];
    assert_ne!(epoch_id(&heads, &secret.commitment()), epoch_id(&heads, &other.commitment()));
    assert_ne!(epoch_id(&heads, &secret.commitment()), epoch_id(&[OpHash([4; 32])], &secret.commitment()));
}

#[test]
fn grants_are_for_us_and_from_members() {
    let (anna, bela, cili) = (device(1), device(2), device(3));
    let (mut log, _) = found(&anna);
    admit(&mut log, &anna, &bela);
    admit(&mut log, &anna, &cili);
    let mut epochs = Epochs::new(log.circle());
    let id = mint(&mut epochs, &log, &anna, 1);
    let mut entropy = SeededEntropy::new(2);
    let grant = epochs.grant(&log, &anna, id, bela.id(), &mut entropy).unwrap();
    let mut his = Epochs::new(log.circle());
    assert_eq!(his.accept_grant(&log, &bela, &grant), Err(GrantError::NotHeld { epoch: id }));
    assert_eq!(his.accept_grant(&log, &cili, &grant), Err(GrantError::NotForUs));
    let elsewhere = EpochGrant { circle: CircleId([1; 32]), ..(*grant).clone() };
    let elsewhere = Verified::sign(elsewhere, &anna).unwrap();
    assert_eq!(his.accept_grant(&log, &bela, &elsewhere), Err(GrantError::NotForUs));
    let stranger = device(9);
    let theirs =
        Verified::sign(EpochGrant { granter: stranger.id(), ..(*grant).clone() }, &stranger).unwrap();
    let refused = Err(GrantError::Stranger { device: stranger.id() });
    assert_eq!(his.accept_grant(&log, &bela, &theirs), refused);
    assert_eq!(
        epochs.grant(&log, &anna, EpochId([0; 32]), bela.id(), &mut entropy),
        Err(GrantError::NotHeld { epoch: EpochId([0; 32]) })
    );
}

#[test]
fn announcements_wait_for_their_heads_and_not_in_each_others_way() {
    let (anna, bela, cili) = (device(1), device(2), device(3));
    let (mut log, _) = found(&anna);
    let mut late = crate::people::up_to(&log, &log.heads());
    admit(&mut log, &anna, &bela);
    let mut hers = Epochs::new(log.circle());
    let id = mint(&mut hers, &log, &anna, 1);
    let good = hers.get(&id).unwrap().clone();

    let mut his = Epochs::new(log.circle());
    // A stranger announces the same id first.
    assert_eq!(his.insert(&late, &bela, altered(&good, &cili, |_| ())), Ok(EpochInserted::Waiting));
    assert_eq!(his.insert(&late, &bela, good.clone()), Ok(EpochInserted::Waiting));
    assert_eq!(his.insert(&late, &bela, good.clone()), Ok(EpochInserted::Known));
    assert!(his.settle(&late, &bela).is_empty());
    catch_up(&log, &mut late);
    assert_eq!(his.settle(&late, &bela), [id]);
    assert_eq!(his.choose(&late), Some(id));

    let far = |n: u8| altered(&good, &anna, |e| e.heads = vec![OpHash([n; 32])]);
    let full = (0..200).map(|n| his.insert(&late, &bela, far(n))).find(Result::is_err);
    assert_eq!(full, Some(Err(EpochError::WaitingFull)));
}

#[test]
fn what_was_stored_comes_back() {
    let (anna, bela) = (device(1), device(2));
    let (mut log, _) = found(&anna);
    admit(&mut log, &anna, &bela);
    let mut epochs = Epochs::new(log.circle());
    let id = mint(&mut epochs, &log, &anna, 1);
    let mut again = Epochs::new(log.circle());
    again.restore(epochs.get(&id).unwrap().clone(), epochs.secret(&id).cloned());
    assert_eq!(again.choose(&log), Some(id));
    assert_eq!(again.iter().collect::<Vec<_>>(), [(&id, true)]);
}

#[test]
fn a_frozen_circle_mints_nothing_and_holds_what_comes() {
    let (anna, bela) = (device(1), device(2));
    let (mut log, _) = found(&anna);
    admit(&mut log, &anna, &bela);
    let mut epochs = Epochs::new(log.circle());
    let id = mint(&mut epochs, &log, &anna, 1);
    let good = epochs.get(&id).unwrap().clone();
    let link = OpBody::Unknown { kind: kind::LINK, bytes: vec![] };
    let link = crafted(&anna, log.circle(), &log.heads(), link);
    log.insert(link).unwrap();
    assert_eq!(epochs.mint(&log, &anna, &mut SeededEntropy::new(2)), Err(MintError::Frozen));
    // A laptop of a later version seals to devices that this one doesn't know.
    let newer = altered(&good, &device(8), |e| {
        e.heads = log.heads();
        e.recipients.push(SealedSecret { device: device(8).id(), ..good.recipients[0] });
        e.recipients.sort_unstable();
    });
    assert_eq!(epochs.insert(&log, &anna, newer), Ok(EpochInserted::Held { secret: false }));
}
