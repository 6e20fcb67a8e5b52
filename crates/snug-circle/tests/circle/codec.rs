//! Hostile bytes: whatever comes, nothing panics, nothing altered verifies, and there is one spelling of everything.

use crate::vectors::{Vectors, sample};
use proptest::prelude::*;
use snug_circle::{Acceptance, EntryHeader, Envelope, EpochAnnouncement, EpochGrant, Op, Receipt};
use snug_crypto::{Signable, Signed};
use snug_types::{Decode, Encode, from_bytes, to_bytes};
use std::sync::LazyLock;

static SAMPLE: LazyLock<Vectors> = LazyLock::new(sample);

/// What becomes of bytes: whether they can be read at all, and whether what was read is signed by whom it names.
fn read<T: Signable>(bytes: &[u8]) -> (bool, bool) {
    match from_bytes::<Signed<T>>(bytes) {
        Ok(signed) => {
            assert_eq!(to_bytes(&signed), bytes, "a second spelling");
            (true, signed.verify().is_ok())
        }
        Err(_) => (false, false),
    }
}

fn read_plain<T: Decode + Encode>(bytes: &[u8]) -> bool {
    from_bytes::<T>(bytes).is_ok_and(|value| {
        assert_eq!(to_bytes(&value), bytes, "a second spelling");
        true
    })
}

type Read = fn(&[u8]) -> (bool, bool);

/// Every signed kind of statement, with well made ones.
fn kinds() -> Vec<(Read, &'static [u8])> {
    let all = &*SAMPLE;
    let mut kinds: Vec<(Read, &'static [u8])> = vec![
        (read::<EpochAnnouncement>, &all.epoch),
        (read::<EpochGrant>, &all.grant),
        (read::<EntryHeader>, &all.header),
        (read::<Receipt>, &all.receipt),
        (read::<Acceptance>, &all.acceptance),
    ];
    kinds.extend(all.ops.iter().map(|(_, op)| (read::<Op> as Read, op.as_slice())));
    kinds
}

#[test]
fn well_made_statements_are_read_and_verify() {
    for (read, bytes) in kinds() {
        assert_eq!(read(bytes), (true, true));
    }
    assert!(read_plain::<Envelope>(&SAMPLE.envelope));
}

#[test]
fn no_bit_can_be_flipped() {
    for (read, bytes) in kinds() {
        // Every bit of the first kilobyte and of the signature; what is between is more of the same.
        let bits = (0..bytes.len() * 8).filter(|bit| *bit < 8192 || bit / 8 + 64 >= bytes.len());
        for bit in bits {
            let mut flipped = bytes.to_vec();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(!read(&flipped).1, "bit {bit}");
        }
    }
}

#[test]
fn nothing_is_read_in_part() {
    for (read, bytes) in kinds() {
        for cut in 0..bytes.len() {
            assert_eq!(read(&bytes[..cut]), (false, false), "cut at {cut}");
        }
        assert_eq!(read(&[bytes, &[0]].concat()), (false, false));
    }
    let envelope = &SAMPLE.envelope;
    for cut in 0..envelope.len() {
        assert!(!read_plain::<Envelope>(&envelope[..cut]));
    }
}

/// A signature on one kind of statement is none on another, whatever the bytes say.
#[test]
fn statements_are_not_moved_between_kinds() {
    let kinds = kinds();
    for (at, (read, _)) in kinds.iter().enumerate().take(6) {
        for (other, (_, bytes)) in kinds.iter().enumerate().filter(|(other, _)| other.min(&5) != &at) {
            assert!(!read(bytes).1, "{other} as {at}");
        }
    }
}

proptest! {
    #[test]
    fn random_bytes_never_panic_and_never_verify(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        for (read, _) in kinds() {
            prop_assert!(!read(&bytes).1);
        }
        read_plain::<Envelope>(&bytes);
    }

    /// Close to well made, so that the decoders are entered deep.
    #[test]
    fn damaged_statements_never_panic_and_never_verify(
        which: prop::sample::Index,
        at: prop::sample::Index,
        length in 0_usize..40,
        patch in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let kinds = kinds();
        let (read, bytes) = kinds[which.index(kinds.len())];
        let at = at.index(bytes.len());
        let end = (at + length).min(bytes.len());
        let damaged = [&bytes[..at], &patch, &bytes[end..]].concat();
        prop_assume!(damaged != bytes);
        for (read, _) in kinds.iter().take(6) {
            prop_assert!(!read(&damaged).1);
        }
        prop_assert!(!read(&damaged).1);
        read_plain::<Envelope>(&damaged);
    }
}
