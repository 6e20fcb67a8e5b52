//! Schema versions: each is one SQL file, carried out in one transaction, and never changed once released.
//!
//! Before a store that is there is brought to a newer version, a copy of it is made, encrypted under the same key, so
//! that the Snug that wrote it can be gone back to. Only the newest copy is kept. To go back: close Snug, and put the
//! copy in the place of the database it is named after, without a `-wal` beside it.

use crate::connect;
use crate::error::StoreError;
use crate::file::{self, Number};
use crate::folder::Folder;
use crate::secret::StoreKey;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use rusqlite_migration::{M, Migrations};
use std::fs;

/// All versions, the first first.
pub(crate) const STEPS: &[M<'static>] = &[M::up(include_str!("migrations/0001.sql"))];

/// The version that these steps lead to.
pub(crate) fn latest(steps: &[M<'_>]) -> u32 {
    u32::try_from(steps.len()).unwrap_or(u32::MAX)
}

/// Brings a database to the newest version; one that is there already is left as it is.
pub(crate) fn run(conn: &mut Connection, steps: &[M<'_>]) -> Result<(), StoreError> {
    Migrations::from_slice(steps).to_latest(conn).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
        error => StoreError::Database { code: 0, message: error.to_string() },
    })
}

/// Looks at the database of a folder, and brings it to the newest version behind a copy.
///
/// # Errors
/// [`Newer`](StoreError::Newer), and whatever else says that the database can't be opened; nothing is changed then.
pub(crate) fn upgrade(
    folder: &Folder,
    number: Number,
    key: &StoreKey,
    steps: &[M<'_>],
) -> Result<(), StoreError> {
    let path = number.database(folder.path());
    let (found, known) = (connect::inspect(&path, key)?, latest(steps));
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    if found == known {
        return Ok(());
    }
    let mut conn = connect::writer(&path, key)?;
    copy_before(&conn, folder, number, key, known)?;
    tracing::info!(found, known, "bringing the store to a newer version");
    run(&mut conn, steps)
}

/// Makes the copy. One that is there for this version was made before a crash within the steps: it is the older, whole
/// one and stays.
fn copy_before(
    conn: &Connection,
    folder: &Folder,
    number: Number,
    key: &StoreKey,
    version: u32,
) -> Result<(), StoreError> {
    let dir = folder.path();
    let path = number.before(dir, version);
    if path.exists() {
        return Ok(());
    }
    let new = path.with_extension("db.new");
    // A crash may have left half of one.
    file::remove(&new)?;
    drop(file::create_private(&new)?);
    {
        let mut copy = connect::writer(&new, key)?;
        let backup = Backup::new(conn, &mut copy)?;
        match backup.step(-1)? {
            StepResult::Done => {}
            step => {
                return Err(StoreError::Database {
                    code: 0,
                    message: format!("the copy didn't end: {step:?}"),
                });
            }
        }
    }
    fs::rename(&new, &path).map_err(|e| StoreError::io(&path, &e))?;
    file::sync_dir(dir)?;
    let kept = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    for name in file::names(dir)?.iter().filter(|name| file::is_copy(name) && **name != kept) {
        file::remove(&dir.join(name))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
