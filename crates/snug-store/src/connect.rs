//! Connections to a database: keyed, checked to be encrypted, and set up for durability.
//!
//! A database is looked at first ([`inspect`]) in a way that changes none of its bytes: opening one for good replays
//! and may fold in its write-ahead log, which must not happen to a newer Snug's store or with a wrong key.

use crate::error::StoreError;
use crate::head;
use crate::secret::StoreKey;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Once;
use zeroize::Zeroizing;

/// "Snug" in ASCII; the first migration writes it.
const APPLICATION_ID: i32 = 0x536e_7567;
/// Statements that a connection keeps prepared: more than there are.
const STATEMENTS: usize = 64;
/// What every `SQLite` database in plain text starts with.
const PLAIN_TEXT: &[u8] = b"SQLite format 3\0";

/// How the writer keeps its promises.
///
/// `FULL` syncs the write-ahead log before each commit returns; the two `fullfsync` make that reach the platters on
/// macOS, where an ordinary sync stops at the drive's cache. Checkpoints run when the writer is idle, so none hides in
/// a commit. `temp_store` keeps what `SQLite` spills out of files in plain text.
const WRITER: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA wal_autocheckpoint = 0;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -8192;
    PRAGMA busy_timeout = 5000;
";
/// A reader waits only while a log is being replayed.
const READER: &str = "
    PRAGMA query_only = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -4096;
    PRAGMA busy_timeout = 5000;
";

/// Opens a database for writing. An empty file becomes a new one.
pub(crate) fn writer(path: &Path, key: &StoreKey) -> Result<Connection, StoreError> {
    let conn = open(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE, WRITER)?;
    conn.execute_batch(head::TAIL)?;
    Ok(conn)
}

/// Opens a database, which a writer has open too, for reading.
pub(crate) fn reader(path: &Path, key: &StoreKey) -> Result<Connection, StoreError> {
    open(path, key, OpenFlags::SQLITE_OPEN_READ_ONLY, READER)
}

fn open(path: &Path, key: &StoreKey, flags: OpenFlags, pragmas: &str) -> Result<Connection, StoreError> {
    let conn = keyed(path, key, flags)?;
    read_schema(&conn, path)?;
    conn.execute_batch(pragmas)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(conn)
}

/// The schema version of a database, learned without changing a byte of it or of its write-ahead log.
///
/// # Errors
/// [`WrongKey`](StoreError::WrongKey), [`Damaged`](StoreError::Damaged).
pub(crate) fn inspect(path: &Path, key: &StoreKey) -> Result<u32, StoreError> {
    let damaged = |what: &str| StoreError::Damaged { file: path.to_owned(), what: what.to_owned() };
    check_first_bytes(path)?;
    let log = log_of(path);
    let had_log = log.exists();

    let conn = keyed(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // In exclusive mode the index of the log stays in memory instead of a file.
    conn.execute_batch("PRAGMA locking_mode = EXCLUSIVE; PRAGMA query_only = ON;")?;
    let answer = read_schema(&conn, path).and_then(|()| {
        let ours = conn.pragma_query_value(None, "application_id", |row| row.get::<_, i32>(0))?;
        let version = conn.pragma_query_value(None, "user_version", |row| row.get::<_, i32>(0))?;
        if ours != APPLICATION_ID {
            return Err(damaged("its database belongs to another program"));
        }
        match u32::try_from(version) {
            Ok(version) if version > 0 => Ok(version),
            _ => Err(damaged("its database is incomplete")),
        }
    });
    drop(conn);
    if !had_log {
        // SQLite makes an empty one on looking for it.
        crate::file::remove(&log)?;
    }
    answer
}

/// Lets the log of a database be when the connection ends, which would fold it in and delete it: what can't be opened
/// is left alone.
pub(crate) fn keep_log(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    if fs::metadata(log_of(path)).is_ok_and(|log| log.len() > 0) {
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    }
    Ok(())
}

/// The write-ahead log beside a database.
fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

fn check_first_bytes(path: &Path) -> Result<(), StoreError> {
    let damaged = |what: &str| Err(StoreError::Damaged { file: path.to_owned(), what: what.to_owned() });
    match fs::metadata(path) {
        Ok(meta) if meta.len() == 0 => return damaged("its database is empty"),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return damaged("its database is missing");
        }
        Err(error) => return Err(StoreError::io(path, &error)),
    }
    let mut first = Vec::new();
    File::open(path)
        .and_then(|file| file.take(PLAIN_TEXT.len() as u64).read_to_end(&mut first))
        .map_err(|e| StoreError::io(path, &e))?;
    if first == PLAIN_TEXT { damaged("its database isn't encrypted") } else { Ok(()) }
}

/// `SQLite` says that it has started before the cipher inside it has: of two that open their first connections at once, one
/// would be refused its key.
static STARTED: Once = Once::new();

/// A connection that has its key and is known to encrypt, but hasn't read anything yet.
fn keyed(path: &Path, key: &StoreKey, flags: OpenFlags) -> Result<Connection, StoreError> {
    // What can't start here can't below either, and is told there.
    STARTED.call_once(|| drop(Connection::open_in_memory()));
    let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    let cipher = conn.query_row("PRAGMA cipher_version", [], |row| row.get::<_, String>(0));
    // An SQLite without encryption takes no notice of the pragma, and of the key.
    if cipher.map_or(true, |version| version.is_empty()) {
        return Err(StoreError::NoCipher);
    }
    // It would write to standard error by itself. What goes wrong comes back as an error.
    conn.execute_batch("PRAGMA cipher_log_level = NONE")?;
    let statement = Zeroizing::new(format!("PRAGMA key = \"{}\"", *key.literal()));
    conn.execute_batch(&statement)?;
    Ok(conn)
}

/// Reads the first page, which only the right key can.
fn read_schema(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    match conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)) {
        Ok(_) => Ok(()),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            Err(StoreError::WrongKey { file: path.to_owned() })
        }
        Err(error) => Err(error.into()),
    }
}
