//! The key file: the wrapped key, and the number of the database that it opens.
//!
//! Both are in one file because its replacement is the one moment at which a store changes from one database and key
//! to the next. It ends with a checksum of everything before: a wrong number must be told from a right one, because
//! what belongs to other numbers is left over.

use crate::error::StoreError;
use crate::file::{self, KEY, KEY_NEW, Number};
use snug_types::codec::{Reader, Writer};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// What a key file starts with.
const MAGIC: &[u8; 8] = b"snug key";
/// The version of this format. Whatever the version: it starts with the magic bytes and this, and ends with the checksum.
const VERSION: u8 = 1;
/// Bytes of a wrapped key: a passphrase's parameters, salt and 32 sealed bytes need about a hundred.
pub(crate) const WRAPPED_BYTES: usize = 4096;

/// What a key file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyFile {
    /// Which database the key opens.
    pub(crate) number: Number,
    /// The wrapped key: opaque.
    pub(crate) wrapped: Vec<u8>,
}

impl KeyFile {
    /// Reads the key file of a folder; none where there is no such file.
    pub(crate) fn read(dir: &Path) -> Result<Option<Self>, StoreError> {
        let path = dir.join(KEY);
        let mut bytes = Vec::new();
        match File::open(&path) {
            // A byte more than there can be shows that there are too many.
            Ok(file) => file
                .take(WRAPPED_BYTES as u64 + 64)
                .read_to_end(&mut bytes)
                .map_err(|error| StoreError::io(&path, &error))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::io(&path, &error)),
        };
        match Self::decode(&bytes) {
            Some(Ok(file)) => Ok(Some(file)),
            Some(Err(newer)) => Err(newer),
            None => Err(StoreError::Damaged { file: path, what: "its key file is damaged".to_owned() }),
        }
    }

    /// What these bytes are, or the error that they are a newer version's; none if they are damaged.
    fn decode(bytes: &[u8]) -> Option<Result<Self, StoreError>> {
        let (content, checksum) = bytes.split_last_chunk::<{ blake3::OUT_LEN }>()?;
        let mut r = Reader::new(content);
        if r.array().ok()? != *MAGIC || blake3::hash(content) != *checksum {
            return None;
        }
        let version = r.u8().ok()?;
        if version > VERSION {
            return Some(Err(StoreError::Newer { found: version.into(), known: VERSION.into() }));
        }
        let number = Number(r.u64().ok()?);
        let wrapped = r.bytes("wrapped key", WRAPPED_BYTES).ok()?.to_vec();
        r.end().ok()?;
        (version == VERSION).then_some(Ok(Self { number, wrapped }))
    }

    /// Puts it in the place of the one before. When this returns, the change is durable; after a crash within, there
    /// is the old one or the new one.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), StoreError> {
        let mut w = Writer::new();
        w.raw(MAGIC);
        w.u8(VERSION);
        w.u64(self.number.0);
        w.bytes(&self.wrapped);
        let mut bytes = w.finish();
        let checksum = blake3::hash(&bytes);
        bytes.extend_from_slice(checksum.as_bytes());
        file::replace(&dir.join(KEY), &dir.join(KEY_NEW), &bytes)?;
        file::sync_dir(dir)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_wrong_bit_is_damage() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(KEY);
        KeyFile { number: Number(1), wrapped: vec![9; 20] }.write(dir.path()).unwrap();
        let whole = std::fs::read(&path).unwrap();
        for bit in 0..whole.len() * 8 {
            let mut bad = whole.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            std::fs::write(&path, bad).unwrap();
            let damaged =
                StoreError::Damaged { file: path.clone(), what: "its key file is damaged".to_owned() };
            assert_eq!(KeyFile::read(dir.path()), Err(damaged), "bit {bit}");
        }
    }

    #[test]
    fn it_comes_back_and_damage_is_named() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(KeyFile::read(dir.path()), Ok(None));
        let file = KeyFile { number: Number(7), wrapped: vec![9; WRAPPED_BYTES] };
        file.write(dir.path()).unwrap();
        assert_eq!(KeyFile::read(dir.path()), Ok(Some(file)));
        assert!(!dir.path().join(KEY_NEW).exists());

        let whole = std::fs::read(dir.path().join(KEY)).unwrap();
        let mut longer = whole.clone();
        longer.push(0);
        let huge = [whole.clone(), vec![0; 1 << 20]].concat();
        for bad in [&whole[..whole.len() - 1], &longer, &huge, b"", b"something else entirely"] {
            std::fs::write(dir.path().join(KEY), bad).unwrap();
            assert!(
                matches!(KeyFile::read(dir.path()), Err(StoreError::Damaged { .. })),
                "{} bytes",
                bad.len()
            );
        }

        let (content, _) = whole.split_last_chunk::<{ blake3::OUT_LEN }>().unwrap();
        let mut newer = content.to_vec();
        newer[8] = 2;
        let checksum = blake3::hash(&newer);
        newer.extend_from_slice(checksum.as_bytes());
        std::fs::write(dir.path().join(KEY), newer).unwrap();
        assert_eq!(KeyFile::read(dir.path()), Err(StoreError::Newer { found: 2, known: 1 }));
    }
}
