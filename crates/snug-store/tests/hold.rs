//! A folder that is kept: from before there is a store, over all its openings, nobody else gets in.

#![cfg(test)]

mod common;

use common::{Place, WRAPPED, block_on, files, key};
use snug_store::{Folder, Hold, Store, StoreError};
use std::fs;
use std::path::Path;

fn nobody_else_gets_in(dir: &Path) {
    let in_use = StoreError::InUse { dir: dir.to_owned() };
    assert_eq!(Hold::take(dir).unwrap_err(), in_use);
    let lock = Folder::lock(dir).unwrap_err();
    assert!(lock == in_use || matches!(lock, StoreError::NoStore { .. }), "{lock:?}");
    let create = Folder::create(dir).unwrap_err();
    assert!(create == in_use || matches!(create, StoreError::AlreadyThere { .. }), "{create:?}");
}

#[test]
fn nobody_gets_in_between_two_stores() {
    let place = Place::new();
    let dir = place.dir();
    let hold = Hold::take(&dir).unwrap();
    assert!(hold.is_vacant().unwrap());
    assert_eq!(files(&dir).keys().collect::<Vec<_>>(), ["lock"]);
    nobody_else_gets_in(&dir);

    let store = Store::create(hold.vacant_folder().unwrap(), key(), WRAPPED.to_vec()).unwrap();
    assert!(!hold.is_vacant().unwrap());
    for _ in 0..2 {
        // One store at a time for its holder, too.
        assert!(matches!(hold.folder(), Err(StoreError::InUse { .. })));
        nobody_else_gets_in(&dir);
    }
    block_on(store.close());
    assert!(matches!(hold.vacant_folder(), Err(StoreError::AlreadyThere { .. })));
    nobody_else_gets_in(&dir);

    let store = Store::open(hold.folder().unwrap(), key()).unwrap();
    drop(hold);
    nobody_else_gets_in(&dir);
    block_on(store.close());
    block_on(place.open().unwrap().close());
}

#[test]
fn what_was_begun_and_not_finished_is_left_until_a_store_is_made() {
    let place = Place::new();
    let dir = place.dir();
    fs::create_dir(&dir).unwrap();
    fs::write(dir.join("store-1.db.new"), b"half").unwrap();
    fs::write(dir.join("window.json"), b"{}").unwrap();
    let hold = Hold::take(&dir).unwrap();
    assert!(hold.is_vacant().unwrap());
    assert_eq!(files(&dir).keys().collect::<Vec<_>>(), ["lock", "store-1.db.new", "window.json"]);
    block_on(Store::create(hold.vacant_folder().unwrap(), key(), WRAPPED.to_vec()).unwrap().close());
    assert_eq!(files(&dir).keys().collect::<Vec<_>>(), ["key", "lock", "store-1.db", "window.json"]);
}

#[test]
fn what_is_no_store_of_ours_is_left_alone() {
    type Case<'a> = (&'a str, Option<&'a [u8]>, fn(&StoreError) -> bool);

    let place = Place::new();
    let dir = place.dir();
    block_on(place.create().close());
    fs::remove_file(dir.join("lock")).unwrap();
    let whole = files(&dir);
    let newer = {
        let (content, _) = whole["key"].split_at(whole["key"].len() - 32);
        let mut content = content.to_vec();
        content[8] = 2;
        let checksum = blake3::hash(&content);
        [&content[..], checksum.as_bytes()].concat()
    };
    let cases: [Case<'_>; 4] = [
        ("key", Some(&newer), |e| matches!(e, StoreError::Newer { found: 2, known: 1 })),
        ("key", Some(b"snug key"), |e| matches!(e, StoreError::Damaged { .. })),
        ("key", None, |e| matches!(e, StoreError::Damaged { .. })),
        ("letter.txt", Some(b"Dear"), |e| matches!(e, StoreError::NotAStore { .. })),
    ];
    for (name, bytes, expected) in cases {
        for (name, bytes) in &whole {
            fs::write(dir.join(name), bytes).unwrap();
        }
        if name == "letter.txt" {
            fs::remove_file(dir.join("key")).unwrap();
            fs::remove_file(dir.join("store-1.db")).unwrap();
        }
        match bytes {
            Some(bytes) => fs::write(dir.join(name), bytes).unwrap(),
            None => fs::remove_file(dir.join(name)).unwrap(),
        }
        let before = files(&dir);
        let error = Hold::take(&dir).unwrap_err();
        assert!(expected(&error), "{name}: {error:?}");
        assert!(files(&dir) == before, "{name}: something has changed");
    }
}
