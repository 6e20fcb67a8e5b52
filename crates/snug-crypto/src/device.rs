//! A laptop's keys in one circle: Ed25519 to sign, X25519 to be sealed to. Fresh for every circle, never reused.

use crate::{Entropy, random};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use snug_types::{Decode, DecodeError, DeviceId, Encode, Reader, Writer};
use std::fmt;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

/// The secret half. Wiped when dropped, never shown.
#[derive(Clone)]
pub struct DeviceSecret {
    sign: SigningKey,
    seal: StaticSecret,
}

impl DeviceSecret {
    /// Fresh keys.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        let sign = Zeroizing::new(random::<32>(entropy));
        let seal = Zeroizing::new(random::<32>(entropy));
        Self { sign: SigningKey::from_bytes(&sign), seal: StaticSecret::from(*seal) }
    }

    /// The Ed25519 seed and the X25519 secret, for the store alone.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 64]> {
        let mut bytes = Zeroizing::new([0; 64]);
        bytes[..32].copy_from_slice(self.sign.as_bytes());
        bytes[32..].copy_from_slice(self.seal.as_bytes());
        bytes
    }

    /// The keys that [`to_bytes`](Self::to_bytes) wrote. Any 64 bytes are keys; keep them as you keep the store's.
    pub fn from_bytes(bytes: &[u8; 64]) -> Self {
        let (mut sign, mut seal) = (Zeroizing::new([0; 32]), Zeroizing::new([0; 32]));
        sign.copy_from_slice(&bytes[..32]);
        seal.copy_from_slice(&bytes[32..]);
        Self { sign: SigningKey::from_bytes(&sign), seal: StaticSecret::from(*seal) }
    }

    /// The public half.
    pub fn public(&self) -> DevicePublic {
        DevicePublic { sign: self.id(), seal: PublicKey::from(&self.seal).to_bytes() }
    }

    /// The device's name in its circle.
    pub fn id(&self) -> DeviceId {
        DeviceId(self.sign.verifying_key().to_bytes())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.sign.sign(message).to_bytes()
    }

    pub(crate) const fn sealing(&self) -> &StaticSecret {
        &self.seal
    }
}

impl fmt::Debug for DeviceSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DeviceSecret").field(&self.id()).finish()
    }
}

/// The public half: what membership operations carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DevicePublic {
    /// The Ed25519 key, which is the device's id.
    pub sign: DeviceId,
    /// The X25519 key.
    pub seal: [u8; 32],
}

impl DevicePublic {
    /// The device's name in its circle.
    pub const fn id(&self) -> DeviceId {
        self.sign
    }

    /// False for keys that nobody can hold alone: points off the curve or of low order. A verdict of the bytes only.
    pub fn is_sound(&self) -> bool {
        let signs = VerifyingKey::from_bytes(self.sign.as_bytes()).is_ok_and(|key| !key.is_weak());
        // Whether a product is zero depends on the point's order alone, because clamped scalars are multiples of it.
        let probe = StaticSecret::from([0x55; 32]);
        signs && probe.diffie_hellman(&PublicKey::from(self.seal)).was_contributory()
    }
}

impl Encode for DevicePublic {
    fn encode(&self, w: &mut Writer) {
        self.sign.encode(w);
        w.raw(&self.seal);
    }
}

impl Decode for DevicePublic {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { sign: DeviceId::decode(r)?, seal: r.array()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;

    #[test]
    fn keys_come_back_from_their_bytes() {
        let secret = DeviceSecret::generate(&mut SeededEntropy::new(1));
        let again = DeviceSecret::from_bytes(&secret.to_bytes());
        assert_eq!(secret.public(), again.public());
        assert_eq!(*secret.to_bytes(), *again.to_bytes());
        assert!(secret.public().is_sound());
    }

    #[test]
    fn keys_of_low_order_are_unsound() {
        let good = DeviceSecret::generate(&mut SeededEntropy::new(2)).public();
        let mut identity = [0; 32];
        identity[0] = 1;
        assert!(!DevicePublic { sign: DeviceId(identity), ..good }.is_sound(), "the neutral point");
        assert!(!DevicePublic { sign: DeviceId([2; 32]), ..good }.is_sound(), "off the curve");
        assert!(!DevicePublic { seal: [0; 32], ..good }.is_sound(), "order 2");
        assert!(!DevicePublic { seal: identity, ..good }.is_sound(), "order 4");
    }

    #[test]
    fn secrets_are_not_shown() {
        let secret = DeviceSecret::generate(&mut SeededEntropy::new(3));
        let shown = format!("{secret:?}");
        assert!(shown.starts_with("DeviceSecret(DeviceId(") && shown.len() < 50, "{shown}");
    }
}
