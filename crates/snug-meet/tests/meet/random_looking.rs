//! What a stranger sees is as random from a laptop with three circles as from one with none.

use crate::people::{ADDRESS, NOON, connection, device, hint, knows, pair};
use snug_crypto::{DeviceSecret, SeededEntropy, pair_key};
use snug_meet::handshake::PROOF_BYTES;
use snug_meet::{BEACON_BYTES, Dialer, Keyring, beacon};
use snug_types::CircleId;
use std::collections::BTreeSet;

/// How far the bytes are from uniform: χ² with 255 degrees of freedom, so 255 ± 23 for random bytes.
fn chi_square(bytes: impl IntoIterator<Item = u8>) -> f64 {
    let mut counts = [0_u32; 256];
    let mut total = 0_u32;
    for byte in bytes {
        counts[usize::from(byte)] += 1;
        total += 1;
    }
    let expected = f64::from(total) / 256.0;
    counts.iter().map(|n| (f64::from(*n) - expected).powi(2) / expected).sum()
}

/// Seven standard deviations: random bytes stay below, a single byte that stands still in 200 samples doesn't.
const UNIFORM: f64 = 255.0 + 7.0 * 22.6;

fn assert_random_looking(what: &str, samples: &[Vec<u8>]) {
    let whole = chi_square(samples.iter().flatten().copied());
    assert!(whole < UNIFORM, "{what}: χ² {whole}");
    for place in 0..samples[0].len() {
        let here = chi_square(samples.iter().map(|sample| sample[place]));
        assert!(here < UNIFORM, "{what}: byte {place}, χ² {here}");
    }
    let mut seen = BTreeSet::new();
    for window in samples.iter().flat_map(|sample| sample.windows(8)) {
        assert!(seen.insert(window.to_vec()), "{what}: bytes that come again");
    }
}

/// Anna's laptop with so many circles of three.
fn laptop(e: &mut SeededEntropy, circles: u8) -> (Keyring, Vec<(CircleId, DeviceSecret, Vec<DeviceSecret>)>) {
    let mut keyring = Keyring::new();
    let circles = (0..circles)
        .map(|n| {
            let (circle, me) = (CircleId([n; 32]), device(e));
            let others: Vec<_> = (0..2).map(|_| device(e)).collect();
            for them in &others {
                keyring.insert_pair(
                    circle,
                    me.id(),
                    them.id(),
                    &pair_key(&me, &them.public(), circle).unwrap(),
                );
            }
            (circle, me, others)
        })
        .collect();
    (keyring, circles)
}

#[test]
fn beacons() {
    for count in [0, 3] {
        let mut e = SeededEntropy::new(1);
        let (keyring, circles) = laptop(&mut e, count);
        let hints: Vec<_> = circles
            .iter()
            .flat_map(|(circle, me, others)| others.iter().map(|them| hint(pair(*circle, them), 1, Some(me))))
            .collect();
        assert_eq!(hints.len(), usize::from(count) * 2);
        let samples: Vec<_> =
            (0..200).map(|_| beacon::build(&mut e, NOON, ADDRESS, &keyring, &hints).unwrap()).collect();
        assert!(samples.iter().all(|packet| packet.len() == BEACON_BYTES));
        assert_random_looking(&format!("beacons of a laptop with {count} circles"), &samples);
    }
}

#[test]
fn proofs() {
    for count in [0, 3] {
        let mut e = SeededEntropy::new(2);
        let (keyring, _) = laptop(&mut e, count);
        let offered: Vec<_> = keyring.ids().collect();
        // To one and the same stranger, again and again.
        let (channel, _) = connection(&mut e);
        let samples: Vec<_> =
            (0..200).map(|_| Dialer::new(&mut e, channel, &keyring, &offered).unwrap().1).collect();
        assert!(samples.iter().all(|frame| frame.len() == PROOF_BYTES));
        assert_random_looking(&format!("proofs of a laptop with {count} circles"), &samples);
    }
}

#[test]
fn the_measure_sees_what_stands_still() {
    let mut e = SeededEntropy::new(3);
    let (me, them) = (device(&mut e), device(&mut e));
    let keyring = knows(CircleId([1; 32]), &me, &[&them]);
    let mut samples: Vec<_> =
        (0..200).map(|_| beacon::build(&mut e, NOON, ADDRESS, &keyring, &[]).unwrap()).collect();
    for sample in &mut samples {
        sample[0] = 1;
    }
    assert!(std::panic::catch_unwind(|| assert_random_looking("a version in clear", &samples)).is_err());
}
