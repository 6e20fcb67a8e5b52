//! The folder is private and locked, and what can't be opened is left alone, to the byte.

#![cfg(test)]

mod common;

use common::{CIRCLE, Place, WRAPPED, block_on, circle, files, image, key, numbers, put, setting};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use snug_store::{Folder, Store, StoreError, StoreKey};
use std::fs;
use std::path::Path;

/// A store as a crash leaves it: with a log that hasn't been folded in.
fn crashed(place: &Place) {
    block_on(async {
        let whole = Place::new();
        let store = whole.create();
        store.commit(vec![circle(CIRCLE)]).await.unwrap();
        for seq in 1..=20 {
            store.commit(vec![put(seq, vec![7; 500])]).await.unwrap();
        }
        image(&whole.dir(), &place.dir());
        store.close().await;
    });
    assert!(fs::metadata(place.dir().join("store-1.db-wal")).unwrap().len() > 20 * 4096);
}

/// Runs SQL in the database behind the store's back and leaves it in the log.
fn tamper(dir: &Path, sql: &str) {
    let conn = Connection::open(dir.join("store-1.db")).unwrap();
    conn.execute_batch(&format!("PRAGMA key = \"x'{}'\"", "5a".repeat(32))).unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
    conn.execute_batch(sql).unwrap();
    drop(conn);
    fs::remove_file(dir.join("store-1.db-shm")).unwrap();
}

/// Opens it with this key, and checks that it is refused and that no byte has changed.
fn refused(place: &Place, key: StoreKey) -> StoreError {
    // The lock file is made before anything can be known.
    drop(Folder::lock(&place.dir()).unwrap());
    let before = files(&place.dir());
    let error = Store::open(Folder::lock(&place.dir()).unwrap(), key).unwrap_err();
    let after = files(&place.dir());
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    for (name, bytes) in before {
        assert!(after[&name] == bytes, "{name} has changed");
    }
    error
}

#[test]
fn a_wrong_key_changes_nothing() {
    for with_log in [false, true] {
        let place = Place::new();
        crashed(&place);
        if !with_log {
            block_on(place.open().unwrap().close());
            assert!(!place.dir().join("store-1.db-wal").exists());
        }
        let error = refused(&place, StoreKey::new([0; 32]));
        assert!(matches!(error, StoreError::WrongKey { .. }), "{error:?}");
        let store = place.open().unwrap();
        assert_eq!(block_on(numbers(&store)), (1..=20).collect::<Vec<_>>());
    }
}

#[test]
fn a_newer_store_is_left_alone() {
    for with_log in [false, true] {
        let place = Place::new();
        crashed(&place);
        tamper(&place.dir(), "PRAGMA user_version = 99");
        let log = place.dir().join("store-1.db-wal");
        if !with_log {
            tamper(&place.dir(), "PRAGMA wal_checkpoint(TRUNCATE)");
            fs::remove_file(&log).unwrap();
        }
        assert_eq!(fs::metadata(log).is_ok_and(|meta| meta.len() > 0), with_log);
        assert_eq!(refused(&place, key()), StoreError::Newer { found: 99, known: 1 });
    }
}

#[test]
fn what_is_no_store_is_named_and_left_alone() {
    let zeroes = vec![0; 8192];
    for (bytes, expected) in
        [(b"SQLite format 3\0 and so on".as_slice(), "it isn't encrypted"), (b"".as_slice(), "it is empty")]
    {
        let place = Place::new();
        crashed(&place);
        fs::write(place.dir().join("store-1.db"), bytes).unwrap();
        let error = refused(&place, key());
        assert!(matches!(&error, StoreError::Damaged { what, .. } if what == expected), "{error:?}");
    }
    for bytes in [&zeroes[..], &zeroes[..100], b"garbage"] {
        let place = Place::new();
        crashed(&place);
        fs::remove_file(place.dir().join("store-1.db-wal")).unwrap();
        fs::write(place.dir().join("store-1.db"), bytes).unwrap();
        let error = refused(&place, key());
        assert!(matches!(error, StoreError::WrongKey { .. }), "{error:?}");
    }

    let place = Place::new();
    crashed(&place);
    tamper(&place.dir(), "PRAGMA application_id = 1");
    let error = refused(&place, key());
    assert!(
        matches!(&error, StoreError::Damaged { what, .. } if what.contains("another application")),
        "{error:?}"
    );

    let place = Place::new();
    crashed(&place);
    fs::remove_file(place.dir().join("store-1.db")).unwrap();
    let error = refused(&place, key());
    assert!(matches!(&error, StoreError::Damaged { what, .. } if what == "it is missing"), "{error:?}");

    let place = Place::new();
    crashed(&place);
    fs::write(place.dir().join("key"), b"damage").unwrap();
    assert!(matches!(Folder::lock(&place.dir()), Err(StoreError::Damaged { .. })));
}

#[test]
fn nothing_readable_is_on_the_disk() {
    let place = Place::new();
    let store = place.create();
    let marker = b"a line that only its readers may see";
    block_on(store.commit(vec![setting("marker", &marker.repeat(100))])).unwrap();
    let in_log = files(&place.dir());
    block_on(store.close());
    for (name, bytes) in in_log.into_iter().chain(files(&place.dir())) {
        assert!(!bytes.windows(marker.len()).any(|window| window == marker), "readable in {name}");
        assert!(!bytes.windows(15).any(|window| window == b"SQLite format 3"), "{name} isn't encrypted");
    }
}

#[test]
fn one_at_a_time() {
    let place = Place::new();
    let store = place.create();
    let dir = place.dir();
    assert_eq!(Folder::lock(&dir).unwrap_err(), StoreError::InUse { dir: dir.clone() });
    assert_eq!(Folder::create(&dir).unwrap_err(), StoreError::AlreadyThere { dir: dir.clone() });
    block_on(store.close());

    let folder = Folder::lock(&dir).unwrap();
    assert_eq!(folder.wrapped_key().unwrap(), WRAPPED);
    assert_eq!(folder.path(), dir.canonicalize().unwrap());
    assert_eq!(Folder::lock(&dir).unwrap_err(), StoreError::InUse { dir: dir.clone() });
    drop(folder);
    assert_eq!(Folder::create(&dir).unwrap_err(), StoreError::AlreadyThere { dir: dir.clone() });
    block_on(place.open().unwrap().close());
}

#[test]
fn other_folders_are_left_alone() {
    let place = Place::new();
    let dir = place.dir();
    assert_eq!(Folder::lock(&dir).unwrap_err(), StoreError::NoStore { dir: dir.clone() });
    assert!(!dir.exists());

    fs::create_dir(&dir).unwrap();
    assert_eq!(Folder::lock(&dir).unwrap_err(), StoreError::NoStore { dir: dir.clone() });
    fs::write(dir.join("holiday.txt"), b"sun").unwrap();
    let foreign = StoreError::NotAStore { dir: dir.clone(), found: "holiday.txt".into() };
    assert_eq!(Folder::lock(&dir).unwrap_err(), foreign);
    assert_eq!(Folder::create(&dir).unwrap_err(), foreign);
    assert_eq!(files(&dir).len(), 1);

    // Taken from one who has closed it, other things beside a store don't matter.
    fs::remove_file(dir.join("holiday.txt")).unwrap();
    block_on(place.create().close());
    fs::write(dir.join("holiday.txt"), b"sun").unwrap();
    block_on(place.open().unwrap().close());
    assert_eq!(fs::read(dir.join("holiday.txt")).unwrap(), b"sun");
}

#[test]
fn a_creation_that_crashed_is_begun_again() {
    let place = Place::new();
    let store = place.create();
    block_on(store.commit(vec![setting("a", b"1")])).unwrap();
    let crashed = Place::new();
    image(&place.dir(), &crashed.dir());
    // The key file comes last.
    fs::remove_file(crashed.dir().join("key")).unwrap();
    fs::write(crashed.dir().join("key.new"), b"ha").unwrap();
    assert!(matches!(Folder::lock(&crashed.dir()), Err(StoreError::NoStore { .. })));

    let store = crashed.create();
    assert_eq!(block_on(store.setting("a")).unwrap(), None);
    assert!(!crashed.dir().join("key.new").exists());
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_look() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;

    let place = Place::new();
    fs::create_dir(place.dir()).unwrap();
    fs::set_permissions(place.dir(), fs::Permissions::from_mode(0o755)).unwrap();
    let store = place.create();
    block_on(store.commit(vec![setting("a", b"1")])).unwrap();
    block_on(store.setting("a")).unwrap();
    let check = |expected: &[&str]| {
        assert_eq!(mode(&place.dir()), 0o700);
        assert_eq!(files(&place.dir()).keys().collect::<Vec<_>>(), expected);
        for name in expected {
            assert_eq!(mode(&place.dir().join(name)), 0o600, "{name}");
        }
    };
    check(&["key", "lock", "store-1.db", "store-1.db-shm", "store-1.db-wal"]);
    block_on(store.close());
    check(&["key", "lock", "store-1.db"]);

    // Somebody has loosened them in between.
    fs::set_permissions(place.dir(), fs::Permissions::from_mode(0o777)).unwrap();
    for name in ["key", "store-1.db"] {
        fs::set_permissions(place.dir().join(name), fs::Permissions::from_mode(0o666)).unwrap();
    }
    let store = place.open().unwrap();
    block_on(store.commit(vec![setting("a", b"2")])).unwrap();
    check(&["key", "lock", "store-1.db", "store-1.db-shm", "store-1.db-wal"]);
}
