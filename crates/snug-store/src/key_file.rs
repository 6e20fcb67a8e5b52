//! The key file: the wrapped key, and the number of the database that it opens.
//!
//! Both are in one file because its replacement is the one moment at which a store changes from one database and key
//! to the next.

use crate::error::StoreError;
use crate::file::{self, KEY, KEY_NEW, Number};
use snug_types::codec::{DecodeError, Reader, Writer};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// What a key file starts with.
const MAGIC: &[u8; 8] = b"snug key";
/// The version of this format.
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
        Self::decode(&bytes).map(Some).map_err(|error| match error {
            DecodeError::UnknownTag { tag, .. } if tag > VERSION.into() => {
                StoreError::Newer { found: tag.into(), known: VERSION.into() }
            }
            error => StoreError::Damaged { file: path, what: error.to_string() },
        })
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        if r.array()? != *MAGIC {
            return Err(DecodeError::NotCanonical("another kind of file"));
        }
        match r.u8()? {
            VERSION => {}
            tag => return Err(DecodeError::UnknownTag { what: "key file version", tag: tag.into() }),
        }
        let file =
            Self { number: Number(r.u64()?), wrapped: r.bytes("wrapped key", WRAPPED_BYTES)?.to_vec() };
        r.end()?;
        Ok(file)
    }

    /// Puts it in the place of the one before. When this returns, the change is durable; after a crash within, there
    /// is the old one or the new one.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), StoreError> {
        let mut w = Writer::new();
        w.raw(MAGIC);
        w.u8(VERSION);
        w.u64(self.number.0);
        w.bytes(&self.wrapped);
        file::replace(&dir.join(KEY), &dir.join(KEY_NEW), &w.finish())?;
        file::sync_dir(dir)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

        let mut newer = whole;
        newer[8] = 2;
        std::fs::write(dir.path().join(KEY), newer).unwrap();
        assert_eq!(KeyFile::read(dir.path()), Err(StoreError::Newer { found: 2, known: 1 }));
    }
}
