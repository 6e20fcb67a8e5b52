//! Moving a store to a fresh database under a fresh key.
//!
//! Used when a circle was left: what remains is copied, row by row, and the old key is thrown away, so that pages of
//! what was left behind can't be read even by somebody who finds them on the disk and knows the passphrase.
//!
//! ```text
//! Copied     store-2.db holds what remains, synced           a crash up to here: store-1.db and the old key;
//!                                                            store-2.* is deleted when store-1.db has opened
//! Switched   the key file names store-2.db (one rename)      from here on: store-2.db and the new key;
//!                                                            store-1.* is deleted when store-2.db has opened
//! Removed    store-1.db, its log and copies are deleted
//! ```

use crate::apply::apply;
use crate::error::StoreError;
use crate::file::{self, Number};
use crate::key_file::{KeyFile, WRAPPED_BYTES};
use crate::secret::StoreKey;
use crate::write::Write;
use crate::writer::Writer;
use crate::{connect, head, migrate, reader};
use rusqlite::{Connection, params};
use snug_types::CircleId;
use std::collections::BTreeSet;
use std::path::Path;
use zeroize::Zeroizing;

/// How far the move is: what a crash test stops at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// The fresh database is whole.
    Copied,
    /// It is the store's.
    Switched,
    /// The old one is gone.
    Removed,
}

/// Moves the writer's store, with `writes` carried out in the fresh database. Circles that they forget aren't even
/// copied. Until the switch an error leaves everything as it was.
pub(crate) fn move_to(
    from: &mut Writer,
    key: StoreKey,
    wrapped: Vec<u8>,
    writes: &[Write],
    done: &mut dyn FnMut(Step),
) -> Result<(), StoreError> {
    if wrapped.len() > WRAPPED_BYTES {
        return Err(StoreError::TooLarge { what: "the wrapped key" });
    }
    let number = Number(from.number.0 + 1);
    let dir = from.folder.path();
    let path = number.database(dir);
    let prepared = copy(from, &path, &key, writes)
        .and_then(|conn| Ok((conn, reader::connections(&path, &key)?)))
        .and_then(|conns| file::sync_dir(dir).map(|()| conns));
    let (conn, readers) = match prepared {
        Ok(conns) => conns,
        Err(error) => {
            clean_up(from);
            return Err(error);
        }
    };
    done(Step::Copied);

    if let Err(error) = (KeyFile { number, wrapped }).write(dir) {
        if from.folder.key_file().is_ok_and(|file| file.number == from.number) {
            drop((conn, readers));
            clean_up(from);
            return Err(error);
        }
        // It was renamed, but nobody knows whether durably: both databases stay until the next open knows.
        return Err(StoreError::Stopped { why: error.to_string() });
    }
    done(Step::Switched);

    from.slots.replace(readers);
    drop(std::mem::replace(&mut from.conn, conn));
    (from.number, from.key) = (number, key);
    clean_up(from);
    done(Step::Removed);
    Ok(())
}

/// Deletes what isn't a part of the present database. What can't be deleted now is at the next open.
fn clean_up(from: &Writer) {
    if let Err(error) = from.folder.remove_left_overs(from.number) {
        tracing::warn!(%error, "files of another database are still there");
    }
}

/// Makes the fresh database and its whole content, synced.
fn copy(from: &Writer, path: &Path, key: &StoreKey, writes: &[Write]) -> Result<Connection, StoreError> {
    let forgotten: BTreeSet<CircleId> = writes
        .iter()
        .filter_map(|write| match write {
            Write::ForgetCircle(circle) => Some(*circle),
            _ => None,
        })
        .collect();
    drop(file::create_private(path)?);
    let mut conn = connect::writer(path, key)?;
    migrate::run(&mut conn, migrate::STEPS)?;

    let old = from.number.database(from.folder.path());
    let old_key: Zeroizing<String> = from.key.literal();
    let old = old.to_str().ok_or_else(|| StoreError::Damaged {
        file: old.clone(),
        what: "its path isn't Unicode".to_owned(),
    })?;
    conn.execute("ATTACH DATABASE ?1 AS old KEY ?2", params![old, *old_key])?;
    let transaction = conn.transaction()?;
    // Tables come in any order, so what refers to what is checked at the end.
    transaction.execute_batch("PRAGMA defer_foreign_keys = ON")?;
    copy_rows(&transaction, &forgotten)?;
    head::complete(&transaction)?;
    writes.iter().try_for_each(|write| apply(&transaction, write))?;
    transaction.commit()?;
    conn.execute_batch("DETACH DATABASE old")?;
    // Whole without its log, which is synced too: one file to think about at the switch.
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(conn)
}

/// Copies all rows but those of the forgotten circles. The outbox is what remains of a circle, so it comes along.
fn copy_rows(conn: &Connection, forgotten: &BTreeSet<CircleId>) -> Result<(), StoreError> {
    conn.execute_batch("CREATE TEMP TABLE forgotten (circle BLOB NOT NULL PRIMARY KEY) STRICT")?;
    for circle in forgotten {
        conn.execute("INSERT INTO temp.forgotten VALUES (?1)", [circle.0])?;
    }
    let mut tables = conn.prepare(
        "SELECT t.name, t.name <> 'outbox' AND EXISTS (
             SELECT 1 FROM pragma_table_info(t.name, 'main') AS c WHERE c.name = 'circle'
         )
         FROM main.sqlite_schema AS t WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         ORDER BY t.name",
    )?;
    let tables = tables
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<Vec<(String, bool)>, _>>()?;
    for (table, of_circle) in tables {
        let only = if of_circle { "WHERE circle NOT IN (SELECT circle FROM temp.forgotten)" } else { "" };
        conn.execute(&format!("INSERT OR REPLACE INTO main.{table} SELECT * FROM old.{table} {only}"), [])?;
    }
    conn.execute_batch("DROP TABLE temp.forgotten")?;
    Ok(())
}

#[cfg(test)]
mod tests;
