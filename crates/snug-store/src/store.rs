//! The handle that the node holds.

use crate::error::StoreError;
use crate::file::Number;
use crate::folder::Folder;
use crate::key_file::WRAPPED_BYTES;
use crate::reader::Readers;
use crate::row::{
    CircleRow, DeviceRow, EntryHead, EntryPage, EpochRow, InvitationRow, OpRow, OutboxRow, PendingJoinRow,
    Position, SnapshotRow, SummaryRow,
};
use crate::secret::StoreKey;
use crate::write::Write;
use crate::writer::{Batch, Committed, Job, Writer};
use crate::{creation, migrate, read};
use snug_types::{CircleId, DeviceId, DocumentRef, Seq};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// KiB of batches that may wait for the writer; whoever submits more waits for room. Some tens of the largest frames.
const QUEUE_KIB: usize = 64 << 10;

/// An open store. Cheap to clone; when the last clone is gone the store closes by itself, [`close`](Self::close) says
/// when that has happened. Its methods start no runtime and may be called from any.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    writer: mpsc::Sender<Job>,
    room: Arc<Semaphore>,
    readers: Readers,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Inner {
    /// Waits until the store's threads are gone.
    ///
    /// A thread that used OpenSSL gives its state back when it ends. If the program ends at that very moment, OpenSSL gives
    /// back everything from the main thread, and the two meet in the same memory: nobody may be told that the store is closed
    /// before its threads are gone.
    fn end(&self) {
        self.readers.end();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread.filter(|thread| thread.thread().id() != thread::current().id()) {
            let _ = thread.join();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // An error means that it was closed before.
        let _ = self.writer.send(Job::Close(Committed::new(|_| {})));
        self.end();
    }
}

impl Store {
    /// Makes a store in a folder that was made for it. `wrapped` is the key in the form in which it may lie on the
    /// disk. Blocks while it works. After a crash there is an empty store, or none.
    ///
    /// # Errors
    /// [`TooLarge`](StoreError::TooLarge), [`NoCipher`](StoreError::NoCipher), and those of the file system.
    pub fn create(folder: Folder, key: StoreKey, wrapped: Vec<u8>) -> Result<Self, StoreError> {
        if wrapped.len() > WRAPPED_BYTES {
            return Err(StoreError::TooLarge { what: "the wrapped key" });
        }
        let path = Number::FIRST.database(folder.path());
        creation::create(&folder, &key, wrapped, &mut |_| {})
            .and_then(|()| Writer::open(folder, Number::FIRST, key))
            .and_then(Self::start)
            .map_err(|error| error.of(&path))
    }

    /// Opens the store of a folder. Blocks while it works: after a crash that is up to the replay of a log of 16 MiB.
    ///
    /// # Errors
    /// [`WrongKey`](StoreError::WrongKey), [`Newer`](StoreError::Newer), [`Damaged`](StoreError::Damaged): these have
    /// changed nothing. [`NoCipher`](StoreError::NoCipher), and those of the file system.
    pub fn open(folder: Folder, key: StoreKey) -> Result<Self, StoreError> {
        let number = folder.key_file()?.number;
        let path = number.database(folder.path());
        Self::writer(folder, number, key).and_then(Self::start).map_err(|error| error.of(&path))
    }

    fn writer(folder: Folder, number: Number, key: StoreKey) -> Result<Writer, StoreError> {
        creation::finish(&folder, number, &key)?;
        migrate::upgrade(&folder, number, &key, migrate::STEPS)?;
        let writer = Writer::open(folder, number, key)?;
        // Only now is it known that what the key file says is so.
        writer.folder.remove_left_overs(number)?;
        Ok(writer)
    }

    fn start(writer: Writer) -> Result<Self, StoreError> {
        let readers = Readers::start(&writer.slots)?;
        let (queue, jobs) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || writer.run(&jobs))
            .map_err(|error| StoreError::Stopped { why: format!("no thread for the writer: {error}") })?;
        let room = Arc::new(Semaphore::new(QUEUE_KIB));
        let thread = Mutex::new(Some(thread));
        Ok(Self { inner: Arc::new(Inner { writer: queue, room, readers, thread }) })
    }

    /// Keeps these writes, all or none, and returns when they are durable.
    ///
    /// # Errors
    /// [`Conflict`](StoreError::Conflict), [`Unknown`](StoreError::Unknown), [`TooLarge`](StoreError::TooLarge),
    /// [`DiskFull`](StoreError::DiskFull): nothing of the batch is there. [`Stopped`](StoreError::Stopped),
    /// [`Damaged`](StoreError::Damaged): nothing is written any more.
    pub async fn commit(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        let (tell, told) = oneshot::channel();
        self.submit(writes, move |result| {
            // Nobody waits any more: then nobody misses it.
            let _ = tell.send(result);
        })
        .await?;
        told.await.map_err(|_| StoreError::closed())?
    }

    /// Queues these writes and returns; waits only while the queue is full. Batches are carried out in the order in
    /// which they were queued. `committed` is called once, on the writer's thread, with what [`commit`](Self::commit)
    /// would have returned, and must not block; if `submit` fails it is called with the same error.
    pub async fn submit(
        &self,
        writes: Vec<Write>,
        committed: impl FnOnce(Result<(), StoreError>) + Send + 'static,
    ) -> Result<(), StoreError> {
        self.queue(None, writes, Committed::new(committed)).await
    }

    /// Like [`submit`](Self::submit), for batches that build on each other: once one of them has failed, those behind
    /// it in the same lane fail too and are not tried, until [`reopen`](Self::reopen). So what the disk holds of a lane
    /// has no gap, though a full disk might have had room for the next small batch.
    ///
    /// They are told what the first was told if that is [`DiskFull`](StoreError::DiskFull) or
    /// [`Stopped`](StoreError::Stopped), and [`AfterFailure`](StoreError::AfterFailure) otherwise. A lane has the name of
    /// the circle whose rows are in it; batches without a lane aren't held up by it, nor do they close it.
    pub async fn submit_in(
        &self,
        lane: CircleId,
        writes: Vec<Write>,
        committed: impl FnOnce(Result<(), StoreError>) + Send + 'static,
    ) -> Result<(), StoreError> {
        self.queue(Some(lane), writes, Committed::new(committed)).await
    }

    /// Lets a lane be tried again. To be called by whoever fills it, after beginning again from what the disk holds.
    /// Queued like a batch: those queued before it still fail, those behind it are tried. A lane that is open stays so;
    /// forgetting the circle reopens its lane, too.
    ///
    /// # Errors
    /// [`Stopped`](StoreError::Stopped).
    pub fn reopen(&self, lane: CircleId) -> Result<(), StoreError> {
        self.send(Job::Reopen(lane))
    }

    async fn queue(
        &self,
        lane: Option<CircleId>,
        writes: Vec<Write>,
        committed: Committed,
    ) -> Result<(), StoreError> {
        let weight = writes.iter().map(Write::weight).sum();
        let room = self.room(weight).await?;
        self.send(Job::Commit(Batch { lane, writes, weight, committed, _room: room }))
    }

    /// Moves the store to a fresh database under a fresh key, carries out `writes` in it, and deletes the old one. What
    /// the writes forget isn't even copied. This is how a circle is left: the old key's wrapping is gone, and nothing
    /// of the circle is readable in what the disk may still hold.
    ///
    /// Whatever happens, a crash included, the folder holds one database with the key that opens it, either the old
    /// one without the writes or the new one with them.
    ///
    /// # Errors
    /// As of [`commit`](Self::commit).
    pub async fn move_to_fresh_key(
        &self,
        key: StoreKey,
        wrapped: Vec<u8>,
        writes: Vec<Write>,
    ) -> Result<(), StoreError> {
        let (tell, told) = oneshot::channel();
        let committed = Committed::new(move |result| {
            let _ = tell.send(result);
        });
        self.send(Job::Move { key, wrapped, writes, committed })?;
        told.await.map_err(|_| StoreError::closed())?
    }

    /// Finishes what was submitted, closes all files and frees the folder. Other handles find the store stopped.
    pub async fn close(self) {
        let (tell, told) = oneshot::channel();
        let closed = Committed::new(move |result| {
            let _ = tell.send(result);
        });
        if self.send(Job::Close(closed)).is_ok() {
            // An error here means that it was closed before.
            let _ = told.await;
        }
        let (tell, gone) = oneshot::channel();
        let inner = Arc::clone(&self.inner);
        // A thread that never touches the database waits for those that did.
        let waiter = thread::Builder::new().name("store-closer".to_owned()).spawn(move || {
            inner.end();
            drop(inner);
            let _ = tell.send(());
        });
        if waiter.is_ok() {
            let _ = gone.await;
        }
    }

    async fn room(&self, bytes: usize) -> Result<OwnedSemaphorePermit, StoreError> {
        // A batch larger than the whole queue takes all of it.
        let kib = u32::try_from((bytes / 1024 + 1).min(QUEUE_KIB)).unwrap_or(1);
        Arc::clone(&self.inner.room).acquire_many_owned(kib).await.map_err(|_| StoreError::closed())
    }

    fn send(&self, job: Job) -> Result<(), StoreError> {
        self.inner.writer.send(job).map_err(|_| StoreError::closed())
    }
}

/// Reads. Each is answered from one state of the store that holds all commits reported before.
///
/// Their errors are [`Stopped`](StoreError::Stopped) after closing, and [`Damaged`](StoreError::Damaged).
impl Store {
    /// The value of a setting.
    pub async fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let name = name.to_owned();
        self.inner.readers.read(move |conn| read::setting(conn, &name)).await
    }

    /// The circles of this laptop, the oldest first.
    pub async fn circles(&self) -> Result<Vec<CircleRow>, StoreError> {
        self.inner.readers.read(read::circles).await
    }

    /// The membership log of a circle, in the order in which it was put.
    pub async fn ops(&self, circle: CircleId) -> Result<Vec<OpRow>, StoreError> {
        self.inner.readers.read(move |conn| read::ops(conn, circle)).await
    }

    /// The epochs of a circle, by id.
    pub async fn epochs(&self, circle: CircleId) -> Result<Vec<EpochRow>, StoreError> {
        self.inner.readers.read(move |conn| read::epochs(conn, circle)).await
    }

    /// All entries of a circle without their envelopes, by device, number and hash.
    pub async fn entry_heads(&self, circle: CircleId) -> Result<Vec<EntryHead>, StoreError> {
        self.inner.readers.read(move |conn| read::entry_heads(conn, circle)).await
    }

    /// The entries of one device numbered `from` to `to`, both included, by number and hash, up to about `limit`
    /// bytes of envelopes; at least one, and both sides of a fork together. To go on, ask from the number after the
    /// last.
    pub async fn entries(
        &self,
        circle: CircleId,
        device: DeviceId,
        from: Seq,
        to: Seq,
        limit: usize,
    ) -> Result<EntryPage, StoreError> {
        self.inner.readers.read(move |conn| read::entries(conn, circle, device, from, to, limit)).await
    }

    /// The entries of one document that were stored after `after`, in the order of storing, up to about `limit` bytes
    /// of envelopes; at least one. To go on, ask after the last one's position.
    pub async fn entries_of_document(
        &self,
        circle: CircleId,
        document: DocumentRef,
        after: Position,
        limit: usize,
    ) -> Result<EntryPage, StoreError> {
        self.inner
            .readers
            .read(move |conn| read::entries_of_document(conn, circle, document, after, limit))
            .await
    }

    /// The newest receipt of each device, by device.
    pub async fn receipts(&self, circle: CircleId) -> Result<Vec<DeviceRow>, StoreError> {
        self.inner.readers.read(move |conn| read::receipts(conn, circle)).await
    }

    /// Proofs of forks, by device.
    pub async fn forks(&self, circle: CircleId) -> Result<Vec<DeviceRow>, StoreError> {
        self.inner.readers.read(move |conn| read::forks(conn, circle)).await
    }

    /// This laptop's own counters in a circle.
    pub async fn own(&self, circle: CircleId) -> Result<BTreeMap<String, Vec<u8>>, StoreError> {
        self.inner.readers.read(move |conn| read::own(conn, circle)).await
    }

    /// A document's saved state.
    pub async fn snapshot(
        &self,
        circle: CircleId,
        document: DocumentRef,
    ) -> Result<Option<SnapshotRow>, StoreError> {
        self.inner.readers.read(move |conn| read::snapshot(conn, circle, document)).await
    }

    /// What lists show of a circle's documents, by document.
    pub async fn summaries(&self, circle: CircleId) -> Result<Vec<SummaryRow>, StoreError> {
        self.inner.readers.read(move |conn| read::summaries(conn, circle)).await
    }

    /// The invitations of this laptop, by circle and id.
    pub async fn invitations(&self) -> Result<Vec<InvitationRow>, StoreError> {
        self.inner.readers.read(read::invitations).await
    }

    /// The circles that this laptop asks to join, by invitation.
    pub async fn pending_joins(&self) -> Result<Vec<PendingJoinRow>, StoreError> {
        self.inner.readers.read(read::pending_joins).await
    }

    /// What is still to be delivered to circles that were left, by circle.
    pub async fn outboxes(&self) -> Result<Vec<OutboxRow>, StoreError> {
        self.inner.readers.read(read::outboxes).await
    }
}
