//! Carries out writes inside the transaction that is open.

use crate::error::StoreError;
use crate::head;
use crate::row::{CircleRow, EntryRow, InvitationRow, SnapshotRow, SummaryRow};
use crate::write::Write;
use rusqlite::{Connection, OptionalExtension, Params, params};
use snug_types::{CircleId, Seq, UnixMillis};

/// Carries out one write. After an error the caller rolls the batch back.
pub(crate) fn apply(conn: &Connection, write: &Write) -> Result<(), StoreError> {
    match write {
        Write::PutSetting { name, value } => run(
            conn,
            "INSERT INTO setting (name, value) VALUES (?1, ?2)
             ON CONFLICT DO UPDATE SET value = excluded.value",
            params![name, value],
        ),
        Write::PutCircle(row) => put_circle(conn, row),
        Write::PutOp { circle, op } => run(
            conn,
            "INSERT INTO op (circle, hash, bytes) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![circle.0, op.hash.0, op.bytes],
        ),
        Write::PutEpoch { circle, epoch } => run(
            conn,
            "INSERT INTO epoch (circle, epoch, announcement, secret) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET announcement = excluded.announcement,
                                       secret = coalesce(excluded.secret, secret)",
            params![circle.0, epoch.epoch.0, epoch.announcement, epoch.secret.as_deref()],
        ),
        Write::PutEntry { circle, entry } => put_entry(conn, *circle, entry),
        Write::SetQuarantined { circle, device, seq, hash, quarantined } => {
            // Only heads change.
            head::complete(conn)?;
            run(
                conn,
                "UPDATE head SET quarantined = ?5 WHERE circle = ?1 AND device = ?2 AND seq = ?3 AND hash = ?4",
                params![circle.0, device.0, seq_number(*seq)?, hash.0, quarantined],
            )
        }
        Write::PutReceipt { circle, receipt } => run(
            conn,
            "INSERT INTO receipt (circle, device, bytes) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET bytes = excluded.bytes",
            params![circle.0, receipt.device.0, receipt.bytes],
        ),
        Write::PutOwn { circle, name, value } => run(
            conn,
            "INSERT INTO own (circle, name, value) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET value = excluded.value",
            params![circle.0, name, value],
        ),
        Write::PutFork { circle, fork } => run(
            conn,
            "INSERT INTO fork (circle, device, bytes) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET bytes = excluded.bytes",
            params![circle.0, fork.device.0, fork.bytes],
        ),
        Write::PutSnapshot { circle, snapshot } => put_snapshot(conn, *circle, snapshot),
        Write::RemoveSnapshot { circle, document } => run(
            conn,
            "DELETE FROM snapshot WHERE circle = ?1 AND document = ?2 AND generation = ?3",
            params![circle.0, document.document.0, document.generation.0],
        ),
        Write::PutSummary { circle, summary } => put_summary(conn, *circle, summary),
        Write::PutInvitation(row) => put_invitation(conn, row),
        Write::PutPendingJoin(row) => run(
            conn,
            "INSERT INTO pending_join (invitation, bytes) VALUES (?1, ?2)
             ON CONFLICT DO UPDATE SET bytes = excluded.bytes",
            params![row.invitation.0, &row.bytes[..]],
        ),
        Write::RemovePendingJoin(invitation) => {
            run(conn, "DELETE FROM pending_join WHERE invitation = ?1", [invitation.0])
        }
        Write::PutOutbox(row) => run(
            conn,
            "INSERT INTO outbox (circle, bytes) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET bytes = excluded.bytes",
            params![row.circle.0, &row.bytes[..]],
        ),
        Write::RemoveOutbox(circle) => run(conn, "DELETE FROM outbox WHERE circle = ?1", [circle.0]),
        Write::ForgetCircle(circle) => {
            head::complete(conn)?;
            // All that refers to it goes with it.
            run(conn, "DELETE FROM circle WHERE circle = ?1", [circle.0])?;
            head::complete(conn)
        }
    }
}

fn put_circle(conn: &Connection, row: &CircleRow) -> Result<(), StoreError> {
    // Never "replace": that would delete the old row and, with it, all that refers to it.
    run(
        conn,
        "INSERT INTO circle (circle, secret, state, created, info) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET secret = excluded.secret, state = excluded.state,
                                   created = excluded.created, info = excluded.info",
        params![row.circle.0, &row.secret[..], row.state.number(), millis(row.created), row.info],
    )
}

fn put_entry(conn: &Connection, circle: CircleId, row: &EntryRow) -> Result<(), StoreError> {
    let head = &row.head;
    let seq = seq_number(head.seq)?;
    let key = params![circle.0, head.device.0, seq, head.hash.0];
    let known = conn
        .prepare_cached(
            "SELECT position FROM temp.tail WHERE circle = ?1 AND device = ?2 AND seq = ?3 AND hash = ?4
             UNION ALL
             SELECT position FROM head WHERE circle = ?1 AND device = ?2 AND seq = ?3 AND hash = ?4",
        )?
        .query_row(key, |row| row.get::<_, i64>(0))
        .optional()?;
    let (document, generation) = (head.document.document.0, head.document.generation.0);
    if let Some(position) = known {
        let same: bool = conn
            .prepare_cached(
                "SELECT document = ?2 AND generation = ?3 AND kind = ?4 AND envelope = ?5
                 FROM entry WHERE position = ?1",
            )?
            .query_row(params![position, document, generation, head.kind, row.envelope], |row| row.get(0))?;
        return if same { Ok(()) } else { Err(StoreError::Conflict { what: "an entry" }) };
    }
    run(
        conn,
        "INSERT INTO entry (circle, device, seq, hash, document, generation, kind, at, quarantined, envelope)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            circle.0,
            head.device.0,
            seq,
            head.hash.0,
            document,
            generation,
            head.kind,
            millis(head.at),
            head.quarantined,
            row.envelope
        ],
    )?;
    run(
        conn,
        "INSERT INTO temp.tail (circle, device, seq, hash, position)
         VALUES (?1, ?2, ?3, ?4, last_insert_rowid())",
        key,
    )
}

fn put_snapshot(conn: &Connection, circle: CircleId, row: &SnapshotRow) -> Result<(), StoreError> {
    run(
        conn,
        "INSERT INTO snapshot (circle, document, generation, bytes, covered) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET bytes = excluded.bytes, covered = excluded.covered",
        params![circle.0, row.document.document.0, row.document.generation.0, row.bytes, row.covered],
    )
}

fn put_summary(conn: &Connection, circle: CircleId, row: &SummaryRow) -> Result<(), StoreError> {
    run(
        conn,
        "INSERT INTO summary (circle, document, generation, kind, at, summary) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO UPDATE SET kind = excluded.kind, at = excluded.at, summary = excluded.summary",
        params![
            circle.0,
            row.document.document.0,
            row.document.generation.0,
            row.kind,
            millis(row.at),
            row.summary
        ],
    )
}

fn put_invitation(conn: &Connection, row: &InvitationRow) -> Result<(), StoreError> {
    run(
        conn,
        "INSERT INTO invitation (circle, invitation, bytes) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET bytes = excluded.bytes",
        params![row.circle.0, row.invitation.0, &row.bytes[..]],
    )
}

fn run(conn: &Connection, sql: &str, params: impl Params) -> Result<(), StoreError> {
    conn.prepare_cached(sql)?.execute(params)?;
    Ok(())
}

/// Times keep all their 64 bits; `SQLite` has signed integers only.
const fn millis(at: UnixMillis) -> i64 {
    at.0.cast_signed()
}

/// Numbers of entries must also keep their order.
pub(crate) fn seq_number(seq: Seq) -> Result<i64, StoreError> {
    i64::try_from(seq.0).map_err(|_| StoreError::TooLarge { what: "an entry's number" })
}
