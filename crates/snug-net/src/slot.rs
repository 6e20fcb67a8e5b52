//! One listener of the pool: a swarm with a key of its own, and the task that owns it.
//!
//! It listens on every address that the hub names, runs dials as [`Race`]s, and ends with its last sender of commands.

use crate::address::{self, Channel};
use crate::behaviour::{Behaviour, NeverOpened, Pool};
use crate::bound;
use crate::event::{DialId, DialTarget, NetEvent, SlotId};
use crate::events::NobodyListens;
use crate::race::Race;
use crate::transport::Channeled;
use futures::StreamExt;
use libp2p::Multiaddr;
use libp2p::core::transport::{ListenerId, Transport};
use libp2p::core::upgrade::Version;
use libp2p::identity::Keypair;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{self, ConnectionId, Swarm, SwarmEvent};
use snug_types::TransportKey;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until, timeout};

/// Streams that may be negotiated at once on one connection: there is only one to come.
const NEGOTIATING: usize = 2;
/// How long an ending slot takes to say goodbye.
const GOODBYE: Duration = Duration::from_millis(500);

/// What a slot is asked to do.
#[derive(Debug)]
pub(crate) struct Dial {
    pub(crate) dial: DialId,
    pub(crate) target: DialTarget,
}

/// The addresses to listen on.
pub(crate) type Wanted = watch::Receiver<Arc<BTreeSet<IpAddr>>>;

pub(crate) struct Slot {
    id: SlotId,
    key: TransportKey,
    pool: Pool,
    swarm: Swarm<Behaviour>,
    listeners: Vec<Listener>,
    races: BTreeMap<DialId, Race<ConnectionId>>,
    /// When to try again what couldn't be listened on; an address may need a moment before it can be bound.
    retry: Option<Instant>,
}

struct Listener {
    id: ListenerId,
    channel: Channel,
    ip: IpAddr,
    /// Where it listens, once it does.
    at: Option<SocketAddr>,
}

/// A slot that can't be: its channel can't be set up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SlotError {
    #[error(transparent)]
    Noise(#[from] libp2p::noise::Error),
    #[error("a fresh key isn't an Ed25519 key")]
    Key,
}

impl Slot {
    /// A slot with a fresh key, which listens nowhere yet.
    pub(crate) fn new(id: SlotId, pool: Pool) -> Result<Self, SlotError> {
        let keypair = Keypair::generate_ed25519();
        let peer = keypair.public().to_peer_id();
        let key = address::transport_key(&peer).ok_or(SlotError::Key)?;
        let arriving = Arc::new(Mutex::new(None));
        let transport = Channeled::new(&keypair, id, Arc::clone(&pool.guests), Arc::clone(&arriving))?;
        let behaviour = Behaviour::new(id, key, pool.clone(), arriving);
        let config = swarm::Config::with_tokio_executor()
            .with_max_negotiating_inbound_streams(NEGOTIATING)
            .with_substream_upgrade_protocol_override(Version::V1Lazy);
        let swarm = Swarm::new(transport.boxed(), behaviour, peer, config);
        Ok(Self { id, key, pool, swarm, listeners: Vec::new(), races: BTreeMap::new(), retry: None })
    }

    /// Runs until there is nobody to command it or to listen to it.
    pub(crate) async fn run(mut self, mut commands: mpsc::Receiver<Dial>, mut wanted: Wanted) {
        self.listen(&wanted.borrow_and_update().clone());
        let mut ended = self.tell_if_settled().await;
        while ended.is_ok() {
            let wake = self.wakes_at();
            ended = tokio::select! {
                event = self.swarm.select_next_some() => self.swarm_event(event).await,
                command = commands.recv() => match command {
                    Some(dial) => self.dial(dial).await,
                    None => break,
                },
                Ok(()) = wanted.changed() => {
                    self.listen(&wanted.borrow_and_update().clone());
                    self.tell_if_settled().await
                }
                () = sleep_until(wake) => self.tick(&wanted).await,
            };
        }
        self.say_goodbye().await;
    }

    /// Listens on what is wanted and nothing else. What can't be bound now is tried again.
    fn listen(&mut self, wanted: &BTreeSet<IpAddr>) {
        let swarm = &mut self.swarm;
        self.listeners.retain(|listener| {
            let keep = wanted.contains(&listener.ip);
            if !keep {
                swarm.remove_listener(listener.id);
            }
            keep
        });
        self.retry = None;
        for (ip, channel) in wanted.iter().flat_map(|ip| Channel::ALL.map(|channel| (*ip, channel))) {
            if self.listeners.iter().any(|listener| listener.ip == ip && listener.channel == channel) {
                continue;
            }
            if let Ok(id) = self.swarm.listen_on(channel.multiaddr(SocketAddr::new(ip, 0))) {
                self.listeners.push(Listener { id, channel, ip, at: None });
            } else {
                tracing::debug!(slot = self.id.0, ?channel, "can't listen on an address yet");
                self.retry = Some(Instant::now() + bound::LOOK);
            }
        }
    }

    async fn swarm_event(&mut self, event: SwarmEvent<NeverOpened>) -> Result<(), NobodyListens> {
        match event {
            SwarmEvent::NewListenAddr { listener_id, address } => {
                let at = address::parse(&address).map(|(_, socket)| socket);
                if let Some(listener) = self.listeners.iter_mut().find(|known| known.id == listener_id) {
                    listener.at = at;
                }
                self.tell_if_settled().await
            }
            SwarmEvent::ListenerClosed { listener_id, .. } => {
                let before = self.listeners.len();
                self.listeners.retain(|listener| listener.id != listener_id);
                if self.listeners.len() == before {
                    return Ok(());
                }
                self.retry = Some(Instant::now() + bound::LOOK);
                self.tell_if_settled().await
            }
            SwarmEvent::ConnectionEstablished { connection_id, endpoint, .. } if endpoint.is_dialer() => {
                let won = |race: &Race<ConnectionId>| race.runs(connection_id);
                self.races.retain(|_, race| !won(race));
                Ok(())
            }
            SwarmEvent::OutgoingConnectionError { connection_id, .. } => {
                let race = self.races.iter_mut().find(|(_, race)| race.runs(connection_id));
                let Some((dial, race)) = race.map(|(dial, race)| (*dial, race)) else { return Ok(()) };
                race.failed(connection_id);
                self.drive(dial).await
            }
            SwarmEvent::Behaviour(NeverOpened(dial)) => self.tell(NetEvent::DialFailed { dial }).await,
            _ => Ok(()),
        }
    }

    async fn dial(&mut self, Dial { dial, target }: Dial) -> Result<(), NobodyListens> {
        let limit = self.pool.guests.limits().dials;
        if self.races.len() >= limit || self.races.contains_key(&dial) {
            return self.tell(NetEvent::DialFailed { dial }).await;
        }
        self.races.insert(dial, Race::new(target, Instant::now()));
        self.drive(dial).await
    }

    /// Starts what is due of a dial, and tells if it is lost.
    async fn drive(&mut self, dial: DialId) -> Result<(), NobodyListens> {
        let Some(race) = self.races.get_mut(&dial) else { return Ok(()) };
        while let Some(channel) = race.due(Instant::now()) {
            let attempt = start(&mut self.swarm, race.target(), channel, dial);
            race.started(channel, attempt);
        }
        if !race.is_lost() {
            return Ok(());
        }
        self.races.remove(&dial);
        self.tell(NetEvent::DialFailed { dial }).await
    }

    fn wakes_at(&self) -> Instant {
        let races = self.races.values().filter_map(Race::wakes_at);
        // Where there is nothing to wait for, any later time does.
        races.chain(self.retry).min().unwrap_or_else(|| Instant::now() + bound::LOOK * 1000)
    }

    async fn tick(&mut self, wanted: &Wanted) -> Result<(), NobodyListens> {
        let now = Instant::now();
        if self.retry.is_some_and(|at| at <= now) {
            self.listen(&wanted.borrow().clone());
        }
        let due: Vec<_> =
            self.races.iter().filter(|(_, race)| race.due(now).is_some()).map(|(dial, _)| *dial).collect();
        for dial in due {
            self.drive(dial).await?;
        }
        Ok(())
    }

    /// Tells where this slot listens, once every listener knows its port.
    async fn tell_if_settled(&mut self) -> Result<(), NobodyListens> {
        if self.listeners.iter().any(|listener| listener.at.is_none()) {
            return Ok(());
        }
        let on = |channel| {
            let mut found: Vec<_> = self
                .listeners
                .iter()
                .filter(|listener| listener.channel == channel)
                .filter_map(|listener| listener.at)
                .collect();
            found.sort_unstable();
            found
        };
        let (tcp, quic) = (on(Channel::Tcp), on(Channel::Quic));
        tracing::info!(slot = self.id.0, tcp = tcp.len(), quic = quic.len(), "listening");
        self.tell(NetEvent::Listening { slot: self.id, key: self.key, tcp, quic }).await
    }

    async fn tell(&mut self, event: NetEvent) -> Result<(), NobodyListens> {
        self.pool.events.send(event).await
    }

    /// Closes every connection, so that peers know at once instead of after a silence.
    async fn say_goodbye(mut self) {
        for listener in std::mem::take(&mut self.listeners) {
            self.swarm.remove_listener(listener.id);
        }
        let peers: Vec<_> = self.swarm.connected_peers().copied().collect();
        for peer in peers {
            // An error means that the peer is already gone.
            let _ = self.swarm.disconnect_peer_id(peer);
        }
        let gone = async {
            while self.swarm.connected_peers().next().is_some() {
                self.swarm.select_next_some().await;
            }
        };
        // Whoever isn't gone by then is dropped with the swarm.
        let _ = timeout(GOODBYE, gone).await;
    }
}

/// Starts one attempt; none if it can't even be started.
fn start(
    swarm: &mut Swarm<Behaviour>,
    target: &DialTarget,
    channel: Channel,
    dial: DialId,
) -> Option<ConnectionId> {
    let port = match channel {
        Channel::Quic => target.quic?,
        Channel::Tcp => target.tcp?,
    };
    let opts = options(target, channel.multiaddr(SocketAddr::new(target.ip, port)))?;
    let attempt = opts.connection_id();
    swarm.behaviour_mut().attempt(attempt, dial);
    if swarm.dial(opts).is_err() {
        return None;
    }
    Some(attempt)
}

fn options(target: &DialTarget, to: Multiaddr) -> Option<DialOpts> {
    Some(match target.expected {
        None => DialOpts::unknown_peer_id().address(to).build(),
        Some(key) => DialOpts::peer_id(address::peer_id(key)?)
            .addresses(vec![to])
            .condition(PeerCondition::Always)
            .build(),
    })
}
