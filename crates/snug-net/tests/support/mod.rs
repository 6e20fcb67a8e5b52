//! Laptops on loopback, for tests.
#![allow(dead_code, unreachable_pub, reason = "every test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use snug_net::{
    ConnId, DialId, DialTarget, Events, Interfaces, Limits, Net, NetConfig, NetEvent, SendError, SlotId,
};
use snug_types::TransportKey;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

/// A test that waits this long has failed; it says so instead of hanging. No test passes by waiting.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub const LOCALHOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Which channels a dial may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Quic,
    Tcp,
    Both,
}

/// Where a slot listens.
#[derive(Clone, Debug)]
pub struct Place {
    pub key: TransportKey,
    pub tcp: Vec<SocketAddr>,
    pub quic: Vec<SocketAddr>,
}

/// An opened connection as its laptop sees it.
#[derive(Clone, Copy, Debug)]
pub struct Opened {
    pub conn: ConnId,
    pub slot: SlotId,
    pub dialed: Option<DialId>,
    pub local: TransportKey,
    pub remote: TransportKey,
    pub from: SocketAddr,
}

pub struct Laptop {
    pub net: Net,
    pub events: Events,
    pub places: BTreeMap<SlotId, Place>,
}

pub fn loopback() -> Interfaces {
    Interfaces::Only(vec!["lo".to_owned()])
}

pub fn config() -> NetConfig {
    NetConfig { pool: 2, quiet: true, ..NetConfig::new(loopback()) }
}

pub fn with_limits(change: impl FnOnce(&mut Limits)) -> NetConfig {
    let mut config = config();
    change(&mut config.limits);
    config
}

impl Laptop {
    /// A laptop whose every slot listens.
    pub async fn start(config: NetConfig) -> Self {
        let pool = config.pool;
        let (net, events) = Net::start(config);
        let mut laptop = Self { net, events, places: BTreeMap::new() };
        while laptop.places.len() < pool {
            laptop.listening().await;
        }
        laptop
    }

    /// The next event, whichever.
    pub async fn event(&mut self) -> NetEvent {
        let next = tokio::time::timeout(PATIENCE, self.events.recv()).await;
        next.expect("an event in time").expect("the network runs")
    }

    /// The next event that `pick` wants; others are passed over, but never a loss that nobody asked for.
    pub async fn until<T>(&mut self, pick: impl Fn(&NetEvent) -> Option<T>) -> T {
        loop {
            let event = self.event().await;
            if let NetEvent::Listening { slot, key, tcp, quic } = &event {
                let place = Place { key: *key, tcp: tcp.clone(), quic: quic.clone() };
                self.places.insert(*slot, place);
            }
            if let Some(found) = pick(&event) {
                return found;
            }
            assert!(
                matches!(
                    event,
                    NetEvent::Listening { .. } | NetEvent::BeaconDue { .. } | NetEvent::Beacon { .. }
                ),
                "unexpected: {event:?}"
            );
        }
    }

    pub async fn listening(&mut self) -> SlotId {
        self.until(|event| match event {
            NetEvent::Listening { slot, tcp, quic, .. } if !tcp.is_empty() && !quic.is_empty() => Some(*slot),
            _ => None,
        })
        .await
    }

    pub async fn opened(&mut self) -> Opened {
        self.until(|event| match *event {
            NetEvent::Opened { conn, slot, dialed, local, remote, from } => {
                Some(Opened { conn, slot, dialed, local, remote, from })
            }
            _ => None,
        })
        .await
    }

    pub async fn frame(&mut self, of: ConnId) -> Vec<u8> {
        self.until(|event| match event {
            NetEvent::Frame { conn, bytes } if *conn == of => Some(bytes.clone()),
            _ => None,
        })
        .await
    }

    pub async fn closed(&mut self, which: ConnId) {
        self.until(|event| matches!(event, NetEvent::Closed { conn } if *conn == which).then_some(())).await;
    }

    pub async fn dial_failed(&mut self, which: DialId) {
        self.until(|event| matches!(event, NetEvent::DialFailed { dial } if *dial == which).then_some(()))
            .await;
    }

    /// How to reach a slot of this laptop at this address.
    pub fn target(&self, slot: SlotId, ip: IpAddr, by: By) -> DialTarget {
        let place = &self.places[&slot];
        let port = |sockets: &[SocketAddr]| sockets.iter().find(|at| at.ip() == ip).unwrap().port();
        DialTarget {
            ip,
            tcp: (by != By::Quic).then(|| port(&place.tcp)),
            quic: (by != By::Tcp).then(|| port(&place.quic)),
            expected: Some(place.key),
        }
    }

    /// Dials slot 0 of another laptop from slot 0.
    pub fn dial(&self, dial: u64, other: &Self, by: By) {
        let target = other.target(SlotId(0), LOCALHOST, by);
        self.net.dial(DialId(dial), SlotId(0), target).unwrap();
    }

    /// Sends a frame as soon as there is room for it.
    pub async fn send_all(&mut self, conn: ConnId, frames: impl IntoIterator<Item = Vec<u8>>) {
        for mut frame in frames {
            while let Err(refused) = self.net.send(conn, frame) {
                let SendError::Full(again) = refused else { panic!("{refused}") };
                frame = again;
                let writable = |event: &NetEvent| {
                    matches!(event, NetEvent::Writable { conn: c } if *c == conn).then_some(())
                };
                self.until(writable).await;
            }
        }
    }
}

/// Two connected laptops; the first dialed, its first frame was read, and both sides are proven.
pub async fn proven_pair(dialer: NetConfig, listener: NetConfig, by: By) -> (Laptop, Opened, Laptop, Opened) {
    let (mut a, mut b) = (Laptop::start(dialer).await, Laptop::start(listener).await);
    let (at_a, at_b) = connect(&mut a, &mut b, 1, by).await;
    (a, at_a, b, at_b)
}

/// Connects two laptops and proves both sides.
pub async fn connect(a: &mut Laptop, b: &mut Laptop, dial: u64, by: By) -> (Opened, Opened) {
    a.dial(dial, b, by);
    let at_a = a.opened().await;
    a.net.send(at_a.conn, b"proof".to_vec()).unwrap();
    let at_b = b.opened().await;
    assert_eq!(b.frame(at_b.conn).await, b"proof");
    b.net.proven(at_b.conn);
    b.net.send(at_b.conn, b"answer".to_vec()).unwrap();
    assert_eq!(a.frame(at_a.conn).await, b"answer");
    a.net.proven(at_a.conn);
    (at_a, at_b)
}
