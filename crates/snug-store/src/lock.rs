//! The lock of a folder, and keeping it while stores in the folder open and close.
//!
//! ```text
//! Lock    the file is locked: this process has the folder
//!  └ one Folder at a time, in it one store
//! Hold    keeps the lock, also while there is no Folder
//! ```

use crate::error::StoreError;
use crate::file::LOCK;
use crate::folder::{self, Folder};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A locked file. The system's lock is the process's alone, so what keeps two stores of one process apart is here, too.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    entered: AtomicBool,
}

impl Lock {
    pub(crate) fn take(dir: &Path) -> Result<Arc<Self>, StoreError> {
        let path = dir.join(LOCK);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use rustix::fs::OFlags;
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600).custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
        }
        let file = options.open(&path).map_err(|error| {
            if path.is_symlink() {
                // Nothing that lies elsewhere is made or locked.
                let what = "its lock is a link to another place".to_owned();
                return StoreError::Damaged { file: path.clone(), what };
            }
            StoreError::io(&path, &error)
        })?;
        match file.try_lock() {
            Ok(()) => Ok(Arc::new(Self { file, entered: AtomicBool::new(false) })),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse { dir: dir.to_owned() }),
            Err(TryLockError::Error(error)) => Err(StoreError::io(&path, &error)),
        }
    }

    /// True for the one who comes in; false while somebody is in.
    pub(crate) fn enter(&self) -> bool {
        !self.entered.swap(true, Ordering::AcqRel)
    }

    pub(crate) fn leave(&self) {
        self.entered.store(false, Ordering::Release);
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file isn't enough: a process that this one is just starting shares it for a moment.
        if let Err(error) = self.file.unlock() {
            tracing::warn!(%error, "the lock of the store couldn't be given back");
        }
    }
}

/// Keeps a folder locked whether there is a store in it or not, and whether it is open or not: between two stores, nobody
/// else gets in.
#[derive(Debug)]
pub struct Hold {
    dir: PathBuf,
    lock: Arc<Lock>,
}

impl Hold {
    /// Makes the folder if it isn't there, and locks it. Nothing in it is deleted.
    ///
    /// # Errors
    /// [`NotAStore`](StoreError::NotAStore), [`Newer`](StoreError::Newer), [`Damaged`](StoreError::Damaged): as of
    /// [`Folder::lock`], all left as they were. [`InUse`](StoreError::InUse).
    pub fn take(dir: &Path) -> Result<Self, StoreError> {
        if !dir.exists() {
            folder::make_dir(dir)?;
        }
        // Asked before the lock's file is made in what may be somebody else's folder.
        folder::holds_store(dir)?;
        let folder = Folder::acquire(dir)?;
        // And again: it may have changed until the lock was ours.
        if folder::holds_store(folder.path())? {
            folder.creation_is_unfinished(folder.key_file()?.number)?;
        }
        Ok(Self { dir: folder.path().to_owned(), lock: folder.shared_lock() })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.dir
    }

    /// True until there is a store in it.
    ///
    /// # Errors
    /// As of [`Folder::lock`].
    pub fn is_vacant(&self) -> Result<bool, StoreError> {
        folder::holds_store(&self.dir).map(|there| !there)
    }

    /// The folder, to open the store that is in it.
    ///
    /// # Errors
    /// [`InUse`](StoreError::InUse) until what it was given for before is closed.
    pub fn folder(&self) -> Result<Folder, StoreError> {
        Folder::of(self.dir.clone(), Arc::clone(&self.lock))
    }

    /// The folder, to make a store in it. What a creation that crashed has left in it is deleted.
    ///
    /// # Errors
    /// [`InUse`](StoreError::InUse), and as of [`Folder::create`].
    pub fn vacant_folder(&self) -> Result<Folder, StoreError> {
        let folder = self.folder()?;
        folder.prepare()?;
        Ok(folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_lock_that_is_a_link_is_not_followed() {
        let (temp, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (there, missing) = (elsewhere.path().join("there"), elsewhere.path().join("missing"));
        std::fs::write(&there, "somebody else's").unwrap();
        for target in [&there, &missing] {
            let link = temp.path().join(LOCK);
            std::os::unix::fs::symlink(target, &link).unwrap();
            let refused = Lock::take(temp.path()).unwrap_err();
            assert!(matches!(refused, StoreError::Damaged { .. }), "{refused}");
            std::fs::remove_file(link).unwrap();
        }
        assert!(!missing.exists(), "nothing is made elsewhere");
        Lock::take(temp.path()).unwrap();
    }

    #[test]
    fn a_lock_is_given_back_while_another_process_is_being_started() {
        let temp = tempfile::tempdir().unwrap();
        let lock = Lock::take(temp.path()).unwrap();
        // What a process that is being started holds until it runs its own program.
        let shared = lock.file.try_clone().unwrap();
        drop(lock);
        Lock::take(temp.path()).unwrap();
        drop(shared);
    }
}
