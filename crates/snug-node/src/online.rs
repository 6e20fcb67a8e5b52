//! A laptop on the network: its listeners and who uses them, whom it looks for, and its connections.
//!
//! ```text
//!                        Listening            BeaconDue                   Beacon
//! pool of listeners ───▶ who is where   ───▶  hints for those missing     whose hint? ───▶ dial (expects that very key)
//!
//! Opened, dialed by us:  prove under the keys offered ───▶ answered? ───▶ a circle's session, or a joining conversation
//! Opened, dialed by them: first frame proves? ───▶ answer ───▶ the same; else silence until the network's deadline
//! ```
//!
//! Each circle, and each wish to join one, is a *tenant* with a listener of its own, so that its transport key is seen by
//! its people alone. Where there are more tenants than listeners, they take turns, and a listener that changes hands is
//! renewed. A proof under another tenant's key than the listener's own is a stranger's.

use snug_meet::{Answerer, Channel, Dialer, Joiner, KeyId, Keyring, Listener, Reach, Rotation};
use snug_net::{ConnId, DialId, Net, SlotId};
use snug_sync::SessionId;
use snug_types::{CircleId, DeviceId, InvitationId, TransportKey};
use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, SocketAddr};

/// How to be online.
#[derive(Debug, Clone)]
pub struct Online {
    /// The only interfaces that are listened on, dialed from and sent beacons through; those of the laptop's setting, if
    /// none are named here, and all where that names none either.
    pub interfaces: Option<Interfaces>,
    /// Addresses to dial beside what beacons tell.
    pub dial: Vec<SocketAddr>,
}

pub use snug_net::Interfaces;

/// How long a named address, or a laptop that a beacon told of, is left alone after a dial that came to nothing.
pub(crate) const REDIAL_MILLIS: u64 = 2_000;
/// The longest that a named address is left alone.
pub(crate) const REDIAL_LONGEST_MILLIS: u64 = 30_000;
/// Addresses given by hand.
pub(crate) const NAMED: usize = 16;
/// How long a tenant keeps its listener while others wait for one.
pub(crate) const TURN_MILLIS: u64 = 10 * 60 * 1000;
/// Bytes of frames that wait for a slow connection, beside what the network holds for it. Whoever is slower is closed, and
/// learns by a new session what it missed.
pub(crate) const BACKLOG_BYTES: usize = 16 << 20;
/// How long somebody who follows a link may take to prove their device, in milliseconds.
pub(crate) const ASKING_MILLIS: u64 = 30_000;
/// How long two laptops may have dialed each other at once, in milliseconds. Later, or to another transport key, a new
/// connection of the same laptop means that the old one is dead.
pub(crate) const CROSSING_MILLIS: u64 = 5_000;

/// Who a listener works for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tenant {
    Circle(CircleId),
    Join(InvitationId),
}

/// A listener as the network reports it.
#[derive(Debug, Clone)]
pub(crate) struct Listening {
    pub(crate) key: TransportKey,
    pub(crate) tcp: Vec<SocketAddr>,
    pub(crate) quic: Vec<SocketAddr>,
}

impl Listening {
    /// What a beacon that leaves from this address says of the listener.
    pub(crate) fn reach(&self, from: IpAddr) -> Option<Reach> {
        let port = |on: &[SocketAddr]| on.iter().find(|a| a.ip() == from).map_or(0, SocketAddr::port);
        let (tcp, quic) = (port(&self.tcp), port(&self.quic));
        (tcp != 0 || quic != 0).then_some(Reach { transport: self.key, tcp, quic })
    }
}

/// What a connection is for now.
pub(crate) enum Stage {
    /// We proved; the answer is to come.
    Proving(Dialer, Channel),
    /// They dialed; their proof is to come.
    Listening(Listener, Channel),
    /// Nothing more is read or said; the network's deadline ends it.
    Silent,
    /// A circle's session.
    Session { circle: CircleId, session: SessionId },
    /// They follow a link of ours.
    Answering(Answering),
    /// We follow a link of theirs.
    Joining(Joining),
}

/// A joining conversation about an invitation of ours.
pub(crate) struct Answering {
    pub(crate) circle: CircleId,
    pub(crate) invitation: InvitationId,
    /// Who asks, once they have proved it.
    pub(crate) device: Option<DeviceId>,
    pub(crate) answerer: Answerer,
}

/// A joining conversation about a link that we follow.
pub(crate) struct Joining {
    pub(crate) invitation: InvitationId,
    pub(crate) joiner: Joiner,
}

pub(crate) struct Connection {
    pub(crate) stage: Stage,
    pub(crate) tenant: Tenant,
    pub(crate) dialed: bool,
    /// The transport key at the other end.
    pub(crate) remote: TransportKey,
    /// When it was opened, in milliseconds.
    pub(crate) since: u64,
    /// Frames that the network had no room for, in order, and their bytes.
    pub(crate) backlog: VecDeque<Vec<u8>>,
    pub(crate) backlog_bytes: usize,
}

/// A dial under way.
pub(crate) struct Dialing {
    pub(crate) tenant: Tenant,
    pub(crate) offered: Vec<KeyId>,
}

/// An address given by hand.
pub(crate) struct Named {
    pub(crate) address: SocketAddr,
    /// When each tenant may try it next, in milliseconds, and how long it waited the last time.
    pub(crate) next: BTreeMap<Tenant, (u64, u64)>,
}

pub(crate) struct Meeting {
    pub(crate) net: Net,
    pub(crate) pool: BTreeMap<SlotId, Listening>,
    pub(crate) tenants: BTreeMap<Tenant, SlotId>,
    pub(crate) keyring: Keyring,
    pub(crate) rotation: Rotation,
    pub(crate) dials: BTreeMap<DialId, Dialing>,
    pub(crate) connections: BTreeMap<ConnId, Connection>,
    pub(crate) sessions: BTreeMap<SessionId, ConnId>,
    pub(crate) named: Vec<Named>,
    /// When a laptop that was dialed may be dialed again.
    pub(crate) rested: BTreeMap<KeyId, u64>,
    pub(crate) turn_ends: u64,
    /// Listeners that are to have a fresh key before anybody has them again, and the key that each had.
    retired: BTreeMap<SlotId, TransportKey>,
    /// Those of them that the network wasn't told of yet.
    to_renew: Vec<SlotId>,
    next_dial: u64,
}

impl Meeting {
    pub(crate) fn new(net: Net, named: Vec<SocketAddr>) -> Self {
        let named =
            named.into_iter().take(NAMED).map(|address| Named { address, next: BTreeMap::new() }).collect();
        Self {
            net,
            pool: BTreeMap::new(),
            tenants: BTreeMap::new(),
            keyring: Keyring::new(),
            rotation: Rotation::new(),
            dials: BTreeMap::new(),
            connections: BTreeMap::new(),
            sessions: BTreeMap::new(),
            named,
            rested: BTreeMap::new(),
            turn_ends: 0,
            retired: BTreeMap::new(),
            to_renew: Vec::new(),
            next_dial: 0,
        }
    }

    pub(crate) fn dial_id(&mut self) -> DialId {
        self.next_dial += 1;
        DialId(self.next_dial)
    }

    /// A listener is up, or its addresses are others.
    pub(crate) fn listening(&mut self, slot: SlotId, listening: Listening) {
        match self.retired.get(&slot) {
            // What is said of the old key comes too late.
            Some(old) if *old == listening.key => {}
            _ => {
                self.retired.remove(&slot);
                self.pool.insert(slot, listening);
            }
        }
    }

    /// Gives listeners to tenants: those who have one keep it, the others get what is free; when a turn ends and some
    /// have none, the first of the old ones make room. A listener that lost its tenant gets a fresh key before it has
    /// another one, so that no key is ever seen by the people of two.
    pub(crate) fn house(&mut self, wanted: &[Tenant], now: u64) {
        let mut left: Vec<Tenant> = self.tenants.keys().copied().filter(|t| !wanted.contains(t)).collect();
        let waiting = wanted.iter().filter(|t| !self.tenants.contains_key(t)).count();
        let housed = self.tenants.len() - left.len();
        let free = (self.pool.len() + self.retired.len()).saturating_sub(housed);
        if waiting == 0 || self.turn_ends == 0 {
            self.turn_ends = now.saturating_add(TURN_MILLIS);
        } else if waiting > free && now >= self.turn_ends {
            left.extend(self.tenants.keys().copied().filter(|t| wanted.contains(t)).take(waiting - free));
            self.turn_ends = now.saturating_add(TURN_MILLIS);
        }
        for tenant in &left {
            let Some(slot) = self.tenants.remove(tenant) else { continue };
            if let Some(listening) = self.pool.remove(&slot) {
                self.retired.insert(slot, listening.key);
                self.to_renew.push(slot);
            }
        }
        let net = &self.net;
        self.to_renew.retain(|slot| net.renew(*slot).is_err());
        let mut unused: VecDeque<SlotId> =
            self.pool.keys().filter(|slot| !self.tenants.values().any(|s| s == *slot)).copied().collect();
        // Those who just made room come last, or they would take it again.
        let (made_room, queue): (Vec<Tenant>, Vec<Tenant>) =
            wanted.iter().filter(|t| !self.tenants.contains_key(t)).partition(|t| left.contains(t));
        for tenant in queue.into_iter().chain(made_room) {
            let Some(slot) = unused.pop_front() else { break };
            self.tenants.insert(tenant, slot);
        }
    }

    pub(crate) fn tenant_of(&self, slot: SlotId) -> Option<Tenant> {
        self.tenants.iter().find(|(_, s)| **s == slot).map(|(tenant, _)| *tenant)
    }

    /// Sends, or keeps in order what the network has no room for; true if so. A connection that is hopelessly slow is
    /// closed.
    pub(crate) fn send(&mut self, conn: ConnId, frame: Vec<u8>) -> bool {
        let Some(connection) = self.connections.get_mut(&conn) else { return false };
        let kept = if connection.backlog.is_empty() {
            match self.net.send(conn, frame) {
                Err(snug_net::SendError::Full(frame)) => frame,
                Ok(()) | Err(_) => return false,
            }
        } else {
            frame
        };
        connection.backlog_bytes += kept.len();
        connection.backlog.push_back(kept);
        if connection.backlog_bytes > BACKLOG_BYTES {
            self.net.close(conn);
        }
        true
    }

    /// There is room again; true if nothing waits any more.
    pub(crate) fn writable(&mut self, conn: ConnId) -> bool {
        let Some(connection) = self.connections.get_mut(&conn) else { return false };
        while let Some(frame) = connection.backlog.pop_front() {
            let bytes = frame.len();
            if let Err(snug_net::SendError::Full(frame)) = self.net.send(conn, frame) {
                connection.backlog.push_front(frame);
                return false;
            }
            connection.backlog_bytes -= bytes;
        }
        true
    }

    /// The addresses at which a tenant is answered.
    pub(crate) fn addresses(&self, tenant: Tenant) -> Vec<SocketAddr> {
        let Some(listening) = self.tenants.get(&tenant).and_then(|slot| self.pool.get(slot)) else {
            return Vec::new();
        };
        listening.tcp.iter().chain(&listening.quic).copied().collect()
    }
}

/// The tenant that a key belongs to, `circle_of` telling the circle of an invitation of ours.
pub(crate) fn tenant_of_key(
    key: KeyId,
    circle_of: impl Fn(InvitationId) -> Option<CircleId>,
) -> Option<Tenant> {
    match key {
        KeyId::Pair { circle, .. } => Some(Tenant::Circle(circle)),
        KeyId::Answering(invitation) => circle_of(invitation).map(Tenant::Circle),
        KeyId::Joining(invitation) => Some(Tenant::Join(invitation)),
    }
}
