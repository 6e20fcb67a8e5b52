//! Between socket addresses and multiaddresses, and between peer ids and transport keys.

use libp2p::identity::PublicKey;
use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, PeerId};
use snug_types::TransportKey;
use std::net::{IpAddr, SocketAddr};

/// How a listener is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Channel {
    /// QUIC version 1 over UDP.
    Quic,
    /// TCP, then Noise, then Yamux.
    Tcp,
}

impl Channel {
    pub(crate) const ALL: [Self; 2] = [Self::Quic, Self::Tcp];

    /// The multiaddress of this channel at `socket`.
    pub(crate) fn multiaddr(self, socket: SocketAddr) -> Multiaddr {
        let ip = Multiaddr::from(socket.ip());
        match self {
            Self::Quic => ip.with(Protocol::Udp(socket.port())).with(Protocol::QuicV1),
            Self::Tcp => ip.with(Protocol::Tcp(socket.port())),
        }
    }
}

/// The channel and the socket address that a multiaddress names, if it is one of ours. A peer id after it is passed over.
pub(crate) fn parse(address: &Multiaddr) -> Option<(Channel, SocketAddr)> {
    let mut parts = address.iter();
    let ip: IpAddr = match parts.next()? {
        Protocol::Ip4(ip) => ip.into(),
        Protocol::Ip6(ip) => ip.into(),
        _ => return None,
    };
    let (channel, port) = match parts.next()? {
        Protocol::Tcp(port) => (Channel::Tcp, port),
        Protocol::Udp(port) => (parts.next()? == Protocol::QuicV1).then_some((Channel::Quic, port))?,
        _ => return None,
    };
    matches!(parts.next(), None | Some(Protocol::P2p(_))).then_some((channel, SocketAddr::new(ip, port)))
}

/// The multihash code of bytes that stand for themselves: small public keys are in the peer id whole.
const IDENTITY: u64 = 0;

/// The Ed25519 key within a peer id; none for other kinds of keys.
pub(crate) fn transport_key(peer: &PeerId) -> Option<TransportKey> {
    let hash = peer.as_ref();
    if hash.code() != IDENTITY {
        return None;
    }
    let key = PublicKey::try_decode_protobuf(hash.digest()).ok()?.try_into_ed25519().ok()?;
    Some(TransportKey(key.to_bytes()))
}

/// The peer id of a transport key; none if the bytes are no Ed25519 key.
pub(crate) fn peer_id(key: TransportKey) -> Option<PeerId> {
    let key = libp2p::identity::ed25519::PublicKey::try_from_bytes(&key.0).ok()?;
    Some(PublicKey::from(key).to_peer_id())
}

#[cfg(test)]
mod tests {
    use super::*;
    use libp2p::identity::Keypair;

    #[test]
    fn addresses_come_back_as_they_went() {
        for socket in ["10.0.0.1:7", "[fd00::1]:65535"] {
            let socket = socket.parse().unwrap();
            for channel in Channel::ALL {
                let address = channel.multiaddr(socket);
                assert_eq!(parse(&address), Some((channel, socket)));
                let peer = Keypair::generate_ed25519().public().to_peer_id();
                assert_eq!(parse(&address.with(Protocol::P2p(peer))), Some((channel, socket)));
            }
        }
    }

    #[test]
    fn foreign_addresses_are_not_ours() {
        for foreign in
            ["/dns4/example.org/tcp/1", "/ip4/10.0.0.1/udp/1", "/ip4/10.0.0.1/tcp/1/ws", "/ip4/10.0.0.1"]
        {
            assert_eq!(parse(&foreign.parse().unwrap()), None, "{foreign}");
        }
    }

    #[test]
    fn a_peer_id_holds_its_key() {
        let key = Keypair::generate_ed25519().public();
        let found = transport_key(&key.to_peer_id()).unwrap();
        assert_eq!(found.0, key.clone().try_into_ed25519().unwrap().to_bytes());
        assert_eq!(peer_id(found), Some(key.to_peer_id()));
    }
}
