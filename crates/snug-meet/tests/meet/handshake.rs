use crate::people::{CIRCLE, connection, device, invited, knows, pair};
use proptest::prelude::*;
use snug_crypto::{SeededEntropy, random};
use snug_meet::handshake::{ANSWER_BYTES, CANDIDATES, PROOF_BYTES};
use snug_meet::{
    Channel, Dialer, HandshakeError, Heard, InvitationSecret, KeyId, Keyring, Listener, Outcome,
};
use snug_types::{CircleId, InvitationId, TransportKey};
use std::collections::BTreeSet;

/// What came of a dial, at both ends.
fn meet(seed: u64, dialers: &Keyring, offered: &[KeyId], listeners: &Keyring) -> (Heard, Option<Outcome>) {
    let mut e = SeededEntropy::new(seed);
    let (near, far) = connection(&mut e);
    let (dialer, proof) = Dialer::new(&mut e, near, dialers, offered).unwrap();
    assert_eq!(proof.len(), PROOF_BYTES);
    let heard = Listener::new(far).heard(&mut e, listeners, &proof);
    let outcome = match &heard {
        Heard::Proven { answer, .. } => {
            assert_eq!(answer.len(), ANSWER_BYTES);
            Some(dialer.answered(dialers, answer))
        }
        Heard::Silent => None,
    };
    (heard, outcome)
}

fn key(heard: &Heard) -> Option<KeyId> {
    match heard {
        Heard::Proven { key, .. } => Some(*key),
        Heard::Silent => None,
    }
}

#[test]
fn two_members_prove_themselves_to_each_other() {
    let mut e = SeededEntropy::new(1);
    let (anna, ben, carla) = (device(&mut e), device(&mut e), device(&mut e));
    let annas = knows(CIRCLE, &anna, &[&ben, &carla]);
    let bens = knows(CIRCLE, &ben, &[&carla, &anna]);
    let offered = [pair(CIRCLE, &carla), pair(CIRCLE, &ben)];
    let (heard, outcome) = meet(2, &annas, &offered, &bens);
    assert_eq!(key(&heard), Some(pair(CIRCLE, &anna)));
    assert_eq!(outcome, Some(Outcome::Proven { key: pair(CIRCLE, &ben) }));
}

#[test]
fn sixteen_candidates_fit_and_each_can_be_met() {
    let mut e = SeededEntropy::new(2);
    let anna = device(&mut e);
    let others: Vec<_> = (0..CANDIDATES).map(|_| device(&mut e)).collect();
    let annas = knows(CIRCLE, &anna, &others.iter().collect::<Vec<_>>());
    let offered: Vec<_> = annas.ids().collect();
    for them in &others {
        let (heard, outcome) = meet(3, &annas, &offered, &knows(CIRCLE, them, &[&anna]));
        assert_eq!(key(&heard), Some(pair(CIRCLE, &anna)));
        assert_eq!(outcome, Some(Outcome::Proven { key: pair(CIRCLE, them) }));
    }
}

#[test]
fn either_end_of_an_invitation_may_dial() {
    let invitation = InvitationSecret::generate(&mut SeededEntropy::new(3));
    let (maker, guest) = invited(&invitation);
    let id = invitation.link().id();
    let (answering, joining) = (KeyId::Answering(id), KeyId::Joining(id));
    let (heard, outcome) = meet(4, &maker, &[answering], &guest);
    assert_eq!((key(&heard), outcome), (Some(joining), Some(Outcome::Proven { key: answering })));
    let (heard, outcome) = meet(5, &guest, &[joining], &maker);
    assert_eq!((key(&heard), outcome), (Some(answering), Some(Outcome::Proven { key: joining })));
    // Two who follow the same link, or an answering laptop that reaches itself, have nothing to say to each other.
    assert_eq!(meet(6, &guest, &[joining], &guest).0, Heard::Silent);
    assert_eq!(meet(7, &maker, &[answering], &maker).0, Heard::Silent);
}

#[test]
fn a_candidates_place_tells_nothing() {
    let mut e = SeededEntropy::new(9);
    let (anna, ben) = (device(&mut e), device(&mut e));
    let (annas, bens) = (knows(CIRCLE, &anna, &[&ben]), knows(CIRCLE, &ben, &[&anna]));
    let (near, far) = connection(&mut e);
    let mut places = BTreeSet::new();
    for _ in 0..300 {
        let (_, proof) = Dialer::new(&mut e, near, &annas, &[pair(CIRCLE, &ben)]).unwrap();
        let mut lost = |slot: usize| {
            let mut proof = proof.clone();
            proof[32 + slot * 32] ^= 1;
            Listener::new(far).heard(&mut e, &bens, &proof) == Heard::Silent
        };
        places.insert((0..CANDIDATES).find(|slot| lost(*slot)).unwrap());
    }
    assert_eq!(places.len(), CANDIDATES);
}

#[test]
fn strangers_and_those_who_left_get_silence() {
    let mut e = SeededEntropy::new(4);
    let (anna, ben, mallory) = (device(&mut e), device(&mut e), device(&mut e));
    let mallorys = knows(CIRCLE, &mallory, &[&ben]);
    let offered = [pair(CIRCLE, &ben)];
    let mut bens = knows(CIRCLE, &ben, &[&anna, &mallory]);
    assert!(key(&meet(5, &mallorys, &offered, &bens).0).is_some(), "while a member");
    assert!(bens.remove(&pair(CIRCLE, &mallory)));
    assert_eq!(meet(5, &mallorys, &offered, &bens).0, Heard::Silent, "once removed");
    assert_eq!(meet(5, &mallorys, &offered, &Keyring::new()).0, Heard::Silent, "to a laptop with no circle");
    // The pair's key of another circle of the same two is another key.
    let elsewhere = CircleId([9; 32]);
    let others = knows(elsewhere, &mallory, &[&ben]);
    assert_eq!(
        meet(5, &others, &[pair(elsewhere, &ben)], &knows(CIRCLE, &ben, &[&mallory])).0,
        Heard::Silent
    );
}

#[test]
fn a_removed_candidate_is_not_met_even_if_it_answers() {
    let mut e = SeededEntropy::new(5);
    let (anna, ben) = (device(&mut e), device(&mut e));
    let (mut annas, bens) = (knows(CIRCLE, &anna, &[&ben]), knows(CIRCLE, &ben, &[&anna]));
    let (near, far) = connection(&mut e);
    let (dialer, proof) = Dialer::new(&mut e, near, &annas, &[pair(CIRCLE, &ben)]).unwrap();
    let Heard::Proven { answer, .. } = Listener::new(far).heard(&mut e, &bens, &proof) else {
        panic!("silent")
    };
    annas.retain(|_| false);
    assert_eq!(dialer.answered(&annas, &answer), Outcome::Silent);
}

#[test]
fn an_impostor_cannot_answer_for_whom_it_does_not_know() {
    let mut e = SeededEntropy::new(6);
    let (anna, ben) = (device(&mut e), device(&mut e));
    let annas = knows(CIRCLE, &anna, &[&ben]);
    let (near, _) = connection(&mut e);
    for length in [0, 1, ANSWER_BYTES - 1, ANSWER_BYTES, ANSWER_BYTES + 1, PROOF_BYTES] {
        let (dialer, proof) = Dialer::new(&mut e, near, &annas, &[pair(CIRCLE, &ben)]).unwrap();
        // Echoes of the proof, cut and whole: a tag of one direction is worth nothing in the other.
        assert_eq!(dialer.answered(&annas, &proof[..length.min(PROOF_BYTES)]), Outcome::Silent, "{length}");
    }
    for slot in 0..CANDIDATES {
        let (dialer, proof) = Dialer::new(&mut e, near, &annas, &[pair(CIRCLE, &ben)]).unwrap();
        let (nonce, tags) = proof.split_at(32);
        let echo = [nonce, &tags[slot * 32..(slot + 1) * 32]].concat();
        assert_eq!(dialer.answered(&annas, &echo), Outcome::Silent);
    }
}

#[test]
fn what_cannot_begin_says_why() {
    let mut e = SeededEntropy::new(7);
    let same = TransportKey(random(&mut e));
    assert_eq!(Channel::new(same, same), Err(HandshakeError::SameKey));
    let (near, _) = connection(&mut e);
    let id = KeyId::Joining(InvitationId([1; 16]));
    let begun = |e: &mut SeededEntropy, offered: &[KeyId]| {
        Dialer::new(e, near, &Keyring::new(), offered).map(|(_, proof)| proof.len())
    };
    assert_eq!(begun(&mut e, &[id; CANDIDATES + 1]), Err(HandshakeError::TooMany { found: CANDIDATES + 1 }));
    assert_eq!(begun(&mut e, &[id]), Err(HandshakeError::UnknownKey(id)));
    assert_eq!(begun(&mut e, &[]), Ok(PROOF_BYTES), "nobody to offer looks the same");
}

proptest! {
    #[test]
    fn a_proof_is_worth_nothing_on_another_connection(seed: u64) {
        let mut e = SeededEntropy::new(seed);
        let (anna, ben) = (device(&mut e), device(&mut e));
        let (annas, bens) = (knows(CIRCLE, &anna, &[&ben]), knows(CIRCLE, &ben, &[&anna]));
        let (near, far) = connection(&mut e);
        let (dialer, proof) = Dialer::new(&mut e, near, &annas, &[pair(CIRCLE, &ben)]).unwrap();
        let other = TransportKey(random(&mut e));
        for (what, local, remote) in [
            ("another listener", other, far.remote()),
            ("another dialer", far.local(), other),
            ("backwards", far.remote(), far.local()),
        ] {
            let channel = Channel::new(local, remote).unwrap();
            prop_assert_eq!(Listener::new(channel).heard(&mut e, &bens, &proof), Heard::Silent, "{}", what);
            prop_assert_eq!(Listener::new(channel).heard(&mut e, &annas, &proof), Heard::Silent, "{}", what);
        }
        // Sent back to whom it came from.
        prop_assert_eq!(Listener::new(near).heard(&mut e, &annas, &proof), Heard::Silent);
        prop_assert_eq!(Listener::new(far).heard(&mut e, &annas, &proof), Heard::Silent);
        let Heard::Proven { answer, .. } = Listener::new(far).heard(&mut e, &bens, &proof) else {
            return Err(TestCaseError::fail("the right connection"));
        };
        // An answer serves the one dial that it answers: not the next one on the same connection.
        let (again, _) = Dialer::new(&mut e, near, &annas, &[pair(CIRCLE, &ben)]).unwrap();
        prop_assert_eq!(again.answered(&annas, &answer), Outcome::Silent);
        prop_assert_eq!(dialer.answered(&annas, &answer), Outcome::Proven { key: pair(CIRCLE, &ben) });
    }

    #[test]
    fn keys_of_other_pairs_never_match(seed: u64, others in 0..20_usize) {
        let mut e = SeededEntropy::new(seed);
        let (anna, ben) = (device(&mut e), device(&mut e));
        let others: Vec<_> = (0..others).map(|_| device(&mut e)).collect();
        // Anna offers everyone but Ben; Ben knows everyone but Anna.
        let everyone: Vec<_> = others.iter().collect();
        let (annas, bens) = (knows(CIRCLE, &anna, &everyone), knows(CIRCLE, &ben, &everyone));
        let offered: Vec<_> = annas.ids().take(CANDIDATES).collect();
        prop_assert_eq!(meet(seed, &annas, &offered, &bens), (Heard::Silent, None));
    }

    #[test]
    fn one_changed_bit_is_silence(seed: u64, bit in 0..ANSWER_BYTES * 8, slot in 0..CANDIDATES) {
        let mut e = SeededEntropy::new(seed);
        let (anna, ben) = (device(&mut e), device(&mut e));
        let (annas, bens) = (knows(CIRCLE, &anna, &[&ben]), knows(CIRCLE, &ben, &[&anna]));
        let (near, far) = connection(&mut e);
        let (dialer, proof) = Dialer::new(&mut e, near, &annas, &[pair(CIRCLE, &ben)]).unwrap();
        // In each tag or in the nonce: at least the one that counts is hit when all are.
        let mut changed = proof.clone();
        if bit < 256 {
            changed[bit / 8] ^= 1 << (bit % 8);
        } else {
            for tag in changed[32..].chunks_exact_mut(32) {
                tag[(bit - 256) / 8] ^= 1 << (bit % 8);
            }
        }
        prop_assert_eq!(Listener::new(far).heard(&mut e, &bens, &changed), Heard::Silent);
        // One slot alone: a decoy, mostly.
        let mut decoy = proof.clone();
        decoy[32 + slot * 32] ^= 1;
        let _ = Listener::new(far).heard(&mut e, &bens, &decoy);
        let Heard::Proven { mut answer, .. } = Listener::new(far).heard(&mut e, &bens, &proof) else {
            return Err(TestCaseError::fail("untouched"));
        };
        answer[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(dialer.answered(&annas, &answer), Outcome::Silent);
    }

    #[test]
    fn any_bytes_get_silence(bytes in proptest::collection::vec(any::<u8>(), 0..1200), cut in 0..PROOF_BYTES) {
        let mut e = SeededEntropy::new(8);
        let (anna, ben) = (device(&mut e), device(&mut e));
        let (annas, bens) = (knows(CIRCLE, &anna, &[&ben]), knows(CIRCLE, &ben, &[&anna]));
        let (near, far) = connection(&mut e);
        prop_assert_eq!(Listener::new(far).heard(&mut e, &bens, &bytes), Heard::Silent);
        let (dialer, mut proof) = Dialer::new(&mut e, near, &annas, &[pair(CIRCLE, &ben)]).unwrap();
        prop_assert_eq!(Listener::new(far).heard(&mut e, &bens, &proof[..cut]), Heard::Silent);
        proof.push(0);
        prop_assert_eq!(Listener::new(far).heard(&mut e, &bens, &proof), Heard::Silent);
        prop_assert_eq!(dialer.answered(&annas, &bytes), Outcome::Silent);
    }
}
