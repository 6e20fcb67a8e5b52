//! The folder is private and locked, and what can't be opened is left alone, to the byte.

#![cfg(test)]

mod common;

use common::{CIRCLE, DEVICE, Place, WRAPPED, block_on, circle, files, image, key, numbers, put, setting};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use snug_store::{Folder, Store, StoreError, StoreKey};
use snug_types::Seq;
use std::collections::BTreeMap;
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
    for (bytes, expected) in [
        (b"SQLite format 3\0 and so on".as_slice(), "its database isn't encrypted"),
        (b"".as_slice(), "its database is empty"),
    ] {
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
        matches!(&error, StoreError::Damaged { what, .. } if what.contains("another program")),
        "{error:?}"
    );
}

/// A whole store, closed, with what a crash may have left over beside it.
fn whole() -> Place {
    let place = Place::new();
    let store = place.create();
    block_on(async {
        store.commit(vec![circle(CIRCLE)]).await.unwrap();
        for seq in 1..=50 {
            store.commit(vec![put(seq, vec![7; 2000]), setting(&format!("{seq:08}"), b"")]).await.unwrap();
        }
        store.close().await;
    });
    for name in ["key.new", "store-2.db", "store-1.before-2.db.new"] {
        fs::write(place.dir().join(name), b"left over").unwrap();
    }
    place
}

fn unchanged(place: &Place, before: &BTreeMap<String, Vec<u8>>) {
    let after = files(&place.dir());
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    for (name, bytes) in before {
        assert!(after[name] == *bytes, "{name} has changed");
    }
}

/// Checks that neither locking nor creating does anything, what locking says is wrong, and what creating says.
fn damaged(place: &Place, expected: &str) -> StoreError {
    let before = files(&place.dir());
    let error = Folder::lock(&place.dir()).unwrap_err();
    assert!(matches!(&error, StoreError::Damaged { what, .. } if what == expected), "{error:?}");
    unchanged(place, &before);
    let error = Folder::create(&place.dir()).unwrap_err();
    unchanged(place, &before);
    error
}

#[test]
fn a_damaged_key_file_costs_nothing_else() {
    let place = whole();
    let key_file = place.dir().join("key");
    let saved = fs::read(&key_file).unwrap();
    for at in 0..saved.len() {
        let mut bad = saved.clone();
        bad[at] ^= 2;
        fs::write(&key_file, bad).unwrap();
        let error = damaged(&place, "its key file is damaged");
        assert_eq!(error, StoreError::AlreadyThere { dir: place.dir() }, "byte {at}");
    }
    fs::write(&key_file, b"damage").unwrap();
    damaged(&place, "its key file is damaged");

    // Put back, it opens everything, and what is left over goes.
    fs::write(&key_file, &saved).unwrap();
    let store = place.open().unwrap();
    assert_eq!(block_on(numbers(&store)).len(), 50);
    block_on(store.close());
    assert_eq!(files(&place.dir()).keys().collect::<Vec<_>>(), ["key", "lock", "store-1.db"]);
}

#[test]
fn nothing_is_deleted_before_the_database_has_opened() {
    let place = whole();
    let before = files(&place.dir());
    drop(Folder::lock(&place.dir()).unwrap());
    unchanged(&place, &before);
    let error = Store::open(Folder::lock(&place.dir()).unwrap(), StoreKey::new([0; 32])).unwrap_err();
    assert!(matches!(error, StoreError::WrongKey { .. }), "{error:?}");
    unchanged(&place, &before);
}

/// As after a restore of everything but the database, or of a key file from another time.
#[test]
fn a_missing_database_is_named_and_the_others_stay() {
    let place = whole();
    fs::rename(place.dir().join("store-1.db"), place.dir().join("store-7.db")).unwrap();
    let error = damaged(&place, "its database store-1.db is missing");
    assert_eq!(error, StoreError::AlreadyThere { dir: place.dir() });
    for other in ["store-2.db", "store-7.db", "store-1.before-2.db.new"] {
        fs::remove_file(place.dir().join(other)).unwrap();
        damaged(&place, "its database store-1.db is missing");
    }
}

/// Without its key file a store is still somebody's: the key file may be in a copy that they have.
#[test]
fn a_missing_key_file_costs_nothing_else() {
    let place = whole();
    let saved = fs::read(place.dir().join("key")).unwrap();
    fs::remove_file(place.dir().join("key")).unwrap();
    // With and without what the node may have beside it, a lock included.
    for other in ["", "lock", "key.new", "store-2.db", "store-1.before-2.db.new"] {
        if !other.is_empty() {
            fs::remove_file(place.dir().join(other)).unwrap();
        }
        let error = damaged(&place, "its key file is missing");
        assert!(
            matches!(&error, StoreError::Damaged { what, .. } if what == "its key file is missing"),
            "{error:?}"
        );
    }
    fs::write(place.dir().join("tries"), b"1").unwrap();
    damaged(&place, "its key file is missing");

    fs::write(place.dir().join("key"), saved).unwrap();
    let store = place.open().unwrap();
    assert_eq!(block_on(numbers(&store)).len(), 50);
    block_on(store.close());
}

/// Reads everything and writes a little, until something is wrong.
async fn use_it(store: &Store) -> Result<(), StoreError> {
    for seq in 1..=50 {
        store.entries(CIRCLE, DEVICE, Seq(seq), Seq(seq), 1).await?;
        store.setting(&format!("{seq:08}")).await?;
    }
    store.commit(vec![put(51, vec![7; 2000]), setting("00000020x", b"")]).await
}

#[test]
fn a_damaged_database_is_said_to_be_damaged() {
    let place = whole();
    block_on(place.open().unwrap().close());
    let saved = files(&place.dir());
    let database = place.dir().join("store-1.db").canonicalize().unwrap();
    let bytes = &saved["store-1.db"];
    let pages = bytes.len() / 4096;
    let flips = (1..pages).map(|page| {
        let mut bad = bytes.clone();
        bad[page * 4096 + 2000] ^= 1;
        bad
    });
    let cuts = [4096, 5000, bytes.len() / 2, bytes.len() - 4096, bytes.len() - 10];
    let (mut at_opening, mut later) = (0, 0);
    for bad in flips.chain(cuts.map(|len| bytes[..len].to_vec())) {
        for (name, bytes) in &saved {
            fs::write(place.dir().join(name), bytes).unwrap();
        }
        let _ = fs::remove_file(place.dir().join("store-1.db-wal"));
        fs::write(&database, &bad).unwrap();
        let before = files(&place.dir());
        let error = match place.open() {
            Err(error) => {
                at_opening += 1;
                unchanged(&place, &before);
                error
            }
            Ok(store) => {
                let result = block_on(use_it(&store));
                block_on(store.close());
                // A page that nothing needed.
                let Err(error) = result else { continue };
                later += 1;
                error
            }
        };
        let expected =
            StoreError::Damaged { file: database.clone(), what: "its database is damaged".to_owned() };
        assert_eq!(error, expected);
    }
    assert!(
        at_opening > 0 && later > 0 && at_opening + later > pages / 2,
        "{at_opening} at opening and {later} later of {pages}"
    );
}

/// As after a crash: the log holds what the database doesn't yet.
#[test]
fn a_damaged_database_keeps_its_log() {
    let place = Place::new();
    crashed(&place);
    tamper(&place.dir(), "PRAGMA wal_checkpoint(PASSIVE); CREATE TABLE later (a)");
    fs::write(place.dir().join("store-2.db"), b"left over").unwrap();
    let saved = files(&place.dir());
    let pages = saved["store-1.db"].len() / 4096;
    let mut met = 0;
    // Some are met by a first look, some only when it opens for good.
    for page in 1..pages {
        let mut before = saved.clone();
        before.entry("store-1.db".into()).and_modify(|bytes| bytes[page * 4096 + 2000] ^= 1);
        for (name, bytes) in &before {
            fs::write(place.dir().join(name), bytes).unwrap();
        }
        match place.open() {
            Err(error) => {
                met += 1;
                assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
                // The index of the log holds nothing that isn't in the log.
                let _ = fs::remove_file(place.dir().join("store-1.db-shm"));
                unchanged(&place, &before);
            }
            Ok(store) => block_on(store.close()),
        }
    }
    assert!(met > 1, "{met} of {pages} pages");
}

#[test]
fn damage_met_by_a_commit_is_said_and_stops_writing() {
    let place = whole();
    block_on(place.open().unwrap().close());
    let database = place.dir().join("store-1.db").canonicalize().unwrap();
    let saved = fs::read(&database).unwrap();
    let mut met = 0;
    for page in 1..saved.len() / 4096 {
        let mut bad = saved.clone();
        bad[page * 4096 + 2000] ^= 1;
        fs::write(&database, bad).unwrap();
        let Ok(store) = place.open() else { continue };
        block_on(async {
            let result = store.commit(vec![setting("00000020", b"other")]).await;
            if let Err(error) = result {
                met += 1;
                let damaged = StoreError::Damaged {
                    file: database.clone(),
                    what: "its database is damaged".to_owned(),
                };
                assert_eq!(error, damaged);
                assert_eq!(store.commit(vec![setting("a", b"")]).await, Err(damaged));
            }
            store.close().await;
        });
        let _ = fs::remove_file(place.dir().join("store-1.db-wal"));
    }
    assert!(met > 0, "no commit met the damage");
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
    let crashed = Place::new();
    fs::create_dir(crashed.dir()).unwrap();
    fs::write(crashed.dir().join("store-1.db.new"), b"half").unwrap();
    fs::write(crashed.dir().join("key.new"), b"ha").unwrap();
    assert!(matches!(Folder::lock(&crashed.dir()), Err(StoreError::NoStore { .. })));

    let store = crashed.create();
    assert_eq!(block_on(store.setting("a")).unwrap(), None);
    assert!(!crashed.dir().join("key.new").exists());
    assert!(!crashed.dir().join("store-1.db.new").exists());
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
