//! Many stores opened at once, as the first thing that a program does. Alone in its program, because that is once.

use snug_store::{Folder, Store, StoreKey};
use std::sync::Barrier;
use std::thread;
use tempfile::TempDir;

const STORES: usize = 32;

#[test]
fn the_first_stores_may_be_opened_at_once() {
    let barrier = Barrier::new(STORES);
    thread::scope(|scope| {
        for _ in 0..STORES {
            scope.spawn(|| {
                let temp = TempDir::new().expect("a folder");
                let folder = Folder::create(&temp.path().join("laptop")).expect("a new folder");
                barrier.wait();
                let store = Store::create(folder, StoreKey::new([7; 32]), vec![1]);
                drop(store.expect("whoever is first"));
            });
        }
    });
}
