//! BLAKE3 under a context, MACs, comparison in constant time.

use std::hint::black_box;

/// The BLAKE3 hash of these bytes for one purpose (its `derive_key` mode).
pub fn hash(context: &'static str, bytes: &[u8]) -> [u8; 32] {
    blake3::derive_key(context, bytes)
}

/// A keyed BLAKE3 MAC for one purpose. Context and parts carry their lengths, so that no two lists of parts are
/// written alike.
pub fn mac(key: &[u8; 32], context: &'static str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_keyed(key);
    for part in std::iter::once(&context.as_bytes()).chain(parts) {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

/// True if both are the same, in a time that depends on their lengths alone.
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    // The barrier keeps the optimiser from leaving the loop at the first difference.
    let difference = a.iter().zip(b).fold(0, |acc, (x, y)| black_box(acc | (x ^ y)));
    black_box(difference) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_and_parts_are_kept_apart() {
        assert_ne!(hash("snug v1 test: a", b"x"), hash("snug v1 test: b", b"x"));
        let key = [1; 32];
        let of = |parts: &[&[u8]]| mac(&key, "snug v1 test", parts);
        assert_ne!(of(&[b"ab", b"c"]), of(&[b"a", b"bc"]));
        assert_ne!(of(&[b"abc"]), of(&[b"abc", b""]));
        assert_ne!(of(&[b"abc"]), mac(&[2; 32], "snug v1 test", &[b"abc"]));
        assert_ne!(of(&[b"abc"]), mac(&key, "snug v1 tes", &[b"tabc"]));
    }

    #[test]
    fn comparison_sees_every_bit() {
        let a = [0x5a_u8; 40];
        assert!(equal(&a, &a) && equal(&[], &[]));
        assert!(!equal(&a, &a[..39]));
        for bit in 0..320 {
            let mut b = a;
            b[bit / 8] ^= 1 << (bit % 8);
            assert!(!equal(&a, &b), "bit {bit}");
        }
    }
}
