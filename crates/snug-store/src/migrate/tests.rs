use super::*;
use crate::Store;
use crate::write::Write;
use std::path::PathBuf;
use tempfile::TempDir;

fn key() -> StoreKey {
    StoreKey::new([1; 32])
}

fn steps(more: &[&'static str]) -> Vec<M<'static>> {
    [STEPS.to_vec(), more.iter().map(|sql| M::up(sql)).collect()].concat()
}

/// A store of version 1 with one setting.
fn store(temp: &TempDir) -> PathBuf {
    let dir = temp.path().join("laptop");
    let store = Store::create(Folder::create(&dir).unwrap(), key(), vec![]).unwrap();
    let write = Write::PutSetting { name: "a".into(), value: vec![7] };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(store.commit(vec![write])).unwrap();
    runtime.block_on(store.close());
    dir
}

fn upgrade_to(dir: &std::path::Path, steps: &[M<'static>]) -> Result<(), StoreError> {
    upgrade(&Folder::lock(dir).unwrap(), Number::FIRST, &key(), steps)
}

fn setting(path: &std::path::Path) -> Vec<u8> {
    let conn = connect::writer(path, &key()).unwrap();
    crate::read::setting(&conn, "a").unwrap().unwrap()
}

#[test]
fn the_steps_are_sound() {
    Migrations::from_slice(STEPS).validate().unwrap();
    // Released steps never change; a change of the schema is a step of its own.
    assert_eq!(latest(STEPS), 1);
}

#[test]
fn a_copy_is_made_before_and_only_the_newest_is_kept() {
    let temp = TempDir::new().unwrap();
    let dir = store(&temp);
    let database = Number::FIRST.database(&dir);
    let two = steps(&["UPDATE setting SET value = x'08'"]);
    let four = steps(&["UPDATE setting SET value = x'08'", "SELECT 1", "UPDATE setting SET value = x'09'"]);

    upgrade_to(&dir, &two).unwrap();
    let before_2 = Number::FIRST.before(&dir, 2);
    assert_eq!(connect::inspect(&database, &key()), Ok(2));
    assert_eq!(connect::inspect(&before_2, &key()), Ok(1));
    assert_eq!((setting(&database), setting(&before_2)), (vec![8], vec![7]));
    let encrypted = fs::read(&before_2).unwrap();
    assert_ne!(encrypted[..15], *b"SQLite format 3");
    assert!(matches!(connect::inspect(&before_2, &StoreKey::new([2; 32])), Err(StoreError::WrongKey { .. })));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&before_2).unwrap().permissions().mode() & 0o777, 0o600);
    }

    upgrade_to(&dir, &two).unwrap();
    assert_eq!(setting(&before_2), [7], "a store that is up to date was copied");

    upgrade_to(&dir, &four).unwrap();
    assert_eq!(setting(&database), [9]);
    assert_eq!(setting(&Number::FIRST.before(&dir, 4)), [8]);
    let copies: Vec<_> = file::names(&dir).unwrap().into_iter().filter(|name| file::is_copy(name)).collect();
    assert_eq!(copies, ["store-1.before-4.db"]);

    // The way back.
    fs::copy(Number::FIRST.before(&dir, 4), &database).unwrap();
    upgrade_to(&dir, &two).unwrap();
    assert_eq!(setting(&database), [8]);
}

#[test]
fn a_step_that_fails_leaves_the_version_before_it() {
    let temp = TempDir::new().unwrap();
    let dir = store(&temp);
    let database = Number::FIRST.database(&dir);
    let broken = steps(&["UPDATE setting SET value = x'08'; SELECT nonsense"]);
    assert!(matches!(upgrade_to(&dir, &broken), Err(StoreError::Database { .. })));
    assert_eq!(connect::inspect(&database, &key()), Ok(1));
    assert_eq!(setting(&database), [7]);
}

#[test]
fn a_copy_cut_short_by_a_crash_is_made_again() {
    let temp = TempDir::new().unwrap();
    let dir = store(&temp);
    fs::write(dir.join("store-1.before-2.db.new"), b"half").unwrap();
    upgrade_to(&dir, &steps(&["UPDATE setting SET value = x'08'"])).unwrap();
    assert_eq!(setting(&Number::FIRST.before(&dir, 2)), [7]);
    assert_eq!(file::names(&dir).unwrap(), ["key", "lock", "store-1.before-2.db", "store-1.db"]);
}

#[test]
fn a_crash_between_steps_keeps_the_copy_of_the_oldest() {
    let temp = TempDir::new().unwrap();
    let dir = store(&temp);
    let database = Number::FIRST.database(&dir);
    let three = steps(&["UPDATE setting SET value = x'08'", "UPDATE setting SET value = x'09'"]);
    upgrade_to(&dir, &three).unwrap();
    // As if the second step had never been carried out.
    connect::writer(&database, &key()).unwrap().execute_batch("PRAGMA user_version = 2").unwrap();
    upgrade_to(&dir, &three).unwrap();
    assert_eq!(setting(&Number::FIRST.before(&dir, 3)), [7]);
}
