use super::*;
use crate::row::{CircleRow, CircleState, EntryHead, EntryRow, OutboxRow};
use crate::{Folder, Secret, Store};
use snug_types::{DeviceId, DocumentId, DocumentRef, EntryHash, Seq, UnixMillis};
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

const STAYS: CircleId = CircleId([1; 32]);
const LEFT: CircleId = CircleId([2; 32]);

/// In these tests a wrapped key is the key.
fn key(n: u8) -> StoreKey {
    StoreKey::new([n; 32])
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn circle(circle: CircleId) -> Vec<Write> {
    let row = CircleRow {
        circle,
        secret: Secret::new(vec![1]),
        state: CircleState::Member,
        created: UnixMillis(1),
        info: vec![],
    };
    let head = EntryHead {
        device: DeviceId([3; 32]),
        seq: Seq(1),
        hash: EntryHash([4; 32]),
        document: DocumentRef::first(DocumentId([5; 16])),
        kind: 1,
        at: UnixMillis(1),
        quarantined: false,
    };
    vec![
        Write::PutCircle(row),
        Write::PutEntry { circle, entry: EntryRow { head, envelope: vec![circle.0[0]; 10_000] } },
    ]
}

fn leave() -> Vec<Write> {
    vec![Write::PutOutbox(OutboxRow { circle: LEFT, bytes: Secret::new(vec![9]) }), Write::ForgetCircle(LEFT)]
}

/// A writer of a store with two circles under key 1.
fn writer(temp: &TempDir) -> Writer {
    let dir = temp.path().join("laptop");
    let store = Store::create(Folder::create(&dir).unwrap(), key(1), vec![1]).unwrap();
    block_on(async {
        store.commit(circle(STAYS)).await.unwrap();
        store.commit(circle(LEFT)).await.unwrap();
        store.close().await;
    });
    // As a migration would have left it.
    fs::write(dir.join("store-1.before-1.db"), b"an old copy").unwrap();
    Writer::open(Folder::lock(&dir).unwrap(), Number::FIRST, key(1)).unwrap()
}

/// What a crash at this moment leaves.
fn image(dir: &Path, to: PathBuf) -> PathBuf {
    fs::create_dir(&to).unwrap();
    for name in file::names(dir).unwrap().iter().filter(|name| !name.ends_with("-shm")) {
        fs::copy(dir.join(name), to.join(name)).unwrap();
    }
    to
}

/// Opens the store with the key that its key file names, and says which it was and which circles are in it.
fn reopen(dir: &Path) -> (u8, Vec<CircleId>, usize) {
    let folder = Folder::lock(dir).unwrap();
    let wrapped = folder.wrapped_key().unwrap();
    let store = Store::open(folder, key(wrapped[0])).unwrap();
    block_on(async {
        let circles = store.circles().await.unwrap().iter().map(|row| row.circle).collect();
        let outboxes = store.outboxes().await.unwrap().len();
        store.close().await;
        (wrapped[0], circles, outboxes)
    })
}

#[test]
fn at_every_crash_one_database_opens_with_one_key() {
    let temp = TempDir::new().unwrap();
    let mut writer = writer(&temp);
    let dir = writer.folder.path().to_owned();
    let mut images = Vec::new();
    move_to(&mut writer, key(2), vec![2], &leave(), &mut |step| {
        images.push((step, image(&dir, temp.path().join(format!("{step:?}")))));
    })
    .unwrap();
    drop(writer);

    assert_eq!(
        images.iter().map(|(step, _)| *step).collect::<Vec<_>>(),
        [Step::Copied, Step::Switched, Step::Removed]
    );
    let (old, new) = ((1, vec![STAYS, LEFT], 0), (2, vec![STAYS], 1));
    let old_files = ["key", "lock", "store-1.before-1.db", "store-1.db"];
    let new_files = ["key", "lock", "store-2.db"];
    for (step, image) in images {
        let (expected, files) =
            if step < Step::Switched { (&old, &old_files[..]) } else { (&new, &new_files[..]) };
        if step == Step::Removed {
            let left: Vec<_> = file::names(&image).unwrap();
            assert!(left.iter().all(|name| !name.starts_with("store-1")), "{left:?} without reopening");
        }
        assert_eq!(reopen(&image), *expected, "{step:?}");
        assert_eq!(file::names(&image).unwrap(), files, "{step:?}");
    }
    assert_eq!(reopen(&dir), new);
}

#[test]
fn a_key_file_half_written_is_the_old_one() {
    let temp = TempDir::new().unwrap();
    let mut writer = writer(&temp);
    let dir = writer.folder.path().to_owned();
    let mut copied = None;
    move_to(&mut writer, key(2), vec![2], &leave(), &mut |step| {
        if step == Step::Copied {
            copied = Some(image(&dir, temp.path().join("copied")));
        }
    })
    .unwrap();
    let copied = copied.unwrap();
    fs::write(copied.join(file::KEY_NEW), b"snug k").unwrap();
    assert_eq!(reopen(&copied).0, 1);
    assert!(!copied.join(file::KEY_NEW).exists());
}

#[test]
fn what_was_left_is_nowhere_and_the_rest_is_whole() {
    let temp = TempDir::new().unwrap();
    let mut writer = writer(&temp);
    let dir = writer.folder.path().to_owned();
    move_to(&mut writer, key(2), vec![2], &leave(), &mut |_| {}).unwrap();

    let conn = &writer.conn;
    let free: u32 = conn.query_row("PRAGMA freelist_count", [], |row| row.get(0)).unwrap();
    assert_eq!(free, 0, "pages of what was left were copied, then freed");
    let tables: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for table in &tables {
        let sql = format!("SELECT count(*) FROM {table} WHERE circle = ?1");
        let rows = conn.query_row(&sql, [LEFT.0], |row| row.get::<_, u32>(0));
        assert_eq!(rows.unwrap_or(0), u32::from(table == "outbox"), "{table}");
    }
    let page = crate::read::entries(conn, STAYS, DeviceId([3; 32]), Seq(0), Seq(9), usize::MAX).unwrap();
    assert_eq!(page.entries[0].entry.envelope, [1; 10_000]);
    assert!(matches!(connect::inspect(&Number(2).database(&dir), &key(1)), Err(StoreError::WrongKey { .. })));
}

#[test]
fn the_store_goes_on_and_may_move_again() {
    let temp = TempDir::new().unwrap();
    let dir = writer(&temp).folder.path().to_owned();
    let store = Store::open(Folder::lock(&dir).unwrap(), key(1)).unwrap();
    block_on(async {
        for n in 2..5 {
            let write = Write::PutSetting { name: n.to_string(), value: vec![n] };
            store.move_to_fresh_key(key(n), vec![n], vec![write]).await.unwrap();
            store.commit(vec![Write::PutSetting { name: "n".into(), value: vec![n] }]).await.unwrap();
            assert_eq!(store.setting("n").await.unwrap(), Some(vec![n]));
            for earlier in 2..=n {
                assert_eq!(store.setting(&earlier.to_string()).await.unwrap(), Some(vec![earlier]));
            }
        }
        store.close().await;
    });
    assert_eq!(reopen(&dir), (4, vec![STAYS, LEFT], 0));
}

#[test]
fn entries_are_known_after_a_move() {
    let temp = TempDir::new().unwrap();
    let dir = writer(&temp).folder.path().to_owned();
    let store = Store::open(Folder::lock(&dir).unwrap(), key(1)).unwrap();
    block_on(async {
        store.move_to_fresh_key(key(2), vec![2], vec![]).await.unwrap();
        store.commit(circle(STAYS)).await.unwrap();
        assert_eq!(store.entry_heads(STAYS).await.unwrap().len(), 1, "an entry is there twice");
        // What is forgotten had the last positions of all, so they are given out again.
        store.move_to_fresh_key(key(2), vec![2], leave()).await.unwrap();
        store.commit(circle(STAYS)).await.unwrap();
        assert_eq!(store.entry_heads(STAYS).await.unwrap().len(), 1, "an entry is there twice");
        store.commit(circle(LEFT)).await.unwrap();
        assert_eq!(store.entry_heads(LEFT).await.unwrap().len(), 1, "an entry can't be found");
        store.close().await;
    });
}

#[test]
fn a_move_that_fails_changes_nothing() {
    let temp = TempDir::new().unwrap();
    let dir = writer(&temp).folder.path().to_owned();
    let store = Store::open(Folder::lock(&dir).unwrap(), key(1)).unwrap();
    let orphan = circle(CircleId([7; 32])).remove(1);
    block_on(async {
        let writes = [leave(), vec![orphan]].concat();
        assert_eq!(store.move_to_fresh_key(key(2), vec![2], writes).await, Err(StoreError::Unknown));
        let wrapped = vec![0; WRAPPED_BYTES + 1];
        let too_large = store.move_to_fresh_key(key(2), wrapped, leave()).await;
        assert_eq!(too_large, Err(StoreError::TooLarge { what: "the wrapped key" }));
        assert!(file::names(&dir).unwrap().iter().all(|name| !name.starts_with("store-2")));
        store.commit(vec![Write::PutSetting { name: "a".into(), value: vec![] }]).await.unwrap();
        store.close().await;
    });
    assert_eq!(reopen(&dir), (1, vec![STAYS, LEFT], 0));
}
