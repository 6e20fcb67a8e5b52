//! HPKE to one device (RFC 9180, base mode): DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, `ChaCha20Poly1305`.
//!
//! What is written is the encapsulated key (32 bytes) and the ciphertext with its tag. Base mode doesn't say who sealed:
//! whoever sends it signs it.

use crate::entropy::Rng;
use crate::{DevicePublic, DeviceSecret, Entropy};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, X25519HkdfSha256};
use hpke::{Deserializable, OpModeR, OpModeS, Serializable};
use zeroize::Zeroizing;

type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;
type EncappedKey = <X25519HkdfSha256 as Kem>::EncappedKey;

const ENCAPPED: usize = 32;

/// Bytes that sealing to a device adds: the encapsulated key and a tag.
pub const OVERHEAD: usize = ENCAPPED + 16;

/// Why HPKE failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HpkeError {
    /// The recipient's key is of low order: anybody could open what is sealed to it.
    #[error("the recipient's key is of low order")]
    UnsoundKey,
    /// Sealed to another device or for another place, or altered.
    #[error("sealed to another device or for another place, or altered")]
    NotOurs,
}

/// Seals to one device.
pub fn hpke_seal(
    to: &DevicePublic,
    info: &[u8],
    aad: &[u8],
    plain: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, HpkeError> {
    let key = PublicKey::from_bytes(&to.seal).map_err(|_| HpkeError::UnsoundKey)?;
    let (encapped, ciphertext) = hpke::single_shot_seal_with_rng::<
        ChaCha20Poly1305,
        HkdfSha256,
        X25519HkdfSha256,
    >(&OpModeS::Base, &key, info, plain, aad, &mut Rng(entropy))
    .map_err(|_| HpkeError::UnsoundKey)?;
    Ok([encapped.to_bytes().as_slice(), &ciphertext].concat())
}

/// Opens what was sealed to this device.
pub fn hpke_open(
    me: &DeviceSecret,
    info: &[u8],
    aad: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, HpkeError> {
    let (encapped, ciphertext) = sealed.split_at_checked(ENCAPPED).ok_or(HpkeError::NotOurs)?;
    let key = PrivateKey::from_bytes(me.sealing().as_bytes()).map_err(|_| HpkeError::NotOurs)?;
    let encapped = EncappedKey::from_bytes(encapped).map_err(|_| HpkeError::NotOurs)?;
    hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &key,
        &encapped,
        info,
        ciphertext,
        aad,
    )
    .map(Zeroizing::new)
    .map_err(|_| HpkeError::NotOurs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;
    use data_encoding::HEXLOWER;

    fn hex(text: &str) -> Vec<u8> {
        HEXLOWER.decode(text.as_bytes()).unwrap()
    }

    /// Gives out the bytes that a test vector says were drawn.
    struct Drawn(Vec<u8>);

    impl Entropy for Drawn {
        fn fill(&mut self, out: &mut [u8]) {
            let rest = self.0.split_off(out.len());
            out.copy_from_slice(&std::mem::replace(&mut self.0, rest));
        }
    }

    /// RFC 9180, appendix A.2.1: base mode of this very suite, sequence number 0.
    #[test]
    fn rfc_9180_known_answer() {
        let info = hex("4f6465206f6e2061204772656369616e2055726e");
        let aad = hex("436f756e742d30");
        let plain = hex("4265617574792069732074727574682c20747275746820626561757479");
        let sealed = hex(concat!(
            "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a",
            "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
        ));
        let mut secret = [0; 64];
        secret[32..]
            .copy_from_slice(&hex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb"));
        let me = DeviceSecret::from_bytes(&secret);
        assert_eq!(
            HEXLOWER.encode(&me.public().seal),
            "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a"
        );
        assert_eq!(*hpke_open(&me, &info, &aad, &sealed).unwrap(), plain);

        let mut drawn = Drawn(hex("909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b"));
        assert_eq!(hpke_seal(&me.public(), &info, &aad, &plain, &mut drawn).unwrap(), sealed);
    }

    #[test]
    fn opens_for_its_device_and_place_only() {
        let mut e = SeededEntropy::new(1);
        let (anna, bela) = (DeviceSecret::generate(&mut e), DeviceSecret::generate(&mut e));
        let sealed = hpke_seal(&anna.public(), b"info", b"aad", b"secret", &mut e).unwrap();
        assert_eq!(sealed.len(), 6 + OVERHEAD);
        assert_eq!(hpke_open(&anna, b"info", b"aad", &sealed).unwrap().as_slice(), b"secret");
        assert!(hpke_open(&bela, b"info", b"aad", &sealed).is_err());
        assert!(hpke_open(&anna, b"other", b"aad", &sealed).is_err());
        assert!(hpke_open(&anna, b"info", b"other", &sealed).is_err());
        for cut in 0..sealed.len() {
            assert!(hpke_open(&anna, b"info", b"aad", &sealed[..cut]).is_err());
        }
        for bit in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(hpke_open(&anna, b"info", b"aad", &flipped).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn nothing_is_sealed_to_a_key_of_low_order() {
        let mut e = SeededEntropy::new(1);
        let to = DevicePublic { seal: [0; 32], ..DeviceSecret::generate(&mut e).public() };
        assert_eq!(hpke_seal(&to, b"", b"", b"secret", &mut e), Err(HpkeError::UnsoundKey));
    }
}
