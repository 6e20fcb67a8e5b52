//! A store's folder: private to its owner, and locked by whoever has it open.

use crate::error::StoreError;
use crate::file::{self, KEY, LOCK, Number};
use crate::key_file::KeyFile;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// A folder that this process has locked. The lock ends with the last thing that holds the folder: this value, or the
/// store that was made from it, or with the process, however that ends.
#[derive(Debug)]
pub struct Folder {
    dir: PathBuf,
    lock: File,
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Closing the file isn't enough: a process that this one is just starting shares it for a moment.
        if let Err(error) = self.lock.unlock() {
            tracing::warn!(%error, "the lock of the store couldn't be given back");
        }
    }
}

impl Folder {
    /// Locks the folder of a store that is there, and deletes what a crash may have left half made in it.
    ///
    /// A folder that holds no store is left as it was.
    ///
    /// # Errors
    /// [`NoStore`](StoreError::NoStore), [`NotAStore`](StoreError::NotAStore), [`InUse`](StoreError::InUse),
    /// [`Damaged`](StoreError::Damaged) for a key file that can't be read.
    pub fn lock(dir: &Path) -> Result<Self, StoreError> {
        if !dir.is_dir() {
            return Err(StoreError::NoStore { dir: dir.to_owned() });
        }
        if KeyFile::read(dir)?.is_none() {
            return Err(match stranger(dir)? {
                Some(found) => StoreError::NotAStore { dir: dir.to_owned(), found },
                None => StoreError::NoStore { dir: dir.to_owned() },
            });
        }
        let folder = Self::acquire(dir)?;
        // Read again: it may have changed until the lock was ours.
        let number = folder.key_file()?.number;
        folder.remove_left_overs(Some(number))?;
        Ok(folder)
    }

    /// Makes the folder, or takes an empty one, and locks it. What a creation that crashed has left in it is deleted.
    ///
    /// # Errors
    /// [`AlreadyThere`](StoreError::AlreadyThere), [`NotAStore`](StoreError::NotAStore) for a folder with anything
    /// else in it, [`InUse`](StoreError::InUse).
    pub fn create(dir: &Path) -> Result<Self, StoreError> {
        let already_there = || Err(StoreError::AlreadyThere { dir: dir.to_owned() });
        if dir.join(KEY).exists() {
            return already_there();
        }
        if !dir.exists() {
            make_dir(dir)?;
        } else if let Some(found) = stranger(dir)? {
            return Err(StoreError::NotAStore { dir: dir.to_owned(), found });
        }
        let folder = Self::acquire(dir)?;
        // Asked again: somebody else may have made one until the lock was ours.
        if dir.join(KEY).exists() {
            return already_there();
        }
        folder.remove_left_overs(None)?;
        Ok(folder)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.dir
    }

    /// The wrapped key, as it was given when the store was made or moved to its present key.
    pub fn wrapped_key(&self) -> Result<Vec<u8>, StoreError> {
        self.key_file().map(|file| file.wrapped)
    }

    pub(crate) fn key_file(&self) -> Result<KeyFile, StoreError> {
        KeyFile::read(&self.dir)?.ok_or_else(|| StoreError::NoStore { dir: self.dir.clone() })
    }

    /// Deletes what isn't a part of database `keep`.
    pub(crate) fn remove_left_overs(&self, keep: Option<Number>) -> Result<(), StoreError> {
        let mut removed = false;
        for name in file::names(&self.dir)?.iter().filter(|name| file::is_left_over(name, keep)) {
            file::remove(&self.dir.join(name))?;
            removed = true;
        }
        if removed { file::sync_dir(&self.dir) } else { Ok(()) }
    }

    fn acquire(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(LOCK);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let lock = options.open(&path).map_err(|e| StoreError::io(&path, &e))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse { dir: dir.to_owned() }),
            Err(TryLockError::Error(error)) => return Err(StoreError::io(&path, &error)),
        }
        let dir = dir.canonicalize().map_err(|e| StoreError::io(dir, &e))?;
        file::make_private(&dir, 0o700)?;
        for name in file::names(&dir)?.iter().filter(|name| file::is_ours(name)) {
            file::make_private(&dir.join(name), 0o600)?;
        }
        Ok(Self { dir, lock })
    }
}

/// The first thing in a folder that isn't a store's.
fn stranger(dir: &Path) -> Result<Option<String>, StoreError> {
    Ok(file::names(dir)?.into_iter().find(|name| !file::is_ours(name)))
}

fn make_dir(dir: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(|e| StoreError::io(dir, &e))?;
    match dir.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => file::sync_dir(parent),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_given_back_while_another_process_is_being_started() {
        let temp = tempfile::tempdir().unwrap();
        let folder = Folder::create(temp.path()).unwrap();
        // What a process that is being started holds until it runs its own program.
        let shared = folder.lock.try_clone().unwrap();
        drop(folder);
        Folder::create(temp.path()).unwrap();
        drop(shared);
    }
}
