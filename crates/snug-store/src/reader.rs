//! A few threads that read beside the writer, each with a connection of its own.
//!
//! Every read sees all commits that were reported before it was asked for, and one state of the store from its
//! beginning to its end.

use crate::connect;
use crate::error::StoreError;
use crate::secret::StoreKey;
use rusqlite::Connection;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::{self, JoinHandle};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// Connections for reading: one long read must not hold up the short ones.
const READERS: usize = 2;
/// Reads that may wait; whoever asks for more waits for room.
const WAITING: usize = 256;

type Job = Box<dyn FnOnce(Option<&Connection>) + Send>;

/// What a reader's thread is asked.
enum Ask {
    Read(Job, OwnedSemaphorePermit),
    /// To end.
    End,
}

/// The way to the readers.
#[derive(Debug)]
pub(crate) struct Readers {
    queue: mpsc::Sender<Ask>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    room: Arc<Semaphore>,
}

/// The readers' connections, which the writer changes when the database changes under it.
#[derive(Debug, Clone)]
pub(crate) struct Slots(Arc<[Mutex<Option<Connection>>]>);

impl Slots {
    /// Connections to this database.
    pub(crate) fn open(path: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        let conns = connections(path, key)?;
        Ok(Self(conns.into_iter().map(|conn| Mutex::new(Some(conn))).collect()))
    }

    /// Waits for the reads under way, and lets what follows read from another database; from none at the end.
    pub(crate) fn replace(&self, conns: Vec<Connection>) {
        // All of them first: otherwise an older state could be read after a newer one.
        let slots: Vec<_> = self.0.iter().map(lock).collect();
        let mut conns = conns.into_iter();
        for mut slot in slots {
            *slot = conns.next();
        }
    }
}

/// A connection for every reader.
pub(crate) fn connections(path: &Path, key: &StoreKey) -> Result<Vec<Connection>, StoreError> {
    (0..READERS).map(|_| connect::reader(path, key)).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A connection stays usable after a panic: each read is a transaction that ends with its statement.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Readers {
    /// Starts the threads.
    pub(crate) fn start(slots: &Slots) -> Result<Self, StoreError> {
        let (queue, jobs) = mpsc::channel::<Ask>();
        let jobs = Arc::new(Mutex::new(jobs));
        let mut threads = Vec::new();
        for n in 0..slots.0.len() {
            let (jobs, slots) = (Arc::clone(&jobs), slots.clone());
            let work = move || {
                loop {
                    let next = lock(&jobs).recv();
                    let Ok(Ask::Read(job, _room)) = next else { return };
                    job(lock(&slots.0[n]).as_ref());
                }
            };
            let thread = thread::Builder::new().name(format!("store-reader-{n}")).spawn(work);
            let no_thread = |error| StoreError::Stopped { why: format!("no thread for a reader: {error}") };
            threads.push(thread.map_err(no_thread)?);
        }
        Ok(Self { queue, threads: Mutex::new(threads), room: Arc::new(Semaphore::new(WAITING)) })
    }

    /// Ends the threads and waits until they are gone. What is asked later finds the store closed.
    pub(crate) fn end(&self) {
        let threads = std::mem::take(&mut *lock(&self.threads));
        // All words before the first wait: nobody knows which thread takes which.
        for _ in &threads {
            // An error means that they have all ended already.
            let _ = self.queue.send(Ask::End);
        }
        for thread in threads {
            let _ = thread.join();
        }
    }

    /// Reads on one of the threads.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let room = Arc::clone(&self.room).acquire_owned().await.map_err(|_| StoreError::closed())?;
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let result = conn.ok_or_else(StoreError::closed).and_then(|conn| {
                // Several statements of one read see one state.
                let read = conn.unchecked_transaction().map_err(StoreError::from).and_then(|t| read(&t));
                read.map_err(|error| error.of(Path::new(conn.path().unwrap_or_default())))
            });
            // Nobody waits any more: then nobody misses it.
            let _ = answer.send(result);
        });
        self.queue.send(Ask::Read(job, room)).map_err(|_| StoreError::closed())?;
        answered.await.map_err(|_| StoreError::closed())?
    }
}
