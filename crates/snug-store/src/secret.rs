//! Bytes that are wiped when they are dropped and never shown in a log.

use std::fmt::{self, Write};
use std::ops::Deref;
use zeroize::Zeroizing;

/// The raw key of a database. What wraps it (a passphrase, a keychain) is the caller's business.
#[derive(Clone)]
pub struct StoreKey(Zeroizing<[u8; 32]>);

impl StoreKey {
    /// Takes these random bytes as a key.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// `SQLCipher`'s spelling of a raw key: no derivation is run over it.
    pub(crate) fn literal(&self) -> Zeroizing<String> {
        // Reserved in one piece: a string that grows leaves copies behind.
        let mut text = Zeroizing::new(String::with_capacity(2 * self.0.len() + 3));
        text.push_str("x'");
        for byte in self.0.iter() {
            // Writing to a string can't fail.
            let _ = write!(*text, "{byte:02x}");
        }
        text.push('\'');
        text
    }
}

impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreKey(…)")
    }
}

/// Bytes of a row that hold a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes over these bytes.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl Deref for Secret {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.0.len())
    }
}
