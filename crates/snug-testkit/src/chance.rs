//! Chance from one number, and the seeds that a test runs with.

use snug_crypto::{Entropy, SeededEntropy, random};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// A stream of decisions that one number decides.
#[derive(Debug)]
pub struct Chance(SeededEntropy);

impl Chance {
    /// The stream of this seed.
    pub fn new(seed: u64) -> Self {
        Self(SeededEntropy::new(seed))
    }

    /// A number below `bound`; 0 where there is none.
    pub fn below(&mut self, bound: u64) -> u64 {
        let n = u64::from_be_bytes(random(&mut self.0));
        n.checked_rem(bound).unwrap_or(0)
    }

    /// A place in a list of so many.
    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or(0)
    }

    /// True so many times in a thousand.
    pub fn per_mille(&mut self, n: u64) -> bool {
        self.below(1000) < n
    }

    /// Damages a frame as a hostile peer might: a flipped bit, a cut, something added, or all of it garbage.
    pub fn damage(&mut self, frame: &mut Vec<u8>) {
        match self.below(5) {
            0 => {
                let n = self.index(2000);
                *frame = (0..n).map(|_| u8::try_from(self.below(256)).unwrap_or(0)).collect();
            }
            1 => frame.truncate(self.index(frame.len())),
            2 => frame.extend(random::<16>(&mut self.0)),
            // The tag stays, so that every kind of frame is met with garbage inside.
            3 => {
                for byte in frame.iter_mut().skip(2) {
                    if self.0.below_byte(16) {
                        *byte = u8::try_from(self.below(256)).unwrap_or(0);
                    }
                }
            }
            _ => {
                let at = self.index(frame.len());
                let bit = self.below(8);
                if let Some(byte) = frame.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
        }
    }
}

trait BelowByte {
    fn below_byte(&mut self, one_in: u8) -> bool;
}

impl BelowByte for SeededEntropy {
    fn below_byte(&mut self, one_in: u8) -> bool {
        let [n] = random::<1>(self);
        n.is_multiple_of(one_in)
    }
}

impl Entropy for Chance {
    fn fill(&mut self, out: &mut [u8]) {
        self.0.fill(out);
    }
}

/// Runs a scenario under `usual` seeds, under `SNUG_SEEDS` many, or under `SNUG_SEED` alone. A seed that fails is printed.
#[allow(clippy::print_stderr, reason = "the seed of a failing run is what a test has to say")]
pub fn for_seeds(usual: u64, scenario: impl Fn(u64)) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = match (number("SNUG_SEED"), number("SNUG_SEEDS")) {
        (Some(seed), _) => seed..=seed,
        (None, Some(many)) => 1..=many,
        (None, None) => 1..=usual,
    };
    for seed in seeds {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| scenario(seed))) {
            eprintln!("failed with SNUG_SEED={seed}");
            resume_unwind(panic);
        }
    }
}
