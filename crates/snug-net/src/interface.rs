//! The interfaces that a laptop uses, their addresses, and where a route starts.

use crate::bound;
use crate::event::BeaconSource;
use socket2::{Domain, Socket, Type};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{IpAddr, SocketAddr};

/// The only interfaces on which a laptop listens, sends beacons and dials.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Interfaces {
    /// All that there are, loopback included, so that two instances on one machine find each other.
    #[default]
    All,
    /// Those with exactly these names.
    Only(Vec<String>),
}

impl Interfaces {
    fn allow(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.iter().any(|allowed| allowed == name),
        }
    }

    /// The interfaces that are here now and have an address at which a peer could dial, and whether each is among these.
    ///
    /// # Errors
    /// The system doesn't tell.
    pub fn here(&self) -> io::Result<BTreeMap<String, bool>> {
        let dialable = if_addrs::get_if_addrs()?.into_iter().filter(|interface| may_listen(interface.ip()));
        Ok(dialable.map(|interface| (interface.name.clone(), self.allow(&interface.name))).collect())
    }

    /// The addresses of these interfaces now, at most [`bound::ADDRESSES`], those of the first interfaces first.
    pub(crate) fn addresses(&self) -> io::Result<BTreeSet<BeaconSource>> {
        let mut found = BTreeSet::new();
        for interface in if_addrs::get_if_addrs()? {
            let ip = interface.ip();
            if let Some(index) = interface.index
                && self.allow(&interface.name)
                && may_listen(ip)
            {
                found.insert(BeaconSource { interface: index, ip });
            }
        }
        Ok(found.into_iter().take(bound::ADDRESSES).collect())
    }
}

/// Whether a peer could dial this address: not link-local in IPv6, which says nothing without an interface.
fn may_listen(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => !v4.is_unspecified(),
        IpAddr::V6(v6) => !v6.is_unspecified() && !v6.is_unicast_link_local(),
    }
}

/// The address from which this machine would speak to `target`; none if it can't. Sends nothing: connecting a
/// datagram socket only asks the routing table.
pub(crate) fn route_source(target: IpAddr) -> Option<IpAddr> {
    if target.is_multicast() || target.is_unspecified() {
        return None;
    }
    // The discard port: any would do, as nothing is sent.
    let target = SocketAddr::new(target, 9);
    let socket = Socket::new(Domain::for_address(target), Type::DGRAM, None).ok()?;
    socket.connect(&target.into()).ok()?;
    socket.local_addr().ok()?.as_socket().map(|local| local.ip())
}
