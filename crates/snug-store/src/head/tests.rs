use super::*;
use crate::apply::apply;
use crate::read;
use crate::row::{CircleRow, CircleState, EntryHead, EntryPage, EntryRow, Position};
use crate::secret::{Secret, StoreKey};
use crate::write::Write;
use crate::{connect, file, migrate};
use snug_types::{CircleId, DeviceId, DocumentId, DocumentRef, EntryHash, Seq, UnixMillis};
use std::path::Path;
use tempfile::TempDir;

const CIRCLES: [CircleId; 2] = [CircleId([1; 32]), CircleId([2; 32])];
const DEVICES: [DeviceId; 2] = [DeviceId([3; 32]), DeviceId([4; 32])];

fn connect(dir: &Path) -> Connection {
    let path = dir.join("store-1.db");
    if !path.exists() {
        drop(file::create_private(&path).unwrap());
    }
    let mut conn = connect::writer(&path, &StoreKey::new([1; 32])).unwrap();
    migrate::run(&mut conn, migrate::STEPS).unwrap();
    for circle in CIRCLES {
        put_circle(&conn, circle);
    }
    conn
}

fn put_circle(conn: &Connection, circle: CircleId) {
    let row = CircleRow {
        circle,
        secret: Secret::new(vec![]),
        state: CircleState::Member,
        created: UnixMillis(1),
        info: vec![],
    };
    apply(conn, &Write::PutCircle(row)).unwrap();
}

/// One of many entries: of two circles, devices and documents, every seventh with the number of the one before.
fn entry(n: u8) -> Write {
    let head = EntryHead {
        device: DEVICES[usize::from(n / 2 % 2)],
        seq: Seq(u64::from(if n.is_multiple_of(7) { n - 4 } else { n })),
        hash: EntryHash([n; 32]),
        document: DocumentRef::first(DocumentId([n / 4 % 2; 16])),
        kind: n.into(),
        at: UnixMillis(n.into()),
        quarantined: n.is_multiple_of(5),
    };
    let circle = CIRCLES[usize::from(n % 2)];
    Write::PutEntry { circle, entry: EntryRow { head, envelope: vec![n; usize::from(n)] } }
}

/// Every read of entries that there is, with several bounds.
fn all_reads(conn: &Connection) -> (Vec<Vec<EntryHead>>, Vec<EntryPage>) {
    let heads = CIRCLES.iter().map(|circle| read::entry_heads(conn, *circle).unwrap()).collect();
    let mut pages = Vec::new();
    for circle in CIRCLES {
        for (from, to, limit) in [(0, 200, 100_000), (5, 30, 100_000), (0, 200, 300), (20, 60, 1)] {
            for device in DEVICES {
                pages.push(read::entries(conn, circle, device, Seq(from), Seq(to), limit).unwrap());
            }
            for n in 0..2 {
                let document = DocumentRef::first(DocumentId([n; 16]));
                let page = read::entries_of_document(conn, circle, document, Position(from), limit);
                pages.push(page.unwrap());
            }
        }
    }
    (heads, pages)
}

#[test]
fn reads_are_the_same_whichever_entries_have_heads() {
    let temp = TempDir::new().unwrap();
    let expected = {
        let conn = connect(temp.path());
        for n in 7..100 {
            apply(&conn, &entry(n)).unwrap();
        }
        let expected = all_reads(&conn);
        assert_eq!(expected.0.iter().map(Vec::len).sum::<usize>(), 93);
        let in_pages: usize = expected.1.iter().map(|page| page.entries.len()).sum();
        assert!(in_pages > 200 && expected.1.iter().any(|page| page.more));
        complete(&conn).unwrap();
        assert_eq!(all_reads(&conn), expected, "all heads against none");
        expected
    };
    for some in [8, 30, 99] {
        let temp = TempDir::new().unwrap();
        let conn = connect(temp.path());
        for n in 7..100 {
            apply(&conn, &entry(n)).unwrap();
            if n == some {
                complete(&conn).unwrap();
            }
        }
        assert_eq!(all_reads(&conn), expected, "heads up to {some}");
    }
}

#[test]
fn an_entry_is_known_with_and_without_its_head() {
    let temp = TempDir::new().unwrap();
    let known = |conn: &Connection| {
        apply(conn, &entry(9)).unwrap();
        let Write::PutEntry { circle, entry: mut other } = entry(9) else { unreachable!() };
        other.envelope.push(0);
        let result = apply(conn, &Write::PutEntry { circle, entry: other });
        assert_eq!(result, Err(StoreError::Conflict { what: "an entry" }));
        assert_eq!(read::entry_heads(conn, circle).unwrap().len(), 1);
    };
    let conn = connect(temp.path());
    apply(&conn, &entry(9)).unwrap();
    known(&conn);
    drop(conn);

    // After a crash its key is learned again.
    let conn = connect(temp.path());
    assert_eq!(load(&conn), Ok(1));
    known(&conn);
    complete(&conn).unwrap();
    known(&conn);
    drop(conn);
    let conn = connect(temp.path());
    assert_eq!(load(&conn), Ok(0));
    known(&conn);
}

#[test]
fn what_was_rolled_back_is_not_known() {
    let temp = TempDir::new().unwrap();
    let conn = connect(temp.path());
    conn.execute_batch("BEGIN; SAVEPOINT batch").unwrap();
    apply(&conn, &entry(9)).unwrap();
    conn.execute_batch("ROLLBACK TO batch; RELEASE batch").unwrap();
    apply(&conn, &entry(11)).unwrap();
    conn.execute_batch("ROLLBACK").unwrap();
    for n in [9, 11] {
        apply(&conn, &entry(n)).unwrap();
    }
    assert_eq!(read::entry_heads(&conn, CIRCLES[1]).unwrap().len(), 2);
}

#[test]
fn positions_given_out_again_lose_no_entry() {
    let temp = TempDir::new().unwrap();
    let conn = connect(temp.path());
    // The circle that is forgotten has the last positions of all, with and without heads.
    apply(&conn, &entry(8)).unwrap();
    apply(&conn, &entry(9)).unwrap();
    complete(&conn).unwrap();
    apply(&conn, &entry(11)).unwrap();
    apply(&conn, &Write::ForgetCircle(CIRCLES[1])).unwrap();
    apply(&conn, &entry(10)).unwrap();
    let seqs = |conn: &Connection| {
        read::entry_heads(conn, CIRCLES[0]).unwrap().iter().map(|head| head.seq.0).collect::<Vec<_>>()
    };
    assert_eq!(seqs(&conn), [8, 10]);
    complete(&conn).unwrap();
    assert_eq!(seqs(&conn), [8, 10]);
}
