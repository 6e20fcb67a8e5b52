//! One connection within its swarm, until its stream stands and a session takes over.
//!
//! The dialer opens the one stream; the listener accepts the first and refuses all others. When the session ends, or
//! the deadline passes before there is one, the connection is closed.

use crate::behaviour::Pool;
use crate::session::{self, Link};
use futures::future::{BoxFuture, FutureExt, Ready, ready};
use libp2p::core::upgrade::{InboundUpgrade, ReadyUpgrade, UpgradeInfo};
use libp2p::swarm::handler::{ConnectionEvent, FullyNegotiatedInbound, FullyNegotiatedOutbound};
use libp2p::swarm::{ConnectionHandler, ConnectionHandlerEvent, Stream, StreamProtocol, SubstreamProtocol};
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use tokio::sync::oneshot;

/// What the stream is called on the wire. Says nothing about what it carries.
const STREAM: StreamProtocol = StreamProtocol::new("/stream/1");

/// The connection has nothing more to do.
#[derive(Debug)]
pub(crate) struct Over;

/// What is offered to whoever opens a stream: the one, or nothing.
pub(crate) struct Offer(Option<StreamProtocol>);

impl UpgradeInfo for Offer {
    type Info = StreamProtocol;
    type InfoIter = std::option::IntoIter<StreamProtocol>;

    fn protocol_info(&self) -> Self::InfoIter {
        self.0.clone().into_iter()
    }
}

impl InboundUpgrade<Stream> for Offer {
    type Output = Stream;
    type Error = Infallible;
    type Future = Ready<Result<Stream, Infallible>>;

    fn upgrade_inbound(self, stream: Stream, _: StreamProtocol) -> Self::Future {
        ready(Ok(stream))
    }
}

pub(crate) struct Handler {
    link: Arc<Link>,
    pool: Pool,
    stage: Stage,
    /// Resolves when the connection must close.
    end: BoxFuture<'static, ()>,
}

enum Stage {
    /// We dialed, and haven't asked for the stream yet.
    Ask,
    /// The stream is being negotiated, or waited for.
    Wait,
    /// A session runs; dropping this ends it.
    Open { _channel: oneshot::Sender<()> },
    /// All is said.
    Over,
}

impl Handler {
    pub(crate) fn new(link: Arc<Link>, pool: Pool) -> Self {
        let stage = if link.dialed.is_some() { Stage::Ask } else { Stage::Wait };
        let (dismissed, deadline) = (link.ticket.dismissed(), link.ticket.deadline());
        let end = async move {
            tokio::select! {
                () = dismissed => (),
                () = tokio::time::sleep_until(deadline) => (),
            }
        };
        Self { link, pool, stage, end: end.boxed() }
    }

    fn open(&mut self, stream: Stream) {
        if !matches!(self.stage, Stage::Wait) {
            return;
        }
        let (channel, ended) = oneshot::channel();
        self.link.opened.store(true, Ordering::Relaxed);
        let Pool { connections, events, guests } = self.pool.clone();
        let limits = guests.limits().clone();
        let session =
            tokio::spawn(session::run(stream, Arc::clone(&self.link), connections, events, limits, ended));
        // However the session ended, the connection is of no more use.
        self.end = session.map(|_| ()).boxed();
        self.stage = Stage::Open { _channel: channel };
    }
}

impl ConnectionHandler for Handler {
    type FromBehaviour = Infallible;
    type ToBehaviour = Over;
    type InboundProtocol = Offer;
    type OutboundProtocol = ReadyUpgrade<StreamProtocol>;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = ();

    fn listen_protocol(&self) -> SubstreamProtocol<Self::InboundProtocol> {
        let waits = matches!(self.stage, Stage::Wait) && self.link.dialed.is_none();
        SubstreamProtocol::new(Offer(waits.then_some(STREAM)), ())
            .with_timeout(self.pool.guests.limits().proof)
    }

    fn connection_keep_alive(&self) -> bool {
        !matches!(self.stage, Stage::Over)
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<ConnectionHandlerEvent<Self::OutboundProtocol, (), Self::ToBehaviour>> {
        match self.stage {
            Stage::Over => return Poll::Pending,
            Stage::Ask => {
                self.stage = Stage::Wait;
                let protocol = SubstreamProtocol::new(ReadyUpgrade::new(STREAM), ())
                    .with_timeout(self.pool.guests.limits().proof);
                return Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest { protocol });
            }
            Stage::Wait | Stage::Open { .. } => (),
        }
        if self.end.poll_unpin(cx).is_pending() {
            return Poll::Pending;
        }
        self.stage = Stage::Over;
        Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(Over))
    }

    fn on_behaviour_event(&mut self, event: Infallible) {
        match event {}
    }

    fn on_connection_event(&mut self, event: ConnectionEvent<Self::InboundProtocol, Self::OutboundProtocol>) {
        match event {
            ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound { protocol: stream, .. })
            | ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound {
                protocol: stream, ..
            }) => self.open(stream),
            ConnectionEvent::DialUpgradeError(_) => self.end = ready(()).boxed(),
            _ => (),
        }
    }
}
