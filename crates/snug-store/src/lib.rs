//! What a laptop keeps: an encrypted `SQLite` database (`SQLCipher`) in a folder of its own.
//!
//! # How it goes
//!
//! ```text
//! Folder::create / Folder::lock   the folder is private (0700, files 0600) and locked; the wrapped key can be read
//! Store::create / Store::open     the caller has unwrapped the key; the schema is brought up to date behind a copy
//! Store::commit, submit           ──▶ one writer thread: one transaction for all that waited, synced, then reported
//! Store::submit_in, reopen        the same, for batches that build on each other: after a failure none behind it is kept
//! Store::circles, entries, …      ──▶ reader threads, beside the writer
//! Store::move_to_fresh_key        leaving: what remains goes to a fresh database under a fresh key
//! Store::close                    everything is finished and the folder is free
//! Hold                            keeps the lock beyond that, from one store to the next
//! ```
//!
//! The store carries bytes and ids. It knows nothing of keys but the one that opens its database, nothing of what a
//! passphrase is, and nothing of what is in the bytes: the caller hands in the wrapped key, and rows as [`Write`]s. The
//! schema, table by table, is in `src/migrations`.
//!
//! # What is promised
//!
//! - **Durable means synced.** A batch is reported committed after its transaction is in the write-ahead log and that
//!   log was synced (`synchronous = FULL`). It survives `kill -9` and, as far as the disk tells the truth, a power cut.
//! - **All or nothing,** batch by batch, also when many share one transaction.
//! - **No gap.** What was submitted in a lane is kept up to some batch and from there on not at all, until the lane is
//!   reopened.
//! - **Never in plain text.** A database library that can't encrypt is an error; temporary data stays in memory.
//! - **What can't be opened is left alone:** a wrong key, a newer Snug's store, a damaged or missing key file change no
//!   byte. Nothing is deleted before the database that the key file names has opened.
//! - **One at a time.** A second opener gets [`StoreError::InUse`].
//! - **A full disk** fails what didn't fit, and writing goes on when there is room. **An input/output error** stops
//!   the writer for good ([`StoreError::Stopped`]): then only opening again tells what the disk holds.
//!
//! # Example
//!
//! ```
//! use snug_store::{Folder, Store, StoreKey, Write};
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let parent = tempfile::tempdir()?;
//! let dir = parent.path().join("laptop");
//! let store = Store::create(Folder::create(&dir)?, StoreKey::new([7; 32]), b"the key, wrapped".to_vec())?;
//! store.commit(vec![Write::PutSetting { name: "quiet".into(), value: vec![1] }]).await?;
//! store.close().await;
//!
//! let folder = Folder::lock(&dir)?;
//! assert_eq!(folder.wrapped_key()?, b"the key, wrapped");
//! let store = Store::open(folder, StoreKey::new([7; 32]))?;
//! assert_eq!(store.setting("quiet").await?, Some(vec![1]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```
//!
//! # Why so
//!
//! What an edit waits for is pages: each one that a transaction changes is encrypted, authenticated and synced. So an
//! entry is appended to one table without an index, one page, and what finds it again is brought up to date later (see
//! `src/head.rs`). A batch that holds nothing but the edit's entry is therefore the fastest; summaries and snapshots
//! are caches and may follow in a batch of their own.
//!
//! One writer thread instead of a pool: `SQLite` writes one transaction at a time anyway, and waiting in our own queue,
//! unlike waiting for `SQLite`'s lock, is fair, bounded and groups what waits. Readers have threads of their own because
//! `SQLite` blocks, and a runtime's workers mustn't.

mod apply;
mod connect;
mod creation;
mod error;
mod file;
mod folder;
mod fresh;
mod head;
mod key_file;
mod lane;
mod lock;
mod migrate;
mod read;
mod reader;
mod row;
mod secret;
mod store;
mod write;
mod writer;

pub use error::StoreError;
pub use folder::Folder;
pub use lock::Hold;
pub use row::{
    CircleRow, CircleState, DeviceRow, EntryHead, EntryPage, EntryRow, EpochRow, InvitationRow, OpRow,
    OutboxRow, PendingJoinRow, Position, SnapshotRow, StoredEntry, SummaryRow,
};
pub use secret::{Secret, StoreKey};
pub use store::Store;
pub use write::Write;
