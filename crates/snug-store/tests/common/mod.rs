//! Rows to keep, and folders to keep them in.

// Every test file uses its own part of this.
#![allow(dead_code)]

use snug_store::{
    CircleRow, CircleState, EntryHead, EntryRow, Folder, Secret, Store, StoreError, StoreKey, Write,
};
use snug_types::{CircleId, DeviceId, DocumentId, DocumentRef, EntryHash, Seq, UnixMillis};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub(crate) const CIRCLE: CircleId = CircleId([1; 32]);
pub(crate) const OTHER: CircleId = CircleId([2; 32]);
pub(crate) const DEVICE: DeviceId = DeviceId([3; 32]);
pub(crate) const WRAPPED: &[u8] = b"wrapped";

/// A folder that goes away with the test.
pub(crate) struct Place {
    temp: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { temp: TempDir::new().unwrap() }
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.temp.path().join("laptop")
    }

    pub(crate) fn create(&self) -> Store {
        Store::create(Folder::create(&self.dir()).unwrap(), key(), WRAPPED.to_vec()).unwrap()
    }

    pub(crate) fn open(&self) -> Result<Store, StoreError> {
        Store::open(Folder::lock(&self.dir())?, key())
    }
}

pub(crate) fn key() -> StoreKey {
    StoreKey::new([0x5a; 32])
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

pub(crate) fn circle(circle: CircleId) -> Write {
    Write::PutCircle(CircleRow {
        circle,
        secret: Secret::new(vec![9; 64]),
        state: CircleState::Member,
        created: UnixMillis(7),
        info: b"info".to_vec(),
    })
}

pub(crate) fn document(n: u8) -> DocumentRef {
    DocumentRef::first(DocumentId([n; 16]))
}

/// The hash that [`entry`] gives to number `seq`.
pub(crate) fn hash(seq: u64) -> EntryHash {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&seq.to_be_bytes());
    EntryHash(hash)
}

pub(crate) fn entry(seq: u64, envelope: Vec<u8>) -> EntryRow {
    EntryRow {
        head: EntryHead {
            device: DEVICE,
            seq: Seq(seq),
            hash: hash(seq),
            document: document(1),
            kind: 3,
            at: UnixMillis(seq),
            quarantined: false,
        },
        envelope,
    }
}

pub(crate) fn put(seq: u64, envelope: Vec<u8>) -> Write {
    Write::PutEntry { circle: CIRCLE, entry: entry(seq, envelope) }
}

pub(crate) fn setting(name: &str, value: &[u8]) -> Write {
    Write::PutSetting { name: name.to_owned(), value: value.to_vec() }
}

/// The numbers of [`DEVICE`]'s entries.
pub(crate) async fn numbers(store: &Store) -> Vec<u64> {
    store.entry_heads(CIRCLE).await.unwrap().iter().map(|head| head.seq.0).collect()
}

/// All files of a folder with their bytes.
pub(crate) fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()))
        .collect()
}

/// What the disk holds at this moment, as a crash would leave it.
pub(crate) fn image(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for (name, bytes) in files(from) {
        // The index of the log lives in shared memory and doesn't survive a power cut.
        if !name.ends_with("-shm") {
            fs::write(to.join(name), bytes).unwrap();
        }
    }
}
