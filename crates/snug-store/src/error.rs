//! What can go wrong with a store, with the facts that the caller needs to say so in a clear sentence.

use std::io;
use std::path::{Path, PathBuf};

/// Why a store can't be made, opened, read or written.
///
/// It can be cloned: one failed transaction is reported to everybody whose writes were in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// There is no store in this folder.
    #[error("there is no store in {}", dir.display())]
    NoStore {
        /// The folder asked for.
        dir: PathBuf,
    },
    /// A store is already there, so none is made.
    #[error("there already is a store in {}", dir.display())]
    AlreadyThere {
        /// The folder asked for.
        dir: PathBuf,
    },
    /// The folder holds something else, which is left alone.
    #[error("{} is no folder for a store: it holds {found}", dir.display())]
    NotAStore {
        /// The folder asked for.
        dir: PathBuf,
        /// The first thing in it that isn't ours.
        found: String,
    },
    /// Another process, or another part of this one, has the store open.
    #[error("the store in {} is open elsewhere", dir.display())]
    InUse {
        /// The folder asked for.
        dir: PathBuf,
    },
    /// The key doesn't open the database, or its first page is damaged: under encryption these look the same.
    /// Nothing was changed.
    #[error("the key doesn't open {}", file.display())]
    WrongKey {
        /// The database file.
        file: PathBuf,
    },
    /// The database or the key file is damaged or missing, or isn't one of ours. Nothing was changed; a store that was
    /// open goes on reading what can be read, and writes no more.
    #[error("the store is damaged: {what} ({})", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong with the store, in plain words: "its key file is missing".
        what: String,
    },
    /// A newer Snug wrote this store. Nothing was changed.
    #[error("the store is of version {found}, this Snug knows versions up to {known}")]
    Newer {
        /// The version of the store.
        found: u32,
        /// The newest version that can be read here.
        known: u32,
    },
    /// The linked `SQLite` can't encrypt. A store is never written in plain text, so it isn't opened.
    #[error("this build can't encrypt its store")]
    NoCipher,
    /// Other bytes are already kept under the same identity. The whole batch was refused.
    #[error("{what} is already kept with other bytes")]
    Conflict {
        /// Which kind of row.
        what: &'static str,
    },
    /// A row of a circle, or of an invitation, that the store doesn't have. The whole batch was refused.
    #[error("a row belongs to a circle or an invitation that the store doesn't have")]
    Unknown,
    /// A number that doesn't fit. The whole batch was refused.
    #[error("{what} is too large to be stored")]
    TooLarge {
        /// Which number.
        what: &'static str,
    },
    /// The disk is full. Nothing of the batch was kept, and the store goes on as soon as there is room.
    #[error("the disk is full")]
    DiskFull,
    /// An earlier batch of the same lane failed, and this one builds on it. Nothing of it was kept.
    #[error("an earlier write of the same circle failed: {why}")]
    AfterFailure {
        /// What became of the earlier one.
        why: String,
    },
    /// The file system refused something.
    #[error("{}: {message}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The kind of refusal.
        kind: io::ErrorKind,
        /// The system's own words.
        message: String,
    },
    /// The store has stopped for writing: after an input/output error nobody can know what the disk holds, or it was
    /// closed. A batch that met this may or may not be there when the store is opened again.
    #[error("the store has stopped: {why}")]
    Stopped {
        /// Why.
        why: String,
    },
    /// A refusal of the database that has no name of its own here.
    #[error("the database refused ({code}): {message}")]
    Database {
        /// `SQLite`'s extended result code, 0 where it gave none.
        code: i32,
        /// `SQLite`'s own words.
        message: String,
    },
}

impl StoreError {
    /// An error of the file system, with the path it is about.
    pub(crate) fn io(path: &Path, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::StorageFull {
            return Self::DiskFull;
        }
        Self::Io { path: path.to_owned(), kind: error.kind(), message: error.to_string() }
    }

    /// The store was closed, or its thread has ended.
    pub(crate) fn closed() -> Self {
        Self::Stopped { why: "it was closed".to_owned() }
    }

    /// This error, about this database if it doesn't say yet which one is damaged.
    pub(crate) fn of(self, database: &Path) -> Self {
        match self {
            Self::Damaged { file, what } if file.as_os_str().is_empty() => {
                Self::Damaged { file: database.to_owned(), what }
            }
            error => error,
        }
    }

    /// What the batches behind one that failed so are told: the cause itself where it holds for them as well.
    pub(crate) fn behind(&self) -> Self {
        match self {
            Self::DiskFull | Self::Stopped { .. } | Self::Damaged { .. } | Self::AfterFailure { .. } => {
                self.clone()
            }
            error => Self::AfterFailure { why: error.to_string() },
        }
    }

    /// True where the state of the disk is unknown, so that nothing more may be written.
    pub(crate) fn is_fatal(&self) -> bool {
        match self {
            Self::Stopped { .. } | Self::Damaged { .. } => true,
            Self::Database { code, .. } => matches!(
                code & 0xff,
                rusqlite::ffi::SQLITE_IOERR
                    | rusqlite::ffi::SQLITE_READONLY
                    | rusqlite::ffi::SQLITE_CANTOPEN
                    | rusqlite::ffi::SQLITE_INTERNAL
            ),
            _ => false,
        }
    }
}

/// True where the database isn't what was once written: a page that fails its authentication, a file cut short, or a
/// value that no version of this store writes.
fn is_damage(error: &rusqlite::Error, code: i32) -> bool {
    use rusqlite::{Error, ffi};
    let of_a_page = matches!(code & 0xff, ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB)
        || matches!(
            code,
            ffi::SQLITE_IOERR_SHORT_READ | ffi::SQLITE_IOERR_DATA | ffi::SQLITE_IOERR_CORRUPTFS
        );
    let of_a_value = matches!(
        error,
        Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::InvalidColumnType(..)
    );
    of_a_page || of_a_value
}

/// Damage is told without the file, which isn't known here: [`StoreError::of`] says it.
impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ffi;
        let code = error.sqlite_error().map_or(0, |e| e.extended_code);
        if is_damage(&error, code) {
            tracing::error!(code, %error, "the database is damaged");
            return Self::Damaged { file: PathBuf::new(), what: "its database is damaged".to_owned() };
        }
        match code {
            // The shared-memory file couldn't grow: the same full disk, met a step earlier.
            ffi::SQLITE_FULL | ffi::SQLITE_IOERR_SHMSIZE => Self::DiskFull,
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Self::Unknown,
            _ => Self::Database { code, message: error.to_string() },
        }
    }
}
