//! Heads of entries, made a little later than the entries.
//!
//! An edit waits for its commit, and what a commit costs is pages: each is encrypted, authenticated and synced. So an
//! entry is only appended to one table, and the trees that find it by device, number or document get many entries at
//! once: when the writer is idle, or when enough have piled up.
//!
//! ```text
//! entry   ....................................|oooooo    appended, in order of storing
//! head    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx^ headed   readers: heads up to here, and through the rest
//! ```
//!
//! The writer keeps the keys of the rest in a temporary table, in memory, so that it can tell a known entry from a new
//! one; the transaction that holds an entry holds its key, too.

use crate::error::StoreError;
use rusqlite::Connection;

/// The keys of entries without heads, for the connection that writes.
pub(crate) const TAIL: &str = "
    CREATE TEMP TABLE tail (
        circle   BLOB    NOT NULL,
        device   BLOB    NOT NULL,
        seq      INTEGER NOT NULL,
        hash     BLOB    NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (circle, device, seq, hash)
    ) STRICT, WITHOUT ROWID;
";

/// Gives every entry its head, inside the transaction that is open.
///
/// It must also run when the last entries of all were deleted: their positions are given out again.
pub(crate) fn complete(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch(
        "INSERT INTO head (circle, device, seq, hash, document, generation, kind, at, quarantined, position)
         SELECT circle, device, seq, hash, document, generation, kind, at, quarantined, position
         FROM entry WHERE position > (SELECT position FROM headed) ORDER BY circle, device, seq, hash;
         UPDATE headed SET position = (SELECT coalesce(max(position), 0) FROM entry);
         DELETE FROM temp.tail;",
    )?;
    Ok(())
}

/// Learns the keys of the entries that have no head yet, and says how many there are. It writes nothing: a store opens
/// on a full disk, too.
pub(crate) fn load(conn: &Connection) -> Result<usize, StoreError> {
    Ok(conn.execute(
        "INSERT INTO temp.tail (circle, device, seq, hash, position)
         SELECT circle, device, seq, hash, position
         FROM entry WHERE position > (SELECT position FROM headed)",
        [],
    )?)
}

#[cfg(test)]
mod tests;
