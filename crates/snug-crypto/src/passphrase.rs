//! The store's key, wrapped by a passphrase: Argon2id (RFC 9106), then XChaCha20-Poly1305.
//!
//! The parameters are written beside the salt, so that they can grow; they are bounded before use, because the file may
//! come from a hostile hand. The passphrase is normalised to NFC first (RFC 8265): keyboards and systems differ in
//! how they write *é*.

use crate::sealing::{decrypt, encrypt};
use crate::{Entropy, Zeroizing, context, random};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use snug_types::{Decode, DecodeError, Encode, Reader, Writer};
use unicode_normalization::UnicodeNormalization;

/// The version of this shape.
const VERSION: u8 = 1;
/// Memory of a new wrapping: 64 MiB, RFC 9106's second recommended option.
const MEMORY_KIB: u32 = 64 << 10;
/// Passes of a new wrapping.
const PASSES: u32 = 3;
/// Lanes of a new wrapping: one, because they would be computed one after the other anyway.
const LANES: u32 = 1;
/// Most memory that a file may ask for: a laptop that can run the app has it.
const MAX_MEMORY_KIB: u32 = 256 << 10;
/// Most passes: with the most memory some ten seconds.
const MAX_PASSES: u32 = 16;
/// Most lanes.
const MAX_LANES: u32 = 4;
/// Longest passphrase in bytes: hashing is linear in it, so any bound will do.
const MAX_PASSPHRASE: usize = 64 << 10;

/// Why a key couldn't be wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrapError {
    /// No passphrase at all.
    #[error("the passphrase is empty")]
    Empty,
    /// Longer than any passphrase needs to be.
    #[error("the passphrase is longer than {MAX_PASSPHRASE} bytes")]
    TooLong,
    /// The memory that Argon2 asks for isn't there.
    #[error("not enough memory to derive the key")]
    Memory,
}

/// Why a key couldn't be unwrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnwrapError {
    /// Another passphrase, or a damaged file: nobody can tell which.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// Parameters that no version of the app writes.
    #[error(
        "the key file asks for {memory_kib} KiB, {passes} passes and {lanes} lanes, which isn't supported"
    )]
    Unsupported {
        /// Memory in KiB.
        memory_kib: u32,
        /// Passes over it.
        passes: u32,
        /// Lanes.
        lanes: u32,
    },
    /// The memory that Argon2 asks for isn't there.
    #[error("not enough memory to derive the key")]
    Memory,
}

/// A 32-byte key, wrapped by a passphrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: [u8; 16],
    nonce: [u8; 24],
    sealed: [u8; 48],
}

impl WrappedKey {
    /// Wraps a key. Takes about as long as a blink, on purpose.
    pub fn wrap(passphrase: &str, key: &[u8; 32], entropy: &mut dyn Entropy) -> Result<Self, WrapError> {
        if passphrase.is_empty() {
            return Err(WrapError::Empty);
        }
        if passphrase.len() > MAX_PASSPHRASE {
            return Err(WrapError::TooLong);
        }
        let mut wrapped = Self {
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            lanes: LANES,
            salt: random(entropy),
            nonce: random(entropy),
            sealed: [0; 48],
        };
        let wrapping = wrapped.derive(passphrase).ok_or(WrapError::Memory)?;
        let sealed = encrypt(&*wrapping, &wrapped.nonce, &wrapped.aad(), key);
        // 32 bytes of key and 16 of tag.
        wrapped.sealed.copy_from_slice(&sealed);
        Ok(wrapped)
    }

    /// The key, if this is the passphrase that it was wrapped by.
    pub fn unwrap(&self, passphrase: &str) -> Result<Zeroizing<[u8; 32]>, UnwrapError> {
        self.open(passphrase).map(|(key, _)| key)
    }

    /// The key, and what wraps another one by the same passphrase without asking for it again.
    pub fn open(&self, passphrase: &str) -> Result<(Zeroizing<[u8; 32]>, Wrapping), UnwrapError> {
        let Self { memory_kib, passes, lanes, .. } = *self;
        if memory_kib > MAX_MEMORY_KIB
            || !(1..=MAX_PASSES).contains(&passes)
            || !(1..=MAX_LANES).contains(&lanes)
            || memory_kib < 8 * lanes
        {
            return Err(UnwrapError::Unsupported { memory_kib, passes, lanes });
        }
        if passphrase.is_empty() || passphrase.len() > MAX_PASSPHRASE {
            return Err(UnwrapError::WrongPassphrase);
        }
        let wrapping = self.derive(passphrase).ok_or(UnwrapError::Memory)?;
        let key = decrypt(&*wrapping, &self.nonce, &self.aad(), &self.sealed)
            .map(Zeroizing::new)
            .ok_or(UnwrapError::WrongPassphrase)?;
        let mut out = Zeroizing::new([0; 32]);
        out.copy_from_slice(&key);
        Ok((out, Wrapping { like: self.clone(), derived: wrapping }))
    }

    /// Argon2id of the normalised passphrase; nothing if its memory can't be had.
    fn derive(&self, passphrase: &str) -> Option<Zeroizing<[u8; 32]>> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).ok()?;
        let mut blocks = Vec::new();
        blocks.try_reserve_exact(params.block_count()).ok()?;
        blocks.resize(params.block_count(), Block::default());
        let mut blocks = Zeroizing::new(blocks);

        let passphrase: Zeroizing<String> = Zeroizing::new(passphrase.nfc().collect());
        let mut out = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(
                passphrase.as_bytes(),
                &self.salt,
                &mut *out,
                blocks.as_mut_slice(),
            )
            .ok()?;
        Some(out)
    }

    /// Version, parameters and salt are bound to the sealed key.
    fn aad(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.text(context::WRAPPED_KEY);
        self.encode_head(&mut w);
        w.finish()
    }

    fn encode_head(&self, w: &mut Writer) {
        w.u8(VERSION);
        w.u32(self.memory_kib);
        w.u32(self.passes);
        w.u32(self.lanes);
        w.raw(&self.salt);
    }
}

/// A passphrase's derived key while a laptop is unlocked: as secret as the key that it wraps, and it tells no more than
/// that key about the passphrase.
pub struct Wrapping {
    like: WrappedKey,
    derived: Zeroizing<[u8; 32]>,
}

impl Wrapping {
    /// Wraps another key by the same passphrase, with the same salt and parameters.
    pub fn wrap(&self, key: &[u8; 32], entropy: &mut dyn Entropy) -> WrappedKey {
        let mut wrapped = WrappedKey { nonce: random(entropy), ..self.like.clone() };
        let sealed = encrypt(&*self.derived, &wrapped.nonce, &wrapped.aad(), key);
        wrapped.sealed.copy_from_slice(&sealed);
        wrapped
    }
}

impl std::fmt::Debug for Wrapping {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wrapping")
    }
}

impl Encode for WrappedKey {
    fn encode(&self, w: &mut Writer) {
        self.encode_head(w);
        w.raw(&self.nonce);
        w.raw(&self.sealed);
    }
}

impl Decode for WrappedKey {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let version = r.u8()?;
        if version != VERSION {
            return Err(DecodeError::UnknownTag { what: "wrapped key version", tag: version.into() });
        }
        Ok(Self {
            memory_kib: r.u32()?,
            passes: r.u32()?,
            lanes: r.u32()?,
            salt: r.array()?,
            nonce: r.array()?,
            sealed: r.array()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;
    use snug_types::{from_bytes, to_bytes};

    #[test]
    fn the_passphrase_and_no_other_unwraps() {
        let wrapped = WrappedKey::wrap("kávé", &[5; 32], &mut SeededEntropy::new(1)).unwrap();
        let read: WrappedKey = from_bytes(&to_bytes(&wrapped)).unwrap();
        assert_eq!(*read.unwrap("kávé").unwrap(), [5; 32]);
        assert_eq!(*read.unwrap("ka\u{301}ve\u{301}").unwrap(), [5; 32], "the same letters, written apart");
        assert_eq!(read.unwrap("kave"), Err(UnwrapError::WrongPassphrase));
        assert_eq!(read.unwrap(""), Err(UnwrapError::WrongPassphrase));
        assert_eq!(WrappedKey::wrap("", &[5; 32], &mut SeededEntropy::new(1)), Err(WrapError::Empty));
    }

    #[test]
    fn an_open_wrapping_wraps_a_new_key_by_the_same_passphrase() {
        let first = WrappedKey::wrap("kávé", &[5; 32], &mut SeededEntropy::new(1)).unwrap();
        let (key, wrapping) = first.open("kávé").unwrap();
        assert_eq!(*key, [5; 32]);
        let second = wrapping.wrap(&[6; 32], &mut SeededEntropy::new(2));
        assert_eq!(*second.unwrap("kávé").unwrap(), [6; 32]);
        assert_ne!(to_bytes(&first), to_bytes(&second));
    }

    #[test]
    fn a_new_wrapping_costs_what_is_promised() {
        let wrapped = WrappedKey::wrap("x", &[5; 32], &mut SeededEntropy::new(1)).unwrap();
        assert_eq!((wrapped.memory_kib, wrapped.passes, wrapped.lanes), (65_536, 3, 1));
    }

    #[test]
    fn a_hostile_file_costs_nothing() {
        let good = WrappedKey::wrap("x", &[5; 32], &mut SeededEntropy::new(1)).unwrap();
        for (memory_kib, passes, lanes) in [
            (u32::MAX, 3, 1),
            (MAX_MEMORY_KIB + 1, 3, 1),
            (65_536, u32::MAX, 1),
            (65_536, 0, 1),
            (65_536, 3, 0),
            (7, 3, 1),
            (65_536, 3, u32::MAX),
        ] {
            let hostile = WrappedKey { memory_kib, passes, lanes, ..good.clone() };
            assert_eq!(hostile.unwrap("x"), Err(UnwrapError::Unsupported { memory_kib, passes, lanes }));
        }
        // Weaker parameters than it was wrapped with give another key.
        let weaker = WrappedKey { memory_kib: 8, passes: 1, ..good.clone() };
        assert_eq!(weaker.unwrap("x"), Err(UnwrapError::WrongPassphrase));

        let bytes = to_bytes(&good);
        let mut newer = bytes.clone();
        newer[0] = 2;
        assert!(matches!(from_bytes::<WrappedKey>(&newer), Err(DecodeError::UnknownTag { tag: 2, .. })));
        for cut in 0..bytes.len() {
            assert!(from_bytes::<WrappedKey>(&bytes[..cut]).is_err());
        }
    }

    /// The Argon2 reference implementation's answer for its version 0x13: `argon2 somesalt -id -t 2 -m 16 -p 1`.
    #[test]
    fn argon2id_known_answer() {
        let mut out = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(65_536, 2, 1, Some(32)).unwrap())
            .hash_password_into(b"password", b"somesalt", &mut out)
            .unwrap();
        assert_eq!(
            data_encoding::HEXLOWER.encode(&out),
            "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"
        );
    }
}
