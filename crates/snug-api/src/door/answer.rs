//! What a door answers, through the socket and within its own program.

use super::{Door, Inner, Within};
use crate::command::{Request, Response};
use crate::error::{ApiError, ErrorCode};
use crate::event::{Event, Events, WAITING_EVENTS};
use crate::socket::Service;
use std::sync::{Arc, Weak};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, watch};

impl Service for Door {
    async fn handle(&self, request: Request) -> Result<Response, ApiError> {
        match self.desk()?.dispatch(request).await {
            // It was locked meanwhile, and what was asked wasn't begun.
            Err(error) if error.code == ErrorCode::Closing => Err(self.desk().err().unwrap_or(error)),
            answer => answer,
        }
    }

    /// What happens whenever it is open, until it is closed.
    fn follow(&self) -> Events {
        let (events, listener) = mpsc::channel(WAITING_EVENTS);
        tokio::spawn(tell(self.inner.within.subscribe(), events));
        listener
    }

    fn raise(&self) -> Result<(), ApiError> {
        match self.inner.raises.try_send(()) {
            // One that waits is enough.
            Ok(()) | Err(TrySendError::Full(())) => Ok(()),
            Err(TrySendError::Closed(())) => Err(Within::Closed.refusal()),
        }
    }
}

/// The door as its socket knows it: the socket alone keeps no door from being dropped.
#[derive(Clone)]
pub(super) struct Threshold(Weak<Inner>);

impl Threshold {
    pub(super) fn of(door: &Door) -> Self {
        Self(Arc::downgrade(&door.inner))
    }

    fn door(&self) -> Result<Door, ApiError> {
        self.0.upgrade().map(|inner| Door { inner }).ok_or_else(|| Within::Closed.refusal())
    }
}

impl Service for Threshold {
    async fn handle(&self, request: Request) -> Result<Response, ApiError> {
        self.door()?.handle(request).await
    }

    fn follow(&self) -> Events {
        match self.door() {
            Ok(door) => door.follow(),
            Err(_) => mpsc::channel(1).1,
        }
    }

    fn raise(&self) -> Result<(), ApiError> {
        self.door()?.raise()
    }
}

async fn tell(mut within: watch::Receiver<Within>, to: mpsc::Sender<Event>) {
    loop {
        let mut events = match &*within.borrow_and_update() {
            Within::Open(desk) => Some(desk.follow()),
            Within::Closed => return,
            Within::Fresh | Within::Locked | Within::Unusable(_) => None,
        };
        loop {
            tokio::select! {
                changed = within.changed() => match changed {
                    Ok(()) => break,
                    Err(_) => return,
                },
                () = to.closed() => return,
                event = next(&mut events) => match event {
                    Some(event) => if to.send(event).await.is_err() { return },
                    None => events = None,
                },
            }
        }
    }
}

async fn next(events: &mut Option<Events>) -> Option<Event> {
    match events {
        Some(events) => events.recv().await,
        None => std::future::pending().await,
    }
}
