//! The way of events to the node, bounded in number and in bytes.
//!
//! A frame holds a share of one byte budget from before it enters the queue until the node takes it out. A node that
//! lags makes connections stop reading, and their peers stop sending; nothing piles up here.

use crate::bound;
use crate::event::NetEvent;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// The owner's end: take events out as they come.
#[derive(Debug)]
pub struct Events {
    queue: mpsc::Receiver<Queued>,
}

/// The network's end.
#[derive(Debug, Clone)]
pub(crate) struct EventSender {
    queue: mpsc::Sender<Queued>,
    budget: Arc<Semaphore>,
}

/// The owner is gone; there is nobody to tell.
#[derive(Debug)]
pub(crate) struct NobodyListens;

#[derive(Debug)]
struct Queued {
    event: NetEvent,
    /// Given back when the event is taken out.
    _share: Option<OwnedSemaphorePermit>,
}

/// A new way, empty.
pub(crate) fn channel() -> (EventSender, Events) {
    let (sender, queue) = mpsc::channel(bound::EVENTS);
    let budget = Arc::new(Semaphore::new(bound::INCOMING_KIB as usize));
    (EventSender { queue: sender, budget }, Events { queue })
}

impl Events {
    /// The next event; none after the network was shut down and all was told. Safe to drop before it is ready.
    pub async fn recv(&mut self) -> Option<NetEvent> {
        self.queue.recv().await.map(|queued| queued.event)
    }

    /// The next event if it is already here.
    pub fn try_recv(&mut self) -> Option<NetEvent> {
        self.queue.try_recv().ok().map(|queued| queued.event)
    }
}

impl EventSender {
    /// Tells the owner, waiting for room.
    pub(crate) async fn send(&self, event: NetEvent) -> Result<(), NobodyListens> {
        let share = match &event {
            NetEvent::Frame { bytes, .. } => Some(self.share(bytes.len()).await?),
            _ => None,
        };
        self.queue.send(Queued { event, _share: share }).await.map_err(|_| NobodyListens)
    }

    /// Tells the owner if there is room: for what comes again anyway, as beacons do.
    pub(crate) fn offer(&self, event: NetEvent) {
        if self.queue.try_send(Queued { event, _share: None }).is_err() {
            tracing::debug!("an event found no room and was dropped");
        }
    }

    /// Resolves once the owner has dropped its end.
    pub(crate) async fn nobody_listens(&self) {
        self.queue.closed().await;
    }

    async fn share(&self, bytes: usize) -> Result<OwnedSemaphorePermit, NobodyListens> {
        let kib = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX).min(bound::INCOMING_KIB);
        tokio::select! {
            share = Arc::clone(&self.budget).acquire_many_owned(kib) => share.map_err(|_| NobodyListens),
            () = self.queue.closed() => Err(NobodyListens),
        }
    }
}
