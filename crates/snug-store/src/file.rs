//! Names and permissions of the files in a store's folder, and the two steps that make a change of names durable.
//!
//! ```text
//! lock                              held while the store is open
//! key                               the wrapped key, and the number of the database that it belongs to
//! store-1.db  -wal  -shm            the database; each fresh key makes a database with the next number
//! store-1.before-2.db               a copy from before it was brought to schema version 2
//! *.new                             something half made
//!
//! tries  snug.sock  window.json     what the rooms above put beside it
//! ```
//!
//! What is left over, a half-made thing or another database, is deleted only by a store whose own database has opened,
//! and the half-made things of a crashed creation by the next one. Nothing else is ever a reason to delete anything.

use crate::error::StoreError;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The lock's name.
pub(crate) const LOCK: &str = "lock";
/// The key file's name.
pub(crate) const KEY: &str = "key";
/// The key file while it is being written.
pub(crate) const KEY_NEW: &str = "key.new";

/// The number of a database: a fresh key makes a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Number(pub(crate) u64);

impl Number {
    /// Of the database that a folder starts with.
    pub(crate) const FIRST: Self = Self(1);

    /// What the names of all its files start with.
    fn prefix(self) -> String {
        format!("store-{}.", self.0)
    }

    /// The name of its database file.
    pub(crate) fn database_name(self) -> String {
        format!("{}db", self.prefix())
    }

    /// Its database file.
    pub(crate) fn database(self, dir: &Path) -> PathBuf {
        dir.join(self.database_name())
    }

    /// The name of its database file while its store is being made.
    pub(crate) fn new_database_name(self) -> String {
        format!("{}db.new", self.prefix())
    }

    /// The copy from before it was brought to this schema version.
    pub(crate) fn before(self, dir: &Path, version: u32) -> PathBuf {
        dir.join(format!("{}before-{version}.db", self.prefix()))
    }
}

/// True if a file of this name can only be a store's.
pub(crate) fn is_ours(name: &str) -> bool {
    matches!(name, LOCK | KEY | KEY_NEW) || is_numbered(name)
}

/// True if a file of this name is one that the rooms above put beside a store, perhaps before there is one. The store
/// neither reads nor deletes them.
pub(crate) fn is_beside(name: &str) -> bool {
    matches!(name.strip_suffix(".new").unwrap_or(name), "tries" | "snug.sock" | "window.json")
}

fn is_numbered(name: &str) -> bool {
    name.strip_prefix("store-")
        .and_then(|rest| rest.split_once('.'))
        .is_some_and(|(number, _)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

fn extension(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or_default()
}

/// True if a file of this name is left over beside database `keep`.
pub(crate) fn is_left_over(name: &str, keep: Number) -> bool {
    is_half_made(name) || (is_numbered(name) && !name.starts_with(&keep.prefix()))
}

/// True if a file of this name was being made and got its own name never.
pub(crate) fn is_half_made(name: &str) -> bool {
    // What SQLite makes beside a database has the database's name and more.
    name == KEY_NEW || (is_numbered(name) && name.contains(".db.new"))
}

/// True if a file of this name holds, or may hold, what somebody has stored.
pub(crate) fn is_stored(name: &str) -> bool {
    is_numbered(name) && !is_half_made(name)
}

/// The names in a folder, in order.
pub(crate) fn names(dir: &Path) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir).map_err(|e| StoreError::io(dir, &e))? {
        let entry = entry.map_err(|e| StoreError::io(dir, &e))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    Ok(names)
}

/// Makes a new, empty file that only its owner may open, whatever the umask. What is there already is an error.
pub(crate) fn create_private(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(|e| StoreError::io(path, &e))?;
    make_private(path, 0o600)?;
    Ok(file)
}

/// Takes everybody else's rights to a file (0600) or folder (0700).
#[cfg(unix)]
pub(crate) fn make_private(path: &Path, mode: u32) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt;
    let found = fs::metadata(path).map_err(|e| StoreError::io(path, &e))?.permissions().mode();
    if found & 0o777 != mode {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(|e| StoreError::io(path, &e))?;
    }
    Ok(())
}

/// A user's own folders are private on other systems.
#[cfg(not(unix))]
pub(crate) fn make_private(_: &Path, _: u32) -> Result<(), StoreError> {
    Ok(())
}

/// Puts these bytes under `path` so that after a crash there is the old file or the whole new one. The bytes go
/// through `new`, which must be in the same folder.
pub(crate) fn replace(path: &Path, new: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    remove(new)?;
    let mut file = create_private(new)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|e| StoreError::io(new, &e))?;
    drop(file);
    fs::rename(new, path).map_err(|e| StoreError::io(path, &e))
}

/// Deletes a file, if it is there.
pub(crate) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io(path, &error)),
        _ => Ok(()),
    }
}

/// Makes durable which names a folder has.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    // Elsewhere a folder can't be opened as a file, and renaming is durable by itself or not at all.
    if cfg!(unix) {
        File::open(dir).and_then(|file| file.sync_all()).map_err(|e| StoreError::io(dir, &e))?;
    }
    Ok(())
}

/// True if a file of this name is a copy from before a migration.
pub(crate) fn is_copy(name: &str) -> bool {
    is_numbered(name) && name.contains(".before-") && extension(name) == "db"
}
