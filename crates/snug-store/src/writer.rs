//! The writer: one thread that owns the only connection that writes.
//!
//! ```text
//! submit ──▶ queue ──▶ [ take one batch, and all that queued up while the last commit was in flight ]
//!                        BEGIN ─ batch ─ batch ─ batch ─ COMMIT (synced) ──▶ everybody's `committed`
//!                        └ each in a savepoint: a bad one fails alone
//!            idle, or much has piled up ──▶ heads for the entries, checkpoint
//! ```
//!
//! No timer stands in the way of a commit: batches are grouped only because they had to wait anyway.
//!
//! A full disk fails the batches that met it, what is behind them in their lanes (see `lane.rs`), and nothing else. After an input/output error the writer stops for good:
//! once a sync has failed, a later one that succeeds says nothing about the earlier bytes.

use crate::apply::apply;
use crate::error::StoreError;
use crate::file::Number;
use crate::folder::Folder;
use crate::lane::Lanes;
use crate::reader::Slots;
use crate::secret::StoreKey;
use crate::write::Write;
use crate::{connect, fresh, head};
use rusqlite::Connection;
use snug_types::CircleId;
use std::cell::Cell;
use std::fmt;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;

/// Batches that one transaction takes at most.
const GROUP: usize = 1024;
/// Bytes that one transaction takes at most, but for a single batch that is larger by itself.
const GROUP_BYTES: usize = 8 << 20;
/// Pages of the write-ahead log (4 KiB each) from which it is folded into the database when nothing else is to do.
const IDLE_PAGES: i32 = 256;
/// How long nothing must be to do for that.
const IDLE: Duration = Duration::from_millis(200);
/// Pages from which it is folded in at once: bounds the log, and how long reopening takes after a crash.
const BUSY_PAGES: i32 = 4096;
/// Entries without heads from which they get them when nothing else is to do.
const IDLE_TAIL: usize = 64;
/// Entries without heads from which they get them at once: bounds what a read has to look through.
const BUSY_TAIL: usize = 512;

thread_local! {
    /// Pages in the log of this thread's connection after its last commit.
    static LOG_PAGES: Cell<i32> = const { Cell::new(0) };
}

/// Told exactly once what became of a batch; told that the store has stopped if the writer ends before.
pub(crate) struct Committed(Option<Tell>);

type Tell = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

impl Committed {
    pub(crate) fn new(tell: impl FnOnce(Result<(), StoreError>) + Send + 'static) -> Self {
        Self(Some(Box::new(tell)))
    }

    fn tell(mut self, result: Result<(), StoreError>) {
        if let Some(tell) = self.0.take() {
            tell(result);
        }
    }
}

impl Drop for Committed {
    fn drop(&mut self) {
        if let Some(tell) = self.0.take() {
            tell(Err(StoreError::closed()));
        }
    }
}

impl fmt::Debug for Committed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Committed")
    }
}

/// Writes that are kept together or not at all.
#[derive(Debug)]
pub(crate) struct Batch {
    /// What else must have been kept for it to be kept; none if it stands alone.
    pub(crate) lane: Option<CircleId>,
    pub(crate) writes: Vec<Write>,
    pub(crate) weight: usize,
    pub(crate) committed: Committed,
    /// Its place in the queue, free again when it is done.
    pub(crate) _room: OwnedSemaphorePermit,
}

/// What the writer can be asked for.
#[derive(Debug)]
pub(crate) enum Job {
    Commit(Batch),
    /// Try the batches of this lane again.
    Reopen(CircleId),
    /// Move to a fresh key, with these writes.
    Move {
        key: StoreKey,
        wrapped: Vec<u8>,
        writes: Vec<Write>,
        committed: Committed,
    },
    /// Finish, close everything, and say so when the lock is free.
    Close(Committed),
}

/// The writer's state.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) conn: Connection,
    pub(crate) folder: Folder,
    pub(crate) number: Number,
    pub(crate) key: StoreKey,
    pub(crate) slots: Slots,
    /// Entries that were put since all had their heads, known ones included.
    tail: usize,
    lanes: Lanes,
    stopped: Option<StoreError>,
}

impl Writer {
    /// Opens the database of a folder for writing and for reading.
    pub(crate) fn open(folder: Folder, number: Number, key: StoreKey) -> Result<Self, StoreError> {
        let path = number.database(folder.path());
        let conn = connect::writer(&path, &key)?;
        let opened = Slots::open(&path, &key).and_then(|slots| Ok((slots, head::load(&conn)?)));
        if opened.is_err() {
            connect::keep_log(&conn, &path)?;
        }
        let (slots, tail) = opened?;
        Ok(Self { conn, folder, number, key, slots, tail, lanes: Lanes::default(), stopped: None })
    }

    /// Works until it is told to close, or nobody can ask for anything any more.
    pub(crate) fn run(mut self, jobs: &Receiver<Job>) {
        watch_log(&self.conn);
        let mut next = None;
        let closed = loop {
            let Some(job) = next.take().or_else(|| self.wait(jobs)) else { break None };
            match job {
                Job::Commit(batch) => {
                    let mut group = vec![batch];
                    next = gather(&mut group, jobs);
                    self.commit(group);
                }
                Job::Reopen(lane) => self.lanes.reopen(lane),
                Job::Move { key, wrapped, writes, committed } => {
                    let result = self.move_to(key, wrapped, &writes);
                    committed.tell(result);
                }
                Job::Close(closed) => break Some(closed),
            }
            self.tidy(BUSY_TAIL, BUSY_PAGES);
        };
        // Readers first: the last connection to go folds the log in and deletes it.
        self.slots.replace(Vec::new());
        let Self { conn, folder, .. } = self;
        if let Err((_, error)) = conn.close() {
            tracing::warn!(%error, "the store didn't close cleanly");
        }
        drop(folder);
        if let Some(closed) = closed {
            closed.tell(Ok(()));
        }
    }

    fn wait(&mut self, jobs: &Receiver<Job>) -> Option<Job> {
        if self.tail >= IDLE_TAIL || LOG_PAGES.get() >= IDLE_PAGES {
            match jobs.recv_timeout(IDLE) {
                Ok(job) => return Some(job),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => self.tidy(IDLE_TAIL, IDLE_PAGES),
            }
        }
        jobs.recv().ok()
    }

    fn commit(&mut self, group: Vec<Batch>) {
        match self.transaction(&group) {
            Ok(results) => {
                for (batch, result) in group.into_iter().zip(results) {
                    self.done(batch, result);
                }
            }
            // Together they don't fit on the disk; some of them may. One by one and in order, so that lanes close in time.
            Err(error) if group.len() > 1 && !error.is_fatal() => {
                for batch in group {
                    self.commit(vec![batch]);
                }
            }
            Err(error) => {
                for batch in group {
                    self.done(batch, Err(error.clone()));
                }
            }
        }
    }

    fn done(&mut self, batch: Batch, result: Result<(), StoreError>) {
        self.lanes.note(batch.lane, &result);
        if result.is_ok() {
            self.lanes.kept(&batch.writes);
        }
        batch.committed.tell(result);
    }

    /// One transaction: what became of each batch once it is durable, or the error that none of them survived.
    fn transaction(&mut self, group: &[Batch]) -> Result<Vec<Result<(), StoreError>>, StoreError> {
        if let Some(stopped) = &self.stopped {
            return Err(stopped.clone());
        }
        let result = self.try_transaction(group).map_err(|error| self.roll_back(error))?;
        self.tail += group.iter().flat_map(|batch| &batch.writes).filter(|write| write.is_entry()).count();
        Ok(result)
    }

    fn roll_back(&mut self, error: StoreError) -> StoreError {
        if !self.conn.is_autocommit()
            && let Err(error) = self.conn.execute_batch("ROLLBACK")
        {
            tracing::warn!(%error, "a transaction couldn't be rolled back");
        }
        if error.is_fatal() { self.stop(&error) } else { error }
    }

    fn try_transaction(&self, group: &[Batch]) -> Result<Vec<Result<(), StoreError>>, StoreError> {
        let conn = &self.conn;
        if let [batch] = group
            && let Some(error) = self.lanes.closed(batch.lane)
        {
            return Err(error.clone());
        }
        conn.execute_batch("BEGIN IMMEDIATE")?;
        let results = match group {
            // Alone it needs no savepoint: its failure is the transaction's.
            [batch] => {
                apply_all(conn, &batch.writes)?;
                vec![Ok(())]
            }
            _ => self.apply_group(group)?,
        };
        conn.execute_batch("COMMIT")?;
        Ok(results)
    }

    /// Applies batches that share a transaction, each so that its failure is its own and its lane's.
    fn apply_group(&self, group: &[Batch]) -> Result<Vec<Result<(), StoreError>>, StoreError> {
        // A copy: should the transaction not survive, all are tried again as if this had never been.
        let mut lanes = self.lanes.clone();
        let apply = |batch: &Batch| {
            if let Some(error) = lanes.closed(batch.lane) {
                return Ok(Err(error.clone()));
            }
            let result = apply_apart(&self.conn, &batch.writes)?;
            lanes.note(batch.lane, &result);
            Ok(result)
        };
        group.iter().map(apply).collect()
    }

    fn move_to(&mut self, key: StoreKey, wrapped: Vec<u8>, writes: &[Write]) -> Result<(), StoreError> {
        if let Some(stopped) = &self.stopped {
            return Err(stopped.clone());
        }
        let result = fresh::move_to(self, key, wrapped, writes, &mut |_| {});
        watch_log(&self.conn);
        self.tail += writes.len();
        if result.is_ok() {
            self.lanes.kept(writes);
        }
        result.map_err(|error| if error.is_fatal() { self.stop(&error) } else { error })
    }

    /// Does what has piled up to these bounds, and reports no error: it is tried again after later commits.
    fn tidy(&mut self, tail: usize, pages: i32) {
        if self.tail >= tail
            && let Err(error) = self.complete_heads()
        {
            tracing::warn!(%error, "entries stay without heads");
        }
        if LOG_PAGES.get() >= pages {
            self.checkpoint();
        }
    }

    fn complete_heads(&mut self) -> Result<(), StoreError> {
        self.tail = 0;
        let conn = &self.conn;
        conn.execute_batch("BEGIN IMMEDIATE")
            .map_err(StoreError::from)
            .and_then(|()| head::complete(conn))
            .and_then(|()| Ok(conn.execute_batch("COMMIT")?))
            .map_err(|error| self.roll_back(error))
    }

    /// Folds the log into the database, as far as no reader still needs it.
    fn checkpoint(&mut self) {
        // Counted again from the next commit on, whether this succeeds or not.
        LOG_PAGES.set(0);
        let done = self.conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        if let Err(error) = done.map_err(StoreError::from) {
            tracing::warn!(%error, "the write-ahead log couldn't be folded in");
            if error.is_fatal() {
                self.stop(&error);
            }
        }
    }

    fn stop(&mut self, error: &StoreError) -> StoreError {
        let stopped = match error {
            StoreError::Stopped { .. } => error.clone(),
            StoreError::Damaged { .. } => error.clone().of(&self.number.database(self.folder.path())),
            error => StoreError::Stopped { why: error.to_string() },
        };
        tracing::error!(%error, "the store stops for writing");
        self.stopped.insert(stopped).clone()
    }
}

/// Adds what is waiting already. What isn't a batch, or doesn't fit any more, is handed back.
fn gather(group: &mut Vec<Batch>, jobs: &Receiver<Job>) -> Option<Job> {
    let mut bytes: usize = group.iter().map(|batch| batch.weight).sum();
    while group.len() < GROUP && bytes < GROUP_BYTES {
        match jobs.try_recv().ok()? {
            Job::Commit(batch) => {
                bytes += batch.weight;
                group.push(batch);
            }
            other => return Some(other),
        }
    }
    None
}

fn apply_all(conn: &Connection, writes: &[Write]) -> Result<(), StoreError> {
    writes.iter().try_for_each(|write| apply(conn, write))
}

/// Applies a batch so that its failure is its own; the outer error is one that the transaction didn't survive.
fn apply_apart(conn: &Connection, writes: &[Write]) -> Result<Result<(), StoreError>, StoreError> {
    conn.execute_batch("SAVEPOINT batch")?;
    let result = apply_all(conn, writes);
    if let Err(error) = &result {
        // On some errors SQLite rolls back everything by itself.
        if error.is_fatal() || conn.is_autocommit() {
            return Err(error.clone());
        }
        conn.execute_batch("ROLLBACK TO batch")?;
    }
    conn.execute_batch("RELEASE batch")?;
    Ok(result)
}

/// Counts the pages of the log after each commit, in the thread that commits.
fn watch_log(conn: &Connection) {
    LOG_PAGES.set(0);
    conn.wal_hook(Some(|_, pages| {
        LOG_PAGES.set(pages);
        Ok(())
    }));
}

#[cfg(test)]
mod tests;
