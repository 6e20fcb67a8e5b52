//! Un-padded sealing of the few bytes that a beacon holds: XChaCha20-Poly1305 under a key of its own.

use crate::sealing::{decrypt, encrypt};
use crate::{Entropy, random};

/// Bytes that [`aead_seal`] adds: a nonce in front and a tag behind.
pub const OVERHEAD: usize = 24 + 16;

/// Seals under a key that was derived for one purpose. Hides the contents, not their length.
pub fn aead_seal(key: &[u8; 32], aad: &[u8], plain: &[u8], entropy: &mut dyn Entropy) -> Vec<u8> {
    let nonce = random::<24>(entropy);
    let mut sealed = nonce.to_vec();
    sealed.extend_from_slice(&encrypt(key, &nonce, aad, plain));
    sealed
}

/// Opens what [`aead_seal`] made under this key and associated data; otherwise nothing.
pub fn aead_open(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, ciphertext) = sealed.split_first_chunk::<24>()?;
    decrypt(key, nonce, aad, ciphertext)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;

    #[test]
    fn opens_whole_under_its_key_and_place_only() {
        let sealed = aead_seal(&[1; 32], b"here", b"hello", &mut SeededEntropy::new(1));
        assert_eq!(sealed.len(), 5 + OVERHEAD);
        assert_eq!(aead_open(&[1; 32], b"here", &sealed).as_deref(), Some(&b"hello"[..]));
        assert_eq!(aead_open(&[2; 32], b"here", &sealed), None);
        assert_eq!(aead_open(&[1; 32], b"there", &sealed), None);
        for cut in 0..sealed.len() {
            assert_eq!(aead_open(&[1; 32], b"here", &sealed[..cut]), None);
        }
        for bit in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(aead_open(&[1; 32], b"here", &flipped), None, "bit {bit}");
        }
    }
}
