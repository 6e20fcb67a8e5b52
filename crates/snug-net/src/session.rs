//! One connection's life once its stream stands.
//!
//! ```text
//!   Opened ─► first frame ─► (waits) ─► proven ─► frames both ways, "still here" in pauses ─► Closed
//!                │                        │
//!                └── deadline, dismissal ─┘  end it, silently
//! ```
//! Before the other side is proven, one frame is read and no more: the rest stays in the channel's window, whatever
//! it is. So neither side can overtake the other's decision, and a stranger costs one event at most.

use crate::bound;
use crate::event::{ConnId, DialId, NetEvent, SlotId};
use crate::events::EventSender;
use crate::frame::{self, FrameError};
use crate::guests::Ticket;
use crate::outgoing::{Connections, Next, Outgoing};
use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use snug_types::TransportKey;
use snug_types::bound::FRAME_BYTES;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{sleep_until, timeout};

/// What is known of a connection when its channel stands.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) conn: ConnId,
    pub(crate) slot: SlotId,
    pub(crate) dialed: Option<DialId>,
    pub(crate) local: TransportKey,
    pub(crate) remote: TransportKey,
    pub(crate) from: SocketAddr,
    pub(crate) ticket: Ticket,
    /// A session runs: the owner hears of it, and of its end.
    pub(crate) opened: AtomicBool,
}

/// Runs a connection to its end. `channel` ends when the channel does.
pub(crate) async fn run(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin,
    link: Arc<Link>,
    connections: Arc<Connections>,
    events: EventSender,
    limits: bound::Limits,
    channel: oneshot::Receiver<()>,
) {
    let conn = link.conn;
    let outgoing = Arc::new(Outgoing::new(link.dialed.is_some()));
    connections.insert(conn, Arc::clone(&outgoing));
    if events.send(link.opened_event()).await.is_ok() {
        let (read, write) = stream.split();
        let reason = tokio::select! {
            _ = channel => "its channel ended",
            () = link.ticket.dismissed() => "it gave way to another",
            () = unproven_until_deadline(&link, &outgoing) => "it wasn't proven in time",
            end = receive(read, conn, &outgoing, &events, limits.silence) => describe(&end),
            end = send(write, conn, &outgoing, &events, &limits) => describe(&end),
            () = drained(&outgoing) => "its owner is done with it",
        };
        tracing::debug!(?conn, reason, "closed");
    }
    outgoing.close();
    connections.remove(conn);
    // Nobody listens any more: then nobody needs to hear of the end.
    let _ = events.send(NetEvent::Closed { conn }).await;
}

impl Link {
    fn opened_event(&self) -> NetEvent {
        NetEvent::Opened {
            conn: self.conn,
            slot: self.slot,
            dialed: self.dialed,
            local: self.local,
            remote: self.remote,
            from: self.from,
        }
    }
}

fn describe(end: &Result<(), FrameError>) -> &'static str {
    match end {
        Ok(()) => "nobody listens",
        Err(FrameError::TooLarge { .. }) => "a frame was too large",
        Err(FrameError::Silent) => "it fell silent",
        Err(FrameError::Stream(_)) => "its stream ended",
    }
}

/// Resolves at the deadline if the other side isn't proven by then, else never.
async fn unproven_until_deadline(link: &Link, outgoing: &Outgoing) {
    tokio::select! {
        biased;
        () = outgoing.until_proven() => {
            link.ticket.prove();
            std::future::pending::<()>().await;
        }
        () = sleep_until(link.ticket.deadline()) => (),
    }
}

async fn receive(
    mut stream: impl AsyncRead + Unpin,
    conn: ConnId,
    outgoing: &Outgoing,
    events: &EventSender,
    silence: Duration,
) -> Result<(), FrameError> {
    let first = frame::read(&mut stream, bound::UNPROVEN_FRAME_BYTES, silence).await?;
    if first.is_empty() {
        // "Still here" is for those who are known.
        return Err(FrameError::Silent);
    }
    if events.send(NetEvent::Frame { conn, bytes: first }).await.is_err() {
        return Ok(());
    }
    outgoing.until_proven().await;
    loop {
        let bytes = frame::read(&mut stream, FRAME_BYTES, silence).await?;
        // A flood of small frames mustn't keep the executor from other connections.
        tokio::task::coop::consume_budget().await;
        if !bytes.is_empty() && events.send(NetEvent::Frame { conn, bytes }).await.is_err() {
            return Ok(());
        }
    }
}

async fn send(
    mut stream: impl AsyncWrite + Unpin,
    conn: ConnId,
    outgoing: &Outgoing,
    events: &EventSender,
    limits: &bound::Limits,
) -> Result<(), FrameError> {
    loop {
        match timeout(limits.keepalive, outgoing.next()).await {
            Ok(Next::Frame { bytes, room }) => {
                frame::write(&mut stream, &bytes, limits.silence).await?;
                if room && events.send(NetEvent::Writable { conn }).await.is_err() {
                    return Ok(());
                }
            }
            Ok(Next::End) => {
                stream.close().await?;
                // Closing the channel now could overtake what it carries; the other side ends it when all was read.
                return std::future::pending().await;
            }
            Err(_) if outgoing.is_proven() => frame::write(&mut stream, &[], limits.silence).await?,
            Err(_) => (),
        }
    }
}

/// Resolves when the owner wanted the end and the time for it is over; mostly the other side ends it sooner.
async fn drained(outgoing: &Outgoing) {
    outgoing.until_closed().await;
    tokio::time::sleep(bound::DRAIN).await;
}
