//! What waits to be sent on a connection, bounded in bytes and in frames, and what the owner says about it.
//!
//! The owner pushes and never waits; the session takes out. A refused push leaves a mark, and the session says
//! `Writable` once the queue has fallen to a half.

use crate::bound;
use crate::event::{ConnId, SendError};
use snug_types::bound::FRAME_BYTES;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, watch};

/// The queues of all open connections.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    open: Mutex<BTreeMap<ConnId, Arc<Outgoing>>>,
}

impl Connections {
    pub(crate) fn get(&self, conn: ConnId) -> Option<Arc<Outgoing>> {
        lock(&self.open).get(&conn).cloned()
    }

    pub(crate) fn insert(&self, conn: ConnId, outgoing: Arc<Outgoing>) {
        lock(&self.open).insert(conn, outgoing);
    }

    pub(crate) fn remove(&self, conn: ConnId) {
        lock(&self.open).remove(&conn);
    }
}

/// One connection's queue.
#[derive(Debug)]
pub(crate) struct Outgoing {
    /// Whether we dialed: then the proof goes out before the other side is proven.
    dialed: bool,
    queue: Mutex<Queue>,
    /// Something was pushed, or the queue was closed.
    news: Notify,
    proven: watch::Sender<bool>,
    closed: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Queue {
    frames: VecDeque<Vec<u8>>,
    bytes: usize,
    /// A push was refused; the owner waits to hear of room.
    wanted: bool,
}

/// What the session does next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Send this; and then, if `room`, tell the owner that there is room.
    Frame { bytes: Vec<u8>, room: bool },
    /// All is sent, and the owner wants the end.
    End,
}

impl Outgoing {
    pub(crate) fn new(dialed: bool) -> Self {
        Self {
            dialed,
            queue: Mutex::new(Queue::default()),
            news: Notify::new(),
            proven: watch::Sender::new(false),
            closed: watch::Sender::new(false),
        }
    }

    pub(crate) fn push(&self, frame: Vec<u8>) -> Result<(), SendError> {
        let proven = self.is_proven();
        if !proven && !self.dialed {
            return Err(SendError::Unproven);
        }
        let limit = if proven { FRAME_BYTES } else { bound::UNPROVEN_FRAME_BYTES };
        if frame.is_empty() || frame.len() > limit {
            return Err(SendError::Size { bytes: frame.len(), limit });
        }
        let mut queue = lock(&self.queue);
        if *self.closed.borrow() {
            return Err(SendError::Gone);
        }
        let bytes = queue.bytes + frame.len();
        if bytes > bound::OUTGOING_BYTES || queue.frames.len() >= bound::OUTGOING_FRAMES {
            queue.wanted = true;
            return Err(SendError::Full(frame));
        }
        queue.bytes = bytes;
        queue.frames.push_back(frame);
        drop(queue);
        self.news.notify_one();
        Ok(())
    }

    pub(crate) fn prove(&self) {
        self.proven.send_replace(true);
    }

    pub(crate) fn close(&self) {
        self.closed.send_replace(true);
        self.news.notify_one();
    }

    pub(crate) fn is_proven(&self) -> bool {
        *self.proven.borrow()
    }

    /// Resolves once the other side is proven.
    pub(crate) async fn until_proven(&self) {
        // An error would mean that the sender is gone; it lives in `self`.
        let _ = self.proven.subscribe().wait_for(|proven| *proven).await;
    }

    /// Resolves once the owner wants the end.
    pub(crate) async fn until_closed(&self) {
        // As above.
        let _ = self.closed.subscribe().wait_for(|closed| *closed).await;
    }

    /// What the session does next, when there is something.
    pub(crate) async fn next(&self) -> Next {
        loop {
            if let Some(next) = self.take() {
                return next;
            }
            self.news.notified().await;
        }
    }

    fn take(&self) -> Option<Next> {
        let mut queue = lock(&self.queue);
        if let Some(bytes) = queue.frames.pop_front() {
            queue.bytes -= bytes.len();
            let half =
                queue.bytes <= bound::OUTGOING_BYTES / 2 && queue.frames.len() <= bound::OUTGOING_FRAMES / 2;
            let room = half && std::mem::take(&mut queue.wanted);
            return Some(Next::Frame { bytes, room });
        }
        (*self.closed.borrow()).then_some(Next::End)
    }
}

/// A lock whose holder can't leave half a change behind: nothing in this crate panics while it holds one.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
