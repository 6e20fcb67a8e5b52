//! Contents under an epoch secret: padded, committing XChaCha20-Poly1305.
//!
//! ```text
//! sealed = commitment (32) | nonce (24) | XChaCha20-Poly1305(key, nonce, aad, u32 length | plain | zeros)
//! key | commitment = BLAKE3-XOF(SEAL; secret | nonce | BLAKE3(aad))
//! ```
//! Poly1305 alone lets whoever knows two keys make one ciphertext that opens under both ("invisible salamanders",
//! Dodis et al., CRYPTO 2018). The commitment binds it to one secret and one associated data.
//! The padded length is Padmé's (Nikitin et al., PETS 2019): O(log log n) bits leak, at most 12 % are added.

use crate::{Entropy, context, equal, hash, random};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

const COMMITMENT: usize = 32;
const NONCE: usize = 24;
const TAG: usize = 16;
const LENGTH: usize = 4;

/// The secret of an epoch: who holds it can read what is sealed under the epoch.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct EpochSecret([u8; 32]);

impl EpochSecret {
    /// A fresh one.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        Self(random(entropy))
    }

    /// The secret in these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for the store and for sealing them to a device.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What an announcement publishes of it: binds the epoch to this secret and tells nothing about it.
    pub fn commitment(&self) -> [u8; 32] {
        hash(context::EPOCH_COMMITMENT, &self.0)
    }
}

impl fmt::Debug for EpochSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EpochSecret(…)")
    }
}

/// Why sealed bytes don't open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Too short to be sealed bytes.
    #[error("{0} bytes are too few to be sealed bytes")]
    TooShort(usize),
    /// Sealed under another secret, for another place, or altered.
    #[error("sealed under another secret or for another place, or altered")]
    NotOurs,
    /// Sealed by a member who doesn't pad as everybody does.
    #[error("not padded as it must be")]
    Padding,
}

/// The length that `length` bytes are padded to: Padmé.
pub(crate) const fn padded(length: usize) -> usize {
    if length < 2 {
        return length;
    }
    let exponent = length.ilog2();
    let low_bits = exponent - (exponent.ilog2() + 1);
    let mask = (1 << low_bits) - 1;
    (length + mask) & !mask
}

/// How many bytes [`seal`] makes of so many.
pub const fn sealed_len(plain: usize) -> usize {
    COMMITMENT + NONCE + padded(LENGTH + plain) + TAG
}

fn keys(secret: &EpochSecret, nonce: &[u8; NONCE], aad: &[u8]) -> Zeroizing<[u8; 64]> {
    let mut hasher = blake3::Hasher::new_derive_key(context::SEAL);
    hasher.update(secret.as_bytes()).update(nonce).update(blake3::hash(aad).as_bytes());
    let mut out = Zeroizing::new([0; 64]);
    hasher.finalize_xof().fill(&mut *out);
    out
}

/// Seals contents for whoever holds the epoch's secret. `aad` is not written, but must be the same to open.
///
/// At most 4 GiB, which every bound of the protocol is far below.
pub fn seal(secret: &EpochSecret, aad: &[u8], plain: &[u8], entropy: &mut dyn Entropy) -> Vec<u8> {
    let nonce = random::<NONCE>(entropy);
    let keys = keys(secret, &nonce, aad);
    let (key, commitment) = keys.split_at(32);

    let mut inner = Zeroizing::new(Vec::with_capacity(padded(LENGTH + plain.len())));
    inner.extend_from_slice(&u32::try_from(plain.len()).unwrap_or(u32::MAX).to_be_bytes());
    inner.extend_from_slice(plain);
    inner.resize(padded(LENGTH + plain.len()), 0);

    let mut sealed = Vec::with_capacity(sealed_len(plain.len()));
    sealed.extend_from_slice(commitment);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&encrypt(key, &nonce, aad, &inner));
    sealed
}

/// Opens what [`seal`] made. The caller bounds the length first.
pub fn open(secret: &EpochSecret, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let too_short = OpenError::TooShort(sealed.len());
    let (commitment, rest) = sealed.split_at_checked(COMMITMENT).ok_or(too_short)?;
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or(too_short)?;
    let keys = keys(secret, nonce, aad);
    let (key, expected) = keys.split_at(32);
    if !equal(commitment, expected) {
        return Err(OpenError::NotOurs);
    }
    let mut inner = decrypt(key, nonce, aad, ciphertext).ok_or(OpenError::NotOurs)?;

    let length = inner.first_chunk::<LENGTH>().ok_or(OpenError::Padding)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| OpenError::Padding)?;
    let end = LENGTH.checked_add(length).ok_or(OpenError::Padding)?;
    let padding = inner.get(end..).ok_or(OpenError::Padding)?;
    if inner.len() != padded(end) || padding.iter().any(|byte| *byte != 0) {
        return Err(OpenError::Padding);
    }
    inner.truncate(end);
    inner.drain(..LENGTH);
    Ok(inner)
}

/// XChaCha20-Poly1305 with the tag behind. `key` is 32 bytes.
pub(crate) fn encrypt(key: &[u8], nonce: &[u8; NONCE], aad: &[u8], plain: &[u8]) -> Vec<u8> {
    let sealed = XChaCha20Poly1305::new_from_slice(key)
        .ok()
        .and_then(|cipher| cipher.encrypt(&XNonce::from(*nonce), Payload { msg: plain, aad }).ok());
    #[expect(clippy::expect_used, reason = "the key has 32 bytes and the message less than 256 GiB")]
    sealed.expect("a key of 32 bytes and a message of less than 256 GiB")
}

/// The inverse of [`encrypt`].
pub(crate) fn decrypt(key: &[u8], nonce: &[u8; NONCE], aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let cipher = XChaCha20Poly1305::new_from_slice(key).ok()?;
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;
    use data_encoding::HEXLOWER_PERMISSIVE as HEX;
    use proptest::prelude::*;

    fn secret(seed: u64) -> EpochSecret {
        EpochSecret::generate(&mut SeededEntropy::new(seed))
    }

    /// draft-irtf-cfrg-xchacha-03, appendix A.3.1.
    #[test]
    fn xchacha20_poly1305_known_answer() {
        let hex = |text: &str| HEX.decode(text.as_bytes()).unwrap();
        let key = hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
        let nonce: [u8; 24] = hex("404142434445464748494a4b4c4d4e4f5051525354555657").try_into().unwrap();
        let aad = hex("50515253c0c1c2c3c4c5c6c7");
        let plain =
            b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, \
                      sunscreen would be it.";
        let sealed = hex(
            "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39\
             ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9\
             21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49",
        );
        assert_eq!(encrypt(&key, &nonce, &aad, plain), sealed);
        assert_eq!(decrypt(&key, &nonce, &aad, &sealed).as_deref(), Some(&plain[..]));
    }

    #[test]
    fn another_secret_place_or_byte_does_not_open() {
        let (ours, other) = (secret(1), secret(2));
        let sealed = seal(&ours, b"here", b"hello", &mut SeededEntropy::new(3));
        assert_eq!(open(&ours, b"here", &sealed).as_deref(), Ok(&b"hello"[..]));
        assert_eq!(open(&other, b"here", &sealed), Err(OpenError::NotOurs));
        assert_eq!(open(&ours, b"there", &sealed), Err(OpenError::NotOurs));
        for cut in 0..sealed.len() {
            assert!(open(&ours, b"here", &sealed[..cut]).is_err(), "cut at {cut}");
        }
        for bit in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(open(&ours, b"here", &flipped), Err(OpenError::NotOurs), "bit {bit}");
        }
    }

    /// What a member with the secret can make by hand must not have a second spelling.
    #[test]
    fn padding_has_one_spelling() {
        let (ours, nonce) = (secret(1), [9; NONCE]);
        let by_hand = |inner: &[u8]| {
            let keys = keys(&ours, &nonce, b"");
            let sealed = encrypt(&keys[..32], &nonce, b"", inner);
            open(&ours, b"", &[&keys[32..], &nonce, &sealed].concat())
        };
        let right = [&[0, 0, 0, 13][..], &[7; 13], &[0]].concat();
        assert_eq!(padded(17), right.len(), "one byte of padding");
        assert_eq!(by_hand(&right), Ok(vec![7; 13]));
        for wrong in [
            [&[0, 0, 0, 13][..], &[7; 13], &[1]].concat(),
            [&[0, 0, 0, 13][..], &[7; 13], &[0, 0]].concat(),
            [&[0, 0, 0, 13][..], &[7; 13]].concat(),
            [&[255, 255, 255, 255][..], &[7; 13], &[0]].concat(),
            vec![0, 0, 0],
            vec![],
        ] {
            assert_eq!(by_hand(&wrong), Err(OpenError::Padding), "{wrong:?}");
        }
    }

    #[test]
    fn one_ciphertext_opens_under_one_secret() {
        // The commitments differ even where the nonce is the same, and say nothing of the epoch's own.
        let (a, b) = (keys(&secret(1), &[0; NONCE], b""), keys(&secret(2), &[0; NONCE], b""));
        assert_ne!(a[32..], b[32..]);
        assert_ne!(a[32..], secret(1).commitment());
        assert_ne!(a[32..], keys(&secret(1), &[0; NONCE], b"x")[32..]);
    }

    proptest! {
        #[test]
        fn padding_is_small_monotone_and_coarse(length in 1_usize..2_000_000) {
            let total = padded(length);
            prop_assert!(total >= length && total <= padded(length + 1));
            prop_assert_eq!(padded(total), total);
            prop_assert!((total - length) * 100 <= length * 12);
            // What leaks is the exponent and as many leading bits as the exponent has.
            let bits = total.ilog2() + 1;
            prop_assert!(total.trailing_zeros() + bits.ilog2() + 1 + 1 >= bits);
        }

        #[test]
        fn what_was_sealed_opens(plain: Vec<u8>, aad: Vec<u8>, seed: u64) {
            let sealed = seal(&secret(seed), &aad, &plain, &mut SeededEntropy::new(seed ^ 1));
            prop_assert_eq!(sealed.len(), sealed_len(plain.len()));
            prop_assert_eq!(open(&secret(seed), &aad, &sealed), Ok(plain));
        }

        #[test]
        fn random_bytes_do_not_open(bytes: Vec<u8>) {
            prop_assert!(open(&secret(1), b"", &bytes).is_err());
        }
    }
}
