use crate::people::{ADDRESS, CIRCLE, DAY, NOON, device, hint, invited, knows, pair, reach};
use proptest::prelude::*;
use snug_crypto::SeededEntropy;
use snug_meet::beacon::{build, recognise};
use snug_meet::{BEACON_BYTES, BeaconError, Hint, InvitationSecret, KeyId, Keyring, Reach, Rotation, SLOTS};
use snug_types::{CircleId, UnixMillis};
use std::collections::BTreeSet;
use std::net::IpAddr;

#[test]
fn a_pair_finds_each_other_and_nobody_else_sees_anything() {
    let mut e = SeededEntropy::new(1);
    let (anna, ben, carla) = (device(&mut e), device(&mut e), device(&mut e));
    let annas = knows(CIRCLE, &anna, &[&ben]);
    let packet = build(&mut e, NOON, ADDRESS, &annas, &[hint(pair(CIRCLE, &ben), 1, Some(&anna))]).unwrap();
    assert_eq!(packet.len(), BEACON_BYTES);

    let heard = |keyring: &Keyring| recognise(NOON, ADDRESS, &packet, keyring);
    assert_eq!(heard(&knows(CIRCLE, &ben, &[&carla, &anna])), vec![(pair(CIRCLE, &anna), reach(1))]);
    assert_eq!(heard(&Keyring::new()), vec![]);
    assert_eq!(heard(&knows(CIRCLE, &carla, &[&anna, &ben])), vec![], "another member");
    assert_eq!(heard(&knows(CircleId([8; 32]), &ben, &[&anna])), vec![], "the same two in another circle");
    assert_eq!(heard(&annas), vec![], "her own packet, coming back by loopback");
}

#[test]
fn a_beacon_is_bound_to_its_address_and_its_days() {
    let mut e = SeededEntropy::new(2);
    let (anna, ben) = (device(&mut e), device(&mut e));
    let (annas, bens) = (knows(CIRCLE, &anna, &[&ben]), knows(CIRCLE, &ben, &[&anna]));
    let packet = build(&mut e, NOON, ADDRESS, &annas, &[hint(pair(CIRCLE, &ben), 1, Some(&anna))]).unwrap();

    let from = |text: &str| recognise(NOON, text.parse::<IpAddr>().unwrap(), &packet, &bens).len();
    assert_eq!(from("192.168.1.20"), 1);
    assert_eq!(from("::ffff:192.168.1.20"), 1, "the same address in its other form");
    assert_eq!(from("192.168.1.21"), 0, "replayed by a neighbour");
    assert_eq!(from("fe80::1"), 0);

    let at = |millis: u64| recognise(UnixMillis(millis), ADDRESS, &packet, &bens).len();
    let midnight = NOON.0 / DAY * DAY;
    assert_eq!([midnight - DAY, midnight, midnight + DAY, midnight + 2 * DAY - 1].map(at), [1; 4]);
    assert_eq!([midnight - DAY - 1, midnight + 2 * DAY, 0, u64::MAX].map(at), [0; 4]);
}

#[test]
fn clocks_at_the_ends_of_time_still_meet() {
    let mut e = SeededEntropy::new(3);
    let (anna, ben) = (device(&mut e), device(&mut e));
    let (annas, bens) = (knows(CIRCLE, &anna, &[&ben]), knows(CIRCLE, &ben, &[&anna]));
    for now in [UnixMillis(0), UnixMillis(u64::MAX)] {
        let packet =
            build(&mut e, now, ADDRESS, &annas, &[hint(pair(CIRCLE, &ben), 1, Some(&anna))]).unwrap();
        assert_eq!(recognise(now, ADDRESS, &packet, &bens).len(), 1);
    }
}

#[test]
fn both_ends_of_an_invitation_find_each_other() {
    let mut e = SeededEntropy::new(4);
    let invitation = InvitationSecret::generate(&mut e);
    let (maker, guest) = invited(&invitation);
    let id = invitation.link().id();
    let (answering, joining) = (KeyId::Answering(id), KeyId::Joining(id));

    let asked = build(&mut e, NOON, ADDRESS, &guest, &[hint(joining, 1, None)]).unwrap();
    assert_eq!(recognise(NOON, ADDRESS, &asked, &maker), vec![(answering, reach(1))]);
    assert_eq!(recognise(NOON, ADDRESS, &asked, &guest), vec![], "another holder of the link");
    // Nobody signs for a joiner: address and day hold all the same.
    let elsewhere = "192.168.1.21".parse::<IpAddr>().unwrap();
    assert_eq!(recognise(NOON, elsewhere, &asked, &maker), vec![]);
    assert_eq!(recognise(NOON.plus(2 * DAY), ADDRESS, &asked, &maker), vec![]);

    let signer = Some(invitation.answering());
    let answered = build(&mut e, NOON, ADDRESS, &maker, &[hint(answering, 2, signer)]).unwrap();
    assert_eq!(recognise(NOON, ADDRESS, &answered, &guest), vec![(joining, reach(2))]);
    assert_eq!(recognise(NOON, ADDRESS, &answered, &maker), vec![]);
}

#[test]
fn full_beacons_reach_everyone_from_any_slot() {
    let mut e = SeededEntropy::new(5);
    let anna = device(&mut e);
    let others: Vec<_> = (0..SLOTS).map(|_| device(&mut e)).collect();
    let annas = knows(CIRCLE, &anna, &others.iter().collect::<Vec<_>>());
    let hints: Vec<_> =
        (1..).zip(&others).map(|(n, them)| hint(pair(CIRCLE, them), n, Some(&anna))).collect();
    let mut places = BTreeSet::new();
    for _ in 0..100 {
        let packet = build(&mut e, NOON, ADDRESS, &annas, &hints).unwrap();
        for (n, them) in (1..).zip(&others) {
            let theirs = knows(CIRCLE, them, &[&anna]);
            assert_eq!(recognise(NOON, ADDRESS, &packet, &theirs), vec![(pair(CIRCLE, &anna), reach(n))]);
        }
        // The first of the hints: the slot whose loss makes its hearer deaf.
        let theirs = knows(CIRCLE, &others[0], &[&anna]);
        let deaf = |slot: usize| {
            let mut packet = packet.clone();
            packet[24 + slot * 147..24 + (slot + 1) * 147].fill(0);
            recognise(NOON, ADDRESS, &packet, &theirs).is_empty()
        };
        places.insert((0..SLOTS).find(|slot| deaf(*slot)).unwrap());
    }
    assert_eq!(places.len(), SLOTS, "a hint's place tells nothing");
}

#[test]
fn more_hints_than_slots_take_turns() {
    let mut e = SeededEntropy::new(6);
    let anna = device(&mut e);
    let others: Vec<_> = (0..20).map(|_| device(&mut e)).collect();
    let annas = knows(CIRCLE, &anna, &others.iter().collect::<Vec<_>>());
    let mut rotation = Rotation::new();
    let packets: Vec<_> = (0..3)
        .map(|_| {
            let hints: Vec<_> =
                rotation.pick(annas.ids()).into_iter().map(|id| hint(id, 1, Some(&anna))).collect();
            build(&mut e, NOON, ADDRESS, &annas, &hints).unwrap()
        })
        .collect();
    for them in &others {
        let theirs = knows(CIRCLE, them, &[&anna]);
        assert!(packets.iter().any(|packet| !recognise(NOON, ADDRESS, packet, &theirs).is_empty()));
    }
}

#[test]
fn no_changed_bit_is_believed() {
    let mut e = SeededEntropy::new(7);
    let (anna, ben) = (device(&mut e), device(&mut e));
    let (annas, bens) = (knows(CIRCLE, &anna, &[&ben]), knows(CIRCLE, &ben, &[&anna]));
    let packet = build(&mut e, NOON, ADDRESS, &annas, &[hint(pair(CIRCLE, &ben), 1, Some(&anna))]).unwrap();
    let whole = recognise(NOON, ADDRESS, &packet, &bens);
    let mut deaf = 0;
    for byte in 0..packet.len() {
        let mut changed = packet.clone();
        changed[byte] ^= 1 << (byte % 8);
        match recognise(NOON, ADDRESS, &changed, &bens) {
            heard if heard.is_empty() => deaf += 1,
            heard => assert_eq!(heard, whole, "byte {byte}"),
        }
    }
    assert_eq!(deaf, 24 + 147, "the nonce and the one slot that isn't a decoy");
}

#[test]
fn a_hint_moved_to_another_packet_is_nothing() {
    let mut e = SeededEntropy::new(8);
    let (anna, ben) = (device(&mut e), device(&mut e));
    let (annas, bens) = (knows(CIRCLE, &anna, &[&ben]), knows(CIRCLE, &ben, &[&anna]));
    let packet = build(&mut e, NOON, ADDRESS, &annas, &[hint(pair(CIRCLE, &ben), 1, Some(&anna))]).unwrap();
    let mut moved = build(&mut e, NOON, ADDRESS, &Keyring::new(), &[]).unwrap();
    moved[24..].copy_from_slice(&packet[24..]);
    assert_eq!(recognise(NOON, ADDRESS, &moved, &bens), vec![]);
}

#[test]
fn a_laptop_that_listens_nowhere_is_not_dialed() {
    let mut e = SeededEntropy::new(9);
    let (anna, ben) = (device(&mut e), device(&mut e));
    let (annas, bens) = (knows(CIRCLE, &anna, &[&ben]), knows(CIRCLE, &ben, &[&anna]));
    for (tcp, quic, heard) in [(0, 0, 0), (1, 0, 1), (0, 1, 1)] {
        let reach = Reach { tcp, quic, ..reach(1) };
        let hints = [Hint { key: pair(CIRCLE, &ben), reach, signer: Some(&anna) }];
        let packet = build(&mut e, NOON, ADDRESS, &annas, &hints).unwrap();
        assert_eq!(recognise(NOON, ADDRESS, &packet, &bens).len(), heard);
    }
}

#[test]
fn mistakes_of_the_caller_are_named() {
    let mut e = SeededEntropy::new(10);
    let (anna, ben, carla) = (device(&mut e), device(&mut e), device(&mut e));
    let mut annas = knows(CIRCLE, &anna, &[&ben]);
    let key = pair(CIRCLE, &ben);
    let mut built =
        |keyring: &Keyring, hints: &[Hint<'_>]| build(&mut e, NOON, ADDRESS, keyring, hints).map(|_| ());
    let good = hint(key, 1, Some(&anna));
    assert_eq!(built(&annas, &[good; SLOTS + 1]), Err(BeaconError::TooMany { found: SLOTS + 1 }));
    assert_eq!(built(&annas, &[good; 2]), Err(BeaconError::Doubled(key)));
    assert_eq!(built(&annas, &[hint(key, 1, Some(&carla))]), Err(BeaconError::Signer(key)));
    assert_eq!(built(&annas, &[hint(key, 1, None)]), Err(BeaconError::Signer(key)));
    assert!(annas.remove(&key));
    assert_eq!(built(&annas, &[good]), Err(BeaconError::UnknownKey(key)));
}

proptest! {
    #[test]
    fn any_bytes_get_silence(bytes in proptest::collection::vec(any::<u8>(), 0..2000), now: u64) {
        let mut e = SeededEntropy::new(11);
        let (anna, ben) = (device(&mut e), device(&mut e));
        let keyring = knows(CIRCLE, &anna, &[&ben]);
        prop_assert_eq!(recognise(UnixMillis(now), ADDRESS, &bytes, &keyring), vec![]);
    }

    #[test]
    fn cut_or_longer_packets_get_silence(length in 0..2400_usize) {
        let mut e = SeededEntropy::new(12);
        let (anna, ben) = (device(&mut e), device(&mut e));
        let (annas, bens) = (knows(CIRCLE, &anna, &[&ben]), knows(CIRCLE, &ben, &[&anna]));
        let hints = [hint(pair(CIRCLE, &ben), 1, Some(&anna))];
        let mut packet = build(&mut e, NOON, ADDRESS, &annas, &hints).unwrap();
        packet.resize(length, 0);
        prop_assert_eq!(recognise(NOON, ADDRESS, &packet, &bens).len(), usize::from(length == BEACON_BYTES));
    }
}
