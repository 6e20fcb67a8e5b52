//! The reads: what comes back is in the order that each says, never in that of a hasher or of chance.

use crate::apply::seq_number;
use crate::error::StoreError;
use crate::row::{
    CircleRow, CircleState, DeviceRow, EntryHead, EntryPage, EntryRow, EpochRow, InvitationRow, OpRow,
    OutboxRow, PendingJoinRow, Position, SnapshotRow, StoredEntry, SummaryRow,
};
use crate::secret::Secret;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use snug_types::{
    CircleId, DeviceId, DocumentId, DocumentRef, EntryHash, EpochId, Generation, InvitationId, OpHash, Seq,
    UnixMillis,
};
use std::collections::BTreeMap;

type Read<T> = Result<T, StoreError>;

pub(crate) fn setting(conn: &Connection, name: &str) -> Read<Option<Vec<u8>>> {
    let mut statement = conn.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

pub(crate) fn circles(conn: &Connection) -> Read<Vec<CircleRow>> {
    all(conn, "SELECT circle, secret, state, created, info FROM circle ORDER BY created, circle", [], |row| {
        Ok(CircleRow {
            circle: CircleId(row.get(0)?),
            secret: secret(row, 1)?,
            state: state(row, 2, CircleState::from_number)?,
            created: millis(row, 3)?,
            info: row.get(4)?,
        })
    })
}

pub(crate) fn ops(conn: &Connection, circle: CircleId) -> Read<Vec<OpRow>> {
    all(conn, "SELECT hash, bytes FROM op WHERE circle = ?1 ORDER BY position", [circle.0], |row| {
        Ok(OpRow { hash: OpHash(row.get(0)?), bytes: row.get(1)? })
    })
}

pub(crate) fn epochs(conn: &Connection, circle: CircleId) -> Read<Vec<EpochRow>> {
    all(
        conn,
        "SELECT epoch, announcement, secret FROM epoch WHERE circle = ?1 ORDER BY epoch",
        [circle.0],
        |row| {
            Ok(EpochRow {
                epoch: EpochId(row.get(0)?),
                announcement: row.get(1)?,
                secret: row.get::<_, Option<Vec<u8>>>(2)?.map(Secret::new),
            })
        },
    )
}

pub(crate) fn entry_heads(conn: &Connection, circle: CircleId) -> Read<Vec<EntryHead>> {
    all(
        conn,
        "SELECT device, seq, hash, document, generation, kind, at, quarantined
         FROM head WHERE circle = ?1
         UNION ALL
         SELECT device, seq, hash, document, generation, kind, at, quarantined
         FROM entry WHERE position > (SELECT position FROM headed) AND circle = ?1
         ORDER BY device, seq, hash",
        [circle.0],
        entry_head,
    )
}

pub(crate) fn entries(
    conn: &Connection,
    circle: CircleId,
    device: DeviceId,
    from: Seq,
    to: Seq,
    limit: usize,
) -> Read<EntryPage> {
    // Numbers that no entry can have ask for nothing, or for all that there are.
    let Ok(from) = seq_number(from) else { return Ok(EntryPage { entries: Vec::new(), more: false }) };
    let to = seq_number(to).unwrap_or(i64::MAX);
    let mut statement = conn.prepare_cached(
        "SELECT device, seq, hash, document, generation, kind, at, quarantined, position
         FROM head WHERE circle = ?1 AND device = ?2 AND seq BETWEEN ?3 AND ?4
         UNION ALL
         SELECT device, seq, hash, document, generation, kind, at, quarantined, position
         FROM entry WHERE position > (SELECT position FROM headed)
                      AND circle = ?1 AND device = ?2 AND seq BETWEEN ?3 AND ?4
         ORDER BY seq, hash",
    )?;
    // Both sides of a fork have one number: a page that ended between them would hide the second.
    page(conn, statement.query(params![circle.0, device.0, from, to])?, limit, |last, next| {
        last.seq == next.seq
    })
}

pub(crate) fn entries_of_document(
    conn: &Connection,
    circle: CircleId,
    document: DocumentRef,
    after: Position,
    limit: usize,
) -> Read<EntryPage> {
    let after = i64::try_from(after.0).unwrap_or(i64::MAX);
    let mut statement = conn.prepare_cached(
        "SELECT device, seq, hash, document, generation, kind, at, quarantined, position
         FROM head WHERE circle = ?1 AND document = ?2 AND generation = ?3 AND position > ?4
         UNION ALL
         SELECT device, seq, hash, document, generation, kind, at, quarantined, position
         FROM entry WHERE position > max(?4, (SELECT position FROM headed))
                      AND circle = ?1 AND document = ?2 AND generation = ?3
         ORDER BY position",
    )?;
    let rows = statement.query(params![circle.0, document.document.0, document.generation.0, after])?;
    page(conn, rows, limit, |_, _| false)
}

/// Adds the envelopes to heads until `limit` bytes of them are there; at least one, so that asking again gets on.
/// `together` says of two neighbours that no page may end between them.
fn page(
    conn: &Connection,
    mut heads: rusqlite::Rows<'_>,
    limit: usize,
    together: impl Fn(&EntryHead, &EntryHead) -> bool,
) -> Read<EntryPage> {
    let mut statement = conn.prepare_cached("SELECT envelope FROM entry WHERE position = ?1")?;
    let mut entries: Vec<StoredEntry> = Vec::new();
    let mut bytes = 0_usize;
    while let Some(row) = heads.next()? {
        let (head, position) = (entry_head(row)?, row.get::<_, i64>(8)?);
        let envelope: Vec<u8> = statement.query_row([position], |row| row.get(0))?;
        bytes = bytes.saturating_add(envelope.len());
        if let Some(last) = entries.last()
            && bytes > limit
            && !together(&last.entry.head, &head)
        {
            return Ok(EntryPage { entries, more: true });
        }
        let position = Position(position.cast_unsigned());
        entries.push(StoredEntry { position, entry: EntryRow { head, envelope } });
    }
    Ok(EntryPage { entries, more: false })
}

pub(crate) fn receipts(conn: &Connection, circle: CircleId) -> Read<Vec<DeviceRow>> {
    all(conn, "SELECT device, bytes FROM receipt WHERE circle = ?1 ORDER BY device", [circle.0], device_row)
}

pub(crate) fn forks(conn: &Connection, circle: CircleId) -> Read<Vec<DeviceRow>> {
    all(conn, "SELECT device, bytes FROM fork WHERE circle = ?1 ORDER BY device", [circle.0], device_row)
}

pub(crate) fn own(conn: &Connection, circle: CircleId) -> Read<BTreeMap<String, Vec<u8>>> {
    let pairs = all(conn, "SELECT name, value FROM own WHERE circle = ?1", [circle.0], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(pairs.into_iter().collect())
}

pub(crate) fn snapshot(conn: &Connection, circle: CircleId, of: DocumentRef) -> Read<Option<SnapshotRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT bytes, covered FROM snapshot WHERE circle = ?1 AND document = ?2 AND generation = ?3",
    )?;
    let row = statement.query_row(params![circle.0, of.document.0, of.generation.0], |row| {
        Ok(SnapshotRow { document: of, bytes: row.get(0)?, covered: row.get(1)? })
    });
    Ok(row.optional()?)
}

pub(crate) fn summaries(conn: &Connection, circle: CircleId) -> Read<Vec<SummaryRow>> {
    all(
        conn,
        "SELECT document, generation, kind, at, summary FROM summary WHERE circle = ?1
         ORDER BY document, generation",
        [circle.0],
        |row| {
            Ok(SummaryRow {
                document: document(row, 0)?,
                kind: row.get(2)?,
                at: millis(row, 3)?,
                summary: row.get(4)?,
            })
        },
    )
}

pub(crate) fn invitations(conn: &Connection) -> Read<Vec<InvitationRow>> {
    all(conn, "SELECT circle, invitation, bytes FROM invitation ORDER BY circle, invitation", [], |row| {
        Ok(InvitationRow {
            circle: CircleId(row.get(0)?),
            invitation: InvitationId(row.get(1)?),
            bytes: secret(row, 2)?,
        })
    })
}

pub(crate) fn pending_joins(conn: &Connection) -> Read<Vec<PendingJoinRow>> {
    all(conn, "SELECT invitation, bytes FROM pending_join ORDER BY invitation", [], |row| {
        Ok(PendingJoinRow { invitation: InvitationId(row.get(0)?), bytes: secret(row, 1)? })
    })
}

pub(crate) fn outboxes(conn: &Connection) -> Read<Vec<OutboxRow>> {
    all(conn, "SELECT circle, bytes FROM outbox ORDER BY circle", [], |row| {
        Ok(OutboxRow { circle: CircleId(row.get(0)?), bytes: secret(row, 1)? })
    })
}

fn all<T>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Read<Vec<T>> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(params, row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn entry_head(row: &Row<'_>) -> rusqlite::Result<EntryHead> {
    Ok(EntryHead {
        device: DeviceId(row.get(0)?),
        seq: Seq(row.get::<_, i64>(1)?.cast_unsigned()),
        hash: EntryHash(row.get(2)?),
        document: document(row, 3)?,
        kind: row.get(5)?,
        at: millis(row, 6)?,
        quarantined: row.get(7)?,
    })
}

fn device_row(row: &Row<'_>) -> rusqlite::Result<DeviceRow> {
    Ok(DeviceRow { device: DeviceId(row.get(0)?), bytes: row.get(1)? })
}

/// A document's id and generation in two neighbouring columns.
fn document(row: &Row<'_>, column: usize) -> rusqlite::Result<DocumentRef> {
    Ok(DocumentRef { document: DocumentId(row.get(column)?), generation: Generation(row.get(column + 1)?) })
}

fn secret(row: &Row<'_>, column: usize) -> rusqlite::Result<Secret> {
    row.get(column).map(Secret::new)
}

fn millis(row: &Row<'_>, column: usize) -> rusqlite::Result<UnixMillis> {
    row.get::<_, i64>(column).map(|at| UnixMillis(at.cast_unsigned()))
}

fn state<T>(row: &Row<'_>, column: usize, from: impl Fn(i64) -> Option<T>) -> rusqlite::Result<T> {
    let number = row.get(column)?;
    from(number).ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            Type::Integer,
            format!("unknown state {number}").into(),
        )
    })
}
