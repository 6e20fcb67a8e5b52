//! Where random bytes come from: always passed in, so that a whole circle can run from one seed.

use crate::context;
use hpke::rand_core;

/// A source of random bytes.
pub trait Entropy {
    /// Fills `out` with bytes that nobody can predict.
    fn fill(&mut self, out: &mut [u8]);
}

/// `N` random bytes.
pub fn random<const N: usize>(entropy: &mut dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}

/// A stream that one number decides: for tests, simulation and vectors. Whoever guesses the number knows every key.
#[derive(Debug)]
pub struct SeededEntropy(blake3::OutputReader);

impl SeededEntropy {
    /// The stream of this seed.
    pub fn new(seed: u64) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key(context::SEEDED_ENTROPY);
        hasher.update(&seed.to_be_bytes());
        Self(hasher.finalize_xof())
    }
}

impl Entropy for SeededEntropy {
    fn fill(&mut self, out: &mut [u8]) {
        self.0.fill(out);
    }
}

/// [`Entropy`] in the shape that the crates below ask for.
pub(crate) struct Rng<'a>(pub(crate) &'a mut dyn Entropy);

impl rand_core::TryRng for Rng<'_> {
    type Error = rand_core::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(u32::from_le_bytes(random(self.0)))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(u64::from_le_bytes(random(self.0)))
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(dst);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Rng<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides_the_stream() {
        let [a, b, c] = [1, 1, 2].map(|seed| random::<32>(&mut SeededEntropy::new(seed)));
        assert_eq!(a, b);
        assert_ne!(a, c);
        let mut e = SeededEntropy::new(1);
        assert_ne!(random::<32>(&mut e), random::<32>(&mut e));
    }
}
