//! The outside world's clock and randomness, read here and passed down; no room below reads either.

use snug_crypto::Entropy;
use snug_types::UnixMillis;
use std::time::{SystemTime, UNIX_EPOCH};

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct OsEntropy;

impl Entropy for OsEntropy {
    /// # Panics
    /// Where the operating system has no randomness: nothing could be kept private then, so nothing goes on.
    fn fill(&mut self, out: &mut [u8]) {
        assert!(getrandom::fill(out).is_ok(), "the operating system gives no randomness");
    }
}

/// The time by this laptop's clock.
pub(crate) fn now() -> UnixMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMillis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
