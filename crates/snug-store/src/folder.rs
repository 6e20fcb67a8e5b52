//! A store's folder: private to its owner, and locked by whoever has it open.

use crate::error::StoreError;
use crate::file::{self, KEY, Number};
use crate::key_file::KeyFile;
use crate::lock::Lock;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A folder that this process has locked. The lock ends with the last thing that holds the folder: this value, the
/// store that was made from it, or the [`Hold`](crate::Hold) that gave it; or with the process, however that ends.
#[derive(Debug)]
pub struct Folder {
    dir: PathBuf,
    lock: Arc<Lock>,
}

impl Drop for Folder {
    fn drop(&mut self) {
        self.lock.leave();
    }
}

impl Folder {
    /// Locks the folder of a store that is there. What a crash may have left half made in it stays until the store has
    /// opened.
    ///
    /// A folder that holds no store is left as it was.
    ///
    /// # Errors
    /// [`NoStore`](StoreError::NoStore), [`NotAStore`](StoreError::NotAStore), [`InUse`](StoreError::InUse),
    /// [`Newer`](StoreError::Newer), [`Damaged`](StoreError::Damaged) for a key file that can't be read, or is missing
    /// beside a database, and for a database that is missing.
    pub fn lock(dir: &Path) -> Result<Self, StoreError> {
        if !dir.is_dir() {
            return Err(StoreError::NoStore { dir: dir.to_owned() });
        }
        if !holds_store(dir)? {
            return Err(StoreError::NoStore { dir: dir.to_owned() });
        }
        let folder = Self::acquire(dir)?;
        // Read again: it may have changed until the lock was ours.
        folder.creation_is_unfinished(folder.key_file()?.number)?;
        Ok(folder)
    }

    /// Makes the folder, or takes an empty one, and locks it. What a creation that crashed has left in it is deleted.
    ///
    /// # Errors
    /// [`AlreadyThere`](StoreError::AlreadyThere), [`NotAStore`](StoreError::NotAStore) for a folder with anything
    /// else in it, [`Damaged`](StoreError::Damaged) for one with a database whose key file is missing: all left as they
    /// were. [`InUse`](StoreError::InUse).
    pub fn create(dir: &Path) -> Result<Self, StoreError> {
        if dir.exists() {
            check_may_create(dir)?;
        } else {
            make_dir(dir)?;
        }
        let folder = Self::acquire(dir)?;
        folder.prepare()?;
        Ok(folder)
    }

    /// Makes room for a new store, once the lock is ours.
    pub(crate) fn prepare(&self) -> Result<(), StoreError> {
        // Asked again: somebody else may have made one until then.
        check_may_create(&self.dir)?;
        self.remove_where(file::is_half_made)
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
        KeyFile::read(&self.dir)?.ok_or_else(|| key_missing(&self.dir))
    }

    /// True where the database that the key file names is whole but for its name.
    ///
    /// # Errors
    /// [`Damaged`](StoreError::Damaged) where it is missing.
    pub(crate) fn creation_is_unfinished(&self, number: Number) -> Result<bool, StoreError> {
        let names = file::names(&self.dir)?;
        if names.contains(&number.database_name()) {
            return Ok(false);
        }
        let new = Number::FIRST.new_database_name();
        if number == Number::FIRST && names.contains(&new) && !names.iter().any(|name| file::is_stored(name))
        {
            return Ok(true);
        }
        Err(StoreError::Damaged {
            file: number.database(&self.dir),
            what: format!("its database {} is missing", number.database_name()),
        })
    }

    /// Deletes what isn't a part of database `open`. To be called only when that one has opened with its key: a key
    /// file alone is no proof that everything else is left over.
    pub(crate) fn remove_left_overs(&self, open: Number) -> Result<(), StoreError> {
        self.remove_where(|name| file::is_left_over(name, open))
    }

    fn remove_where(&self, doomed: impl Fn(&str) -> bool) -> Result<(), StoreError> {
        let mut removed = false;
        for name in file::names(&self.dir)?.iter().filter(|name| doomed(name)) {
            file::remove(&self.dir.join(name))?;
            removed = true;
        }
        if removed { file::sync_dir(&self.dir) } else { Ok(()) }
    }

    pub(crate) fn acquire(dir: &Path) -> Result<Self, StoreError> {
        let lock = Lock::take(dir)?;
        let dir = dir.canonicalize().map_err(|e| StoreError::io(dir, &e))?;
        file::make_private(&dir, 0o700)?;
        for name in file::names(&dir)?.iter().filter(|name| file::is_ours(name)) {
            file::make_private(&dir.join(name), 0o600)?;
        }
        Self::of(dir, lock)
    }

    /// The folder of this lock, unless somebody in this process has it already.
    pub(crate) fn of(dir: PathBuf, lock: Arc<Lock>) -> Result<Self, StoreError> {
        if lock.enter() { Ok(Self { dir, lock }) } else { Err(StoreError::InUse { dir }) }
    }

    pub(crate) fn shared_lock(&self) -> Arc<Lock> {
        Arc::clone(&self.lock)
    }
}

/// True where there is a store, false where there may be one: nothing is there but what a crashed creation leaves.
pub(crate) fn holds_store(dir: &Path) -> Result<bool, StoreError> {
    // Before the key file: a database that is being made gets its name after it.
    let names = file::names(dir)?;
    if KeyFile::read(dir)?.is_some() {
        return Ok(true);
    }
    check_vacant(dir, &names)?;
    Ok(false)
}

fn check_may_create(dir: &Path) -> Result<(), StoreError> {
    // Before the key file: a database that is being made gets its name after it.
    let names = file::names(dir)?;
    if dir.join(KEY).exists() {
        return Err(StoreError::AlreadyThere { dir: dir.to_owned() });
    }
    check_vacant(dir, &names)
}

/// Checks that a folder without a key file, with these names in it, holds nothing but what a crashed creation leaves.
fn check_vacant(dir: &Path, names: &[String]) -> Result<(), StoreError> {
    if names.iter().any(|name| file::is_stored(name)) {
        return Err(key_missing(dir));
    }
    match names.iter().find(|name| !file::is_ours(name) && !file::is_beside(name)) {
        Some(found) => Err(StoreError::NotAStore { dir: dir.to_owned(), found: found.clone() }),
        None => Ok(()),
    }
}

fn key_missing(dir: &Path) -> StoreError {
    StoreError::Damaged { file: dir.join(KEY), what: "its key file is missing".to_owned() }
}

pub(crate) fn make_dir(dir: &Path) -> Result<(), StoreError> {
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
