//! The key that two devices of a circle share without having spoken: X25519 between their static keys.
//!
//! Proves *current device keys* in beacons and dials. It isn't forward secret and authenticates nothing but that one of
//! the two computed it, so no contents are ever sealed under it.

use crate::{DevicePublic, DeviceSecret, context};
use snug_types::{CircleId, to_bytes};
use std::fmt;
use x25519_dalek::PublicKey;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The other key is of low order: the shared secret would be known to everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the other device's key is of low order")]
pub struct LowOrder;

/// A key that two devices share in one circle.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct PairKey([u8; 32]);

impl PairKey {
    /// The bytes, to MAC with.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for PairKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairKey(…)")
    }
}

/// The key that this device and that one share in the circle: the same from both ends.
pub fn pair_key(me: &DeviceSecret, them: &DevicePublic, circle: CircleId) -> Result<PairKey, LowOrder> {
    let shared = me.sealing().diffie_hellman(&PublicKey::from(them.seal));
    if !shared.was_contributory() {
        return Err(LowOrder);
    }
    let mut ends = [me.public(), *them];
    ends.sort_unstable();
    let mut hasher = blake3::Hasher::new_derive_key(context::PAIR_KEY);
    hasher.update(shared.as_bytes()).update(circle.as_bytes());
    for end in ends {
        hasher.update(&to_bytes(&end));
    }
    Ok(PairKey(*hasher.finalize().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;
    use snug_types::DeviceId;

    #[test]
    fn both_ends_and_nobody_else_have_it() {
        let mut e = SeededEntropy::new(1);
        let [anna, bela, cili] = [0; 3].map(|_| DeviceSecret::generate(&mut e));
        let key = |me: &DeviceSecret, them: DevicePublic, circle| {
            *pair_key(me, &them, CircleId([circle; 32])).unwrap().as_bytes()
        };
        let shared = key(&anna, bela.public(), 1);
        assert_eq!(shared, key(&bela, anna.public(), 1));
        assert_ne!(shared, key(&anna, bela.public(), 2), "another circle");
        assert_ne!(shared, key(&anna, cili.public(), 1));
        assert_ne!(shared, key(&cili, bela.public(), 1));
        // The same X25519 key under another name is another device.
        let renamed = DevicePublic { sign: DeviceId([7; 32]), ..bela.public() };
        assert_ne!(shared, key(&anna, renamed, 1));
    }

    #[test]
    fn keys_of_low_order_are_refused() {
        let anna = DeviceSecret::generate(&mut SeededEntropy::new(1));
        let them = DevicePublic { seal: [0; 32], ..anna.public() };
        assert_eq!(pair_key(&anna, &them, CircleId([1; 32])).err(), Some(LowOrder));
    }
}
