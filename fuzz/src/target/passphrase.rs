//! The key file beside the store, in a hostile hand.

use snug_crypto::{SeededEntropy, UnwrapError, WrappedKey};
use snug_types::{from_bytes, to_bytes};

/// Bytes of the parameters, from the version on: memory, passes and lanes.
const PARAMETERS: std::ops::Range<usize> = 1..13;

/// What decodes has one spelling, and never costs more than a bounded amount to try.
pub fn run(data: &[u8]) {
    let Ok(wrapped) = from_bytes::<WrappedKey>(data) else { return };
    assert_eq!(to_bytes(&wrapped), data);
    let number = |at: usize| u32::from_be_bytes([data[at], data[at + 1], data[at + 2], data[at + 3]]);
    let [memory, passes, lanes] = [1, 5, 9].map(number);
    // Within its bounds a derivation may take seconds: cheap ones are tried, and those that must be refused.
    let cheap = memory <= 64 && passes <= 2 && lanes <= 4;
    let refused =
        memory > 256 << 10 || passes > 16 || passes == 0 || lanes > 4 || lanes == 0 || memory < 8 * lanes;
    if refused {
        assert!(matches!(wrapped.unwrap("kávé"), Err(UnwrapError::Unsupported { .. })));
    } else if cheap {
        // The one file that was made is a dear one.
        assert!(wrapped.unwrap("kávé").is_err(), "a forged file opened");
    }
}

/// A whole file, a cheap one that fails, and one whose parameters are out of bounds.
pub fn seeds() -> Vec<Vec<u8>> {
    let wrapped = WrappedKey::wrap("kávé", &[5; 32], &mut SeededEntropy::new(1)).expect("a passphrase");
    let whole = to_bytes(&wrapped);
    let with = |memory: u32, passes: u32, lanes: u32| {
        let mut bytes = whole.clone();
        let parameters = [memory.to_be_bytes(), passes.to_be_bytes(), lanes.to_be_bytes()].concat();
        bytes[PARAMETERS].copy_from_slice(&parameters);
        bytes
    };
    vec![with(8, 1, 1), with(64, 2, 4), with(u32::MAX, 3, 1), with(7, 1, 1), whole]
}
