//! Making a store, so that a crash at any moment leaves either nothing or a store.
//!
//! ```text
//! Made      store-1.db.new holds an empty store, synced      a crash up to here: no store;
//!                                                            *.new is deleted by the next creation
//! Named     the key file names store-1.db (one rename)       from here on: a store;
//!                                                            its first open does the last step
//! Finished  store-1.db.new is store-1.db (one rename)
//! ```
//!
//! A database gets its own name only when its key file is there, and a creation deletes nothing but what has the name
//! of something half made. So a database whose key file was lost is never taken for a creation that crashed.

use crate::error::StoreError;
use crate::file::{self, Number};
use crate::folder::Folder;
use crate::key_file::KeyFile;
use crate::secret::StoreKey;
use crate::{connect, migrate};
use std::fs;

/// How far the creation is: what a crash test stops at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The database is whole.
    Made,
    /// It is the store's.
    Named,
    /// It has its own name.
    Finished,
}

/// Makes the first database of a folder and its key file.
pub(crate) fn create(
    folder: &Folder,
    key: &StoreKey,
    wrapped: Vec<u8>,
    done: &mut dyn FnMut(Step),
) -> Result<(), StoreError> {
    let (dir, number) = (folder.path(), Number::FIRST);
    let new = dir.join(number.new_database_name());
    drop(file::create_private(&new)?);
    let mut conn = connect::writer(&new, key)?;
    migrate::run(&mut conn, migrate::STEPS)?;
    // Whole without its log, which wouldn't be renamed with it.
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    conn.close().map_err(|(_, error)| StoreError::from(error))?;
    file::sync_dir(dir)?;
    done(Step::Made);

    KeyFile { number, wrapped }.write(dir)?;
    done(Step::Named);

    finish(folder, number, key)?;
    done(Step::Finished);
    Ok(())
}

/// Does the last step, should it not be done.
pub(crate) fn finish(folder: &Folder, number: Number, key: &StoreKey) -> Result<(), StoreError> {
    if !folder.creation_is_unfinished(number)? {
        return Ok(());
    }
    let (dir, path) = (folder.path(), number.database(folder.path()));
    let new = dir.join(number.new_database_name());
    connect::inspect(&new, key)?;
    fs::rename(&new, &path).map_err(|e| StoreError::io(&path, &e))?;
    file::sync_dir(dir)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;
    use std::path::{Path, PathBuf};
    use tempfile::TempDir;

    fn key(n: u8) -> StoreKey {
        StoreKey::new([n; 32])
    }

    /// What a crash at each step leaves, the last step being none: it crashed within the first.
    fn images(temp: &TempDir) -> Vec<(Option<Step>, PathBuf)> {
        let dir = temp.path().join("laptop");
        let mut images = Vec::new();
        let mut take = |step: Option<Step>| {
            let to = temp.path().join(format!("{step:?}"));
            fs::create_dir(&to).unwrap();
            for name in file::names(&dir).unwrap() {
                fs::copy(dir.join(&name), to.join(name)).unwrap();
            }
            images.push((step, to));
        };
        let folder = Folder::create(&dir).unwrap();
        take(None);
        create(&folder, &key(1), vec![1], &mut |step| take(Some(step))).unwrap();
        // As a crash within the first step may leave it.
        let half = &images[0].1;
        for name in ["store-1.db.new", "store-1.db.new-wal", "store-1.db.new-shm"] {
            fs::write(half.join(name), b"half").unwrap();
        }
        // And one within the second.
        fs::write(images[1].1.join(file::KEY_NEW), b"snug k").unwrap();
        images
    }

    fn close(store: Store) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(store.close());
    }

    fn contents(dir: &Path) -> Vec<(String, Vec<u8>)> {
        let names = file::names(dir).unwrap();
        names.into_iter().map(|name| (name.clone(), fs::read(dir.join(name)).unwrap())).collect()
    }

    #[test]
    fn at_every_crash_there_is_nothing_or_a_store() {
        let temp = TempDir::new().unwrap();
        let images = images(&temp);
        assert_eq!(images.len(), 4);
        for (step, dir) in images {
            let there = matches!(step, Some(Step::Named | Step::Finished));
            let before = contents(&dir);
            if there {
                let error = Folder::create(&dir).unwrap_err();
                assert_eq!(error, StoreError::AlreadyThere { dir: dir.clone() }, "{step:?}");
                // Somebody else's key finishes nothing.
                let refused = Store::open(Folder::lock(&dir).unwrap(), key(2)).unwrap_err();
                assert!(matches!(refused, StoreError::WrongKey { .. }), "{step:?}: {refused:?}");
                assert!(contents(&dir) == before, "{step:?} has changed");
                close(Store::open(Folder::lock(&dir).unwrap(), key(1)).unwrap());
            } else {
                let error = Folder::lock(&dir).unwrap_err();
                assert_eq!(error, StoreError::NoStore { dir: dir.clone() }, "{step:?}");
                assert!(contents(&dir) == before, "{step:?} has changed");
                close(Store::create(Folder::create(&dir).unwrap(), key(3), vec![3]).unwrap());
                close(Store::open(Folder::lock(&dir).unwrap(), key(3)).unwrap());
            }
            assert_eq!(file::names(&dir).unwrap(), ["key", "lock", "store-1.db"], "{step:?}");
        }
    }

    #[test]
    fn a_half_made_database_takes_no_other_ones_place() {
        let temp = TempDir::new().unwrap();
        let (_, dir) = images(&temp).swap_remove(2);
        fs::write(dir.join("store-2.db"), b"somebody's notes").unwrap();
        let before = contents(&dir);
        let error = Folder::lock(&dir).unwrap_err();
        assert!(
            matches!(&error, StoreError::Damaged { what, .. } if what == "its database store-1.db is missing")
        );
        assert!(contents(&dir) == before);
    }
}
