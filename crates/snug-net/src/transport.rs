//! The channels of one listener: QUIC, and TCP with Noise and Yamux, on the addresses it is given.
//!
//! Two things are done here because nothing above could do them in time. Every connection that comes in is entered
//! among the [`Guests`] before a byte of it is answered, and given up when it must go, in the midst of its handshake if
//! need be. And no dial leaves from an address that isn't allowed.
//!
//! QUIC gets one endpoint per address: libp2p's dialer otherwise takes any listening socket of the family, a loopback
//! one for a peer on the LAN, or binds one to "any".

use crate::address::{self, Channel};
use crate::bound::{self, Limits};
use crate::event::SlotId;
use crate::guests::{Guests, Ticket};
use crate::interface::route_source;
use crate::muxer::Yamux;
use crate::outgoing::lock;
use futures::future::{BoxFuture, Either, FutureExt, select};
use libp2p::core::muxing::StreamMuxerBox;
use libp2p::core::transport::{Boxed, DialOpts, ListenerId, PortUse, TransportError, TransportEvent};
use libp2p::core::upgrade::Version;
use libp2p::identity::Keypair;
use libp2p::{Multiaddr, PeerId, Transport, noise, quic, tcp};
use std::io;
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

type Channels = Boxed<(PeerId, StreamMuxerBox)>;
type Upgrade = BoxFuture<'static, io::Result<(PeerId, StreamMuxerBox)>>;

/// The ticket of the connection that is just coming in, from the transport to the behaviour: the swarm asks the
/// behaviour about a connection before it asks the transport for the next.
pub(crate) type Arriving = Arc<Mutex<Option<Ticket>>>;

/// Both channels on all addresses of one listener.
pub(crate) struct Channeled {
    slot: SlotId,
    guests: Arc<Guests>,
    arriving: Arriving,
    tcp: Channels,
    tcp_sources: Vec<(ListenerId, IpAddr)>,
    quic_config: quic::Config,
    quic: Vec<Endpoint>,
}

/// QUIC on one address.
struct Endpoint {
    listener: ListenerId,
    ip: IpAddr,
    channels: Channels,
    closing: bool,
}

impl Channeled {
    pub(crate) fn new(
        key: &Keypair,
        slot: SlotId,
        guests: Arc<Guests>,
        arriving: Arriving,
    ) -> Result<Self, noise::Error> {
        let limits = guests.limits().clone();
        Ok(Self {
            slot,
            guests,
            arriving,
            tcp: tcp_channels(key, &limits)?,
            tcp_sources: Vec::new(),
            quic_config: quic_config(key, &limits),
            quic: Vec::new(),
        })
    }

    /// Enters a connection among the guests, and makes its handshake end when it must go.
    fn admit(&self, upgrade: Upgrade, from: &Multiaddr) -> Upgrade {
        let ticket = address::parse(from).and_then(|(_, socket)| self.guests.arrive(self.slot, socket.ip()));
        let dismissed = ticket.as_ref().map(Ticket::dismissed);
        *lock(&self.arriving) = ticket;
        let Some(dismissed) = dismissed else { return upgrade };
        async move {
            match select(upgrade, pin!(dismissed)).await {
                Either::Left((done, _)) => done,
                Either::Right(_) => Err(io::ErrorKind::ConnectionAborted.into()),
            }
        }
        .boxed()
    }
}

fn tcp_channels(key: &Keypair, limits: &Limits) -> Result<Channels, noise::Error> {
    Ok(tcp::tokio::Transport::new(tcp::Config::default())
        .upgrade(Version::V1Lazy)
        .authenticate(noise::Config::new(key)?)
        .multiplex(Yamux::new())
        .timeout(limits.proof)
        .boxed())
}

fn quic_config(key: &Keypair, limits: &Limits) -> quic::Config {
    let mut config = quic::Config::new(key);
    config.handshake_timeout = limits.proof;
    config.max_idle_timeout = u32::try_from(limits.silence.as_millis()).unwrap_or(u32::MAX);
    config.keep_alive_interval = limits.keepalive;
    config.max_concurrent_stream_limit = u32::try_from(bound::STREAMS).unwrap_or(u32::MAX);
    config.max_stream_data = bound::QUIC_WINDOW;
    config.max_connection_data = bound::QUIC_WINDOW;
    config
}

fn refused() -> TransportError<io::Error> {
    TransportError::Other(io::Error::from(io::ErrorKind::PermissionDenied))
}

impl Transport for Channeled {
    type Output = (PeerId, StreamMuxerBox);
    type Error = io::Error;
    type ListenerUpgrade = Upgrade;
    type Dial = Upgrade;

    fn listen_on(&mut self, id: ListenerId, at: Multiaddr) -> Result<(), TransportError<io::Error>> {
        match address::parse(&at) {
            Some((_, socket)) if socket.ip().is_unspecified() => Err(refused()),
            Some((Channel::Tcp, socket)) => {
                self.tcp.listen_on(id, at)?;
                self.tcp_sources.push((id, socket.ip()));
                Ok(())
            }
            Some((Channel::Quic, socket)) => {
                let mut channels = quic::tokio::Transport::new(self.quic_config.clone())
                    .map(|(peer, connection), _| (peer, StreamMuxerBox::new(connection)))
                    .boxed();
                channels.listen_on(id, at)?;
                self.quic.push(Endpoint { listener: id, ip: socket.ip(), channels, closing: false });
                Ok(())
            }
            None => Err(TransportError::MultiaddrNotSupported(at)),
        }
    }

    fn remove_listener(&mut self, id: ListenerId) -> bool {
        self.tcp_sources.retain(|(listener, _)| *listener != id);
        if let Some(endpoint) = self.quic.iter_mut().find(|endpoint| endpoint.listener == id) {
            endpoint.closing = true;
            return endpoint.channels.remove_listener(id);
        }
        self.tcp.remove_listener(id)
    }

    fn dial(&mut self, to: Multiaddr, mut opts: DialOpts) -> Result<Upgrade, TransportError<io::Error>> {
        let Some((channel, socket)) = address::parse(&to) else {
            return Err(TransportError::MultiaddrNotSupported(to));
        };
        let source = route_source(socket.ip()).ok_or_else(refused)?;
        match channel {
            Channel::Tcp => {
                if !self.tcp_sources.iter().any(|(_, ip)| *ip == source) {
                    return Err(refused());
                }
                // Reuse would bind to "any"; unbound, the system takes the route's own source.
                opts.port_use = PortUse::New;
                self.tcp.dial(to, opts)
            }
            Channel::Quic => {
                let endpoint = self.quic.iter_mut().find(|e| e.ip == source && !e.closing);
                // From the listening socket, which is bound to the route's source.
                opts.port_use = PortUse::Reuse;
                endpoint.ok_or_else(refused)?.channels.dial(to, opts)
            }
        }
    }

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<TransportEvent<Upgrade, io::Error>> {
        let mut ready = None;
        for endpoint in &mut self.quic {
            if let Poll::Ready(event) = Pin::new(&mut endpoint.channels).poll(cx) {
                ready = Some(event);
                break;
            }
        }
        let event = match ready {
            Some(event) => event,
            None => match Pin::new(&mut self.tcp).poll(cx) {
                Poll::Ready(event) => event,
                Poll::Pending => return Poll::Pending,
            },
        };
        Poll::Ready(match event {
            TransportEvent::Incoming { listener_id, upgrade, local_addr, send_back_addr } => {
                let upgrade = self.admit(upgrade, &send_back_addr);
                TransportEvent::Incoming { listener_id, upgrade, local_addr, send_back_addr }
            }
            TransportEvent::ListenerClosed { listener_id, reason } => {
                self.tcp_sources.retain(|(listener, _)| *listener != listener_id);
                self.quic.retain(|endpoint| endpoint.listener != listener_id);
                TransportEvent::ListenerClosed { listener_id, reason }
            }
            other => other,
        })
    }
}
