//! The beacon's datagrams: one group and port for everybody, joined and sent by interface.
//!
//! For every interface and family there is one receiving socket, bound to the group's own address and joined on that
//! interface alone. Beacons go out from a socket of their own each time, bound to the source's address, so that what
//! receivers see is what they can dial, and so that no port stays the same from beacon to beacon.

use crate::bound::BEACON_BYTES;
use crate::event::{BeaconSource, NetEvent};
use crate::events::EventSender;
use crate::outgoing::lock;
use crate::rate::Sieve;
use socket2::{Domain, InterfaceIndexOrAddress, Protocol, Socket, Type};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::sync::{Arc, Mutex};
use tokio::net::UdpSocket;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// The group in IPv4: administratively scoped (RFC 2365), never routed beyond the site.
const GROUP_V4: Ipv4Addr = Ipv4Addr::new(239, 255, 77, 163);
/// The group in IPv6: link-local scope, transient (RFC 4291).
const GROUP_V6: Ipv6Addr = Ipv6Addr::new(0xff12, 0, 0, 0, 0, 0, 0x6c1d, 0x4da3);
/// The port of both.
const PORT: u16 = 41_829;
/// Beacons don't leave the link.
const HOPS: u32 = 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    V4,
    V6,
}

impl Family {
    fn of(ip: IpAddr) -> Self {
        if ip.is_ipv4() { Self::V4 } else { Self::V6 }
    }

    fn domain(self) -> Domain {
        match self {
            Self::V4 => Domain::IPV4,
            Self::V6 => Domain::IPV6,
        }
    }

    fn group(self, interface: u32) -> SocketAddr {
        match self {
            Self::V4 => (GROUP_V4, PORT).into(),
            Self::V6 => SocketAddrV6::new(GROUP_V6, PORT, 0, interface).into(),
        }
    }
}

/// All receiving sockets.
#[derive(Debug)]
pub(crate) struct Beacons {
    events: EventSender,
    sieve: Arc<Mutex<Sieve>>,
    ears: BTreeMap<(u32, Family), Ear>,
}

/// A task that receives; it ends with this.
#[derive(Debug)]
struct Ear(JoinHandle<()>);

impl Drop for Ear {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Beacons {
    pub(crate) fn new(events: EventSender) -> Self {
        let sieve = Arc::new(Mutex::new(Sieve::new(Instant::now())));
        Self { events, sieve, ears: BTreeMap::new() }
    }

    /// Receives on the interfaces of these sources and on no others. What fails is tried again at the next call.
    pub(crate) fn listen(&mut self, sources: &BTreeSet<BeaconSource>) {
        let wanted: BTreeSet<_> =
            sources.iter().map(|source| (source.interface, Family::of(source.ip))).collect();
        self.ears.retain(|place, ear| wanted.contains(place) && !ear.0.is_finished());
        for (interface, family) in wanted {
            if self.ears.contains_key(&(interface, family)) {
                continue;
            }
            match receiver(interface, family) {
                Ok(socket) => {
                    let hear = hear(socket, Arc::clone(&self.sieve), self.events.clone());
                    self.ears.insert((interface, family), Ear(tokio::spawn(hear)));
                }
                Err(error) => {
                    tracing::debug!(interface, ?family, kind = ?error.kind(), "can't receive beacons here");
                }
            }
        }
    }

    pub(crate) fn silence(&mut self) {
        self.ears.clear();
    }
}

async fn hear(socket: UdpSocket, sieve: Arc<Mutex<Sieve>>, events: EventSender) {
    // One more than a beacon has, to tell a longer one.
    let mut buffer = [0; BEACON_BYTES + 1];
    loop {
        let (bytes, from) = match socket.recv_from(&mut buffer).await {
            Ok(received) => received,
            // Windows reports what became of sent datagrams here. On all systems a lasting fault ends the socket,
            // and the next look at the interfaces opens another.
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => continue,
            Err(_) => return,
        };
        if bytes == BEACON_BYTES && lock(&sieve).passes(from.ip(), Instant::now()) {
            events.offer(NetEvent::Beacon { from, bytes: buffer[..bytes].to_vec() });
        }
    }
}

fn receiver(interface: u32, family: Family) -> io::Result<UdpSocket> {
    let socket = Socket::new(family.domain(), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    // Several instances on one machine each get their copy.
    socket.set_reuse_address(true)?;
    #[cfg(unix)]
    socket.set_reuse_port(true)?;
    match family {
        Family::V4 => {
            // Linux otherwise hands over what any socket on the machine joined, on any interface.
            #[cfg(target_os = "linux")]
            socket.set_multicast_all_v4(false)?;
            socket.bind(&bind_to(family, interface).into())?;
            socket.join_multicast_v4_n(&GROUP_V4, &InterfaceIndexOrAddress::Index(interface))?;
        }
        Family::V6 => {
            socket.set_only_v6(true)?;
            #[cfg(target_os = "linux")]
            socket.set_multicast_all_v6(false)?;
            socket.bind(&bind_to(family, interface).into())?;
            socket.join_multicast_v6(&GROUP_V6, interface)?;
        }
    }
    UdpSocket::from_std(socket.into())
}

/// The group's own address: then nothing but the group's datagrams comes.
#[cfg(not(windows))]
fn bind_to(family: Family, interface: u32) -> SocketAddr {
    family.group(interface)
}

/// Windows can't bind to a group; the membership alone decides what comes.
#[cfg(windows)]
fn bind_to(family: Family, _interface: u32) -> SocketAddr {
    match family {
        Family::V4 => (Ipv4Addr::UNSPECIFIED, PORT).into(),
        Family::V6 => (Ipv6Addr::UNSPECIFIED, PORT).into(),
    }
}

/// Sends one beacon from this address by this interface.
pub(crate) fn send(source: BeaconSource, packet: &[u8]) -> io::Result<()> {
    let family = Family::of(source.ip);
    let socket = Socket::new(family.domain(), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    if family == Family::V6 {
        socket.set_only_v6(true)?;
    }
    socket.bind(&SocketAddr::new(source.ip, 0).into())?;
    // Other instances on this machine hear it too.
    match source.ip {
        IpAddr::V4(ip) => {
            send_by_v4(&socket, ip, source.interface)?;
            socket.set_multicast_ttl_v4(HOPS)?;
            socket.set_multicast_loop_v4(true)?;
        }
        IpAddr::V6(_) => {
            socket.set_multicast_if_v6(source.interface)?;
            socket.set_multicast_hops_v6(HOPS)?;
            socket.set_multicast_loop_v6(true)?;
        }
    }
    socket.send_to(packet, &family.group(source.interface).into()).map(|_| ())
}

/// By index, because on loopback the system takes nothing else.
#[cfg(target_os = "linux")]
fn send_by_v4(socket: &Socket, _: Ipv4Addr, interface: u32) -> io::Result<()> {
    let any = Ipv4Addr::UNSPECIFIED;
    Ok(rustix::net::sockopt::set_ip_multicast_if_with_ifindex(socket, &any, &any, interface)?)
}

#[cfg(not(target_os = "linux"))]
fn send_by_v4(socket: &Socket, ip: Ipv4Addr, _: u32) -> io::Result<()> {
    socket.set_multicast_if_v4(&ip)
}
