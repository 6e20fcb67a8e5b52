//! What a swarm does with its connections: enters them, gives each its handler, and lets one connection of every dial
//! live.

use crate::address;
use crate::event::{ConnId, DialId, SlotId};
use crate::events::EventSender;
use crate::guests::{Guests, Ticket};
use crate::handler::{Handler, Over};
use crate::outgoing::{Connections, lock};
use crate::session::Link;
use crate::transport::Arriving;
use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::swarm::{
    CloseConnection, ConnectionClosed, ConnectionDenied, ConnectionId, FromSwarm, ListenFailure,
    NetworkBehaviour, THandlerInEvent, ToSwarm,
};
use libp2p::{Multiaddr, PeerId};
use snug_types::TransportKey;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

/// What all slots share.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    pub(crate) connections: Arc<Connections>,
    pub(crate) events: EventSender,
    pub(crate) guests: Arc<Guests>,
}

/// A connection that isn't wanted here. Says no more: libp2p only needs an error.
#[derive(Debug, thiserror::Error)]
#[error("not wanted")]
struct NotWanted;

/// A dialed connection ended before its stream stood.
#[derive(Debug)]
pub(crate) struct NeverOpened(pub(crate) DialId);

pub(crate) struct Behaviour {
    slot: SlotId,
    local: TransportKey,
    pool: Pool,
    arriving: Arriving,
    /// Connections that come in and whose handshake isn't done.
    handshaking: BTreeMap<ConnectionId, Ticket>,
    /// The attempts of every dial that no attempt has won yet.
    attempts: BTreeMap<ConnectionId, DialId>,
    /// Connections whose channel stands.
    standing: BTreeMap<ConnectionId, Arc<Link>>,
    /// For the swarm.
    out: VecDeque<ToSwarm<NeverOpened, THandlerInEvent<Self>>>,
}

/// The numbers of connections, one sequence for all slots and for the whole process.
static NEXT: AtomicU64 = AtomicU64::new(1);

impl Behaviour {
    pub(crate) fn new(slot: SlotId, local: TransportKey, pool: Pool, arriving: Arriving) -> Self {
        Self {
            slot,
            local,
            pool,
            arriving,
            handshaking: BTreeMap::new(),
            attempts: BTreeMap::new(),
            standing: BTreeMap::new(),
            out: VecDeque::new(),
        }
    }

    /// This connection attempt belongs to this dial.
    pub(crate) fn attempt(&mut self, connection: ConnectionId, dial: DialId) {
        self.attempts.insert(connection, dial);
    }

    /// No attempt of this dial is wanted any more.
    pub(crate) fn give_up(&mut self, dial: DialId) {
        self.attempts.retain(|_, other| *other != dial);
    }

    fn stand(
        &mut self,
        connection: ConnectionId,
        peer: &PeerId,
        at: &Multiaddr,
        dialed: Option<DialId>,
        ticket: Ticket,
    ) -> Result<Handler, ConnectionDenied> {
        let remote = address::transport_key(peer);
        let from = address::parse(at);
        let (Some(remote), Some((_, from))) = (remote, from) else {
            return Err(ConnectionDenied::new(NotWanted));
        };
        let link = Arc::new(Link {
            conn: ConnId(NEXT.fetch_add(1, Ordering::Relaxed)),
            slot: self.slot,
            dialed,
            local: self.local,
            remote,
            from,
            ticket,
            opened: false.into(),
        });
        self.standing.insert(connection, Arc::clone(&link));
        Ok(Handler::new(link, self.pool.clone()))
    }
}

impl NetworkBehaviour for Behaviour {
    type ConnectionHandler = Handler;
    type ToSwarm = NeverOpened;

    fn handle_pending_inbound_connection(
        &mut self,
        connection: ConnectionId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<(), ConnectionDenied> {
        let ticket = lock(&self.arriving).take().ok_or_else(|| ConnectionDenied::new(NotWanted))?;
        self.handshaking.insert(connection, ticket);
        Ok(())
    }

    fn handle_established_inbound_connection(
        &mut self,
        connection: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        from: &Multiaddr,
    ) -> Result<Handler, ConnectionDenied> {
        let ticket = self.handshaking.remove(&connection).ok_or_else(|| ConnectionDenied::new(NotWanted))?;
        self.stand(connection, &peer, from, None, ticket)
    }

    fn handle_established_outbound_connection(
        &mut self,
        connection: ConnectionId,
        peer: PeerId,
        at: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<Handler, ConnectionDenied> {
        // Whoever isn't listed lost the race to another attempt of the same dial.
        let dial = self.attempts.remove(&connection).ok_or_else(|| ConnectionDenied::new(NotWanted))?;
        let ip = address::parse(at).map(|(_, socket)| socket.ip());
        let ticket = ip.and_then(|ip| self.pool.guests.depart(self.slot, ip));
        let ticket = ticket.ok_or_else(|| ConnectionDenied::new(NotWanted))?;
        let handler = self.stand(connection, &peer, at, Some(dial), ticket)?;
        self.give_up(dial);
        Ok(handler)
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        match event {
            FromSwarm::ListenFailure(ListenFailure { connection_id, .. }) => {
                self.handshaking.remove(&connection_id);
            }
            FromSwarm::DialFailure(failure) => {
                self.attempts.remove(&failure.connection_id);
            }
            FromSwarm::ConnectionClosed(ConnectionClosed { connection_id, .. }) => {
                if let Some(link) = self.standing.remove(&connection_id)
                    && !link.opened.load(Ordering::Relaxed)
                    && let Some(dial) = link.dialed
                {
                    self.out.push_back(ToSwarm::GenerateEvent(NeverOpened(dial)));
                }
            }
            _ => (),
        }
    }

    fn on_connection_handler_event(&mut self, peer_id: PeerId, connection: ConnectionId, Over: Over) {
        let connection = CloseConnection::One(connection);
        self.out.push_back(ToSwarm::CloseConnection { peer_id, connection });
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<NeverOpened, THandlerInEvent<Self>>> {
        // Everything that fills the queue is done by the swarm, which polls again after it.
        self.out.pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}
