//! The words that the network and its owner exchange.

use snug_types::TransportKey;
use std::fmt;
use std::net::{IpAddr, SocketAddr};

/// One of the pool's listeners, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotId(pub u16);

/// A connection of this launch. Never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnId(pub u64);

/// A dial, numbered by whoever asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DialId(pub u64);

/// Whom to dial. QUIC goes first where both ports are known, TCP follows 250 ms later; the first to answer stays.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DialTarget {
    /// The address. It must be reached from an address of an allowed interface, else the dial fails unsent.
    pub ip: IpAddr,
    /// The port for TCP, if it listens there.
    pub tcp: Option<u16>,
    /// The UDP port for QUIC, if it listens there.
    pub quic: Option<u16>,
    /// The only transport key that may answer; any, if none is named.
    pub expected: Option<TransportKey>,
}

/// A place to send a beacon from: an address of an interface.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BeaconSource {
    /// The interface's index, as the system numbers it.
    pub interface: u32,
    /// The address that receivers will see, and dial.
    pub ip: IpAddr,
}

/// What the network tells its owner.
#[derive(Clone, PartialEq, Eq)]
pub enum NetEvent {
    /// A listener's key and its addresses, whenever they change. Empty lists: no allowed interface has an address.
    Listening {
        /// Which listener.
        slot: SlotId,
        /// Its key, fresh for this launch and after every renewal.
        key: TransportKey,
        /// Where it listens for TCP.
        tcp: Vec<SocketAddr>,
        /// Where it listens for QUIC.
        quic: Vec<SocketAddr>,
    },
    /// A connection with its one stream. Exactly one [`NetEvent::Closed`] follows, and after that nothing of it.
    Opened {
        /// The connection.
        conn: ConnId,
        /// The listener whose key it uses.
        slot: SlotId,
        /// Which dial made it; none if the other side dialed.
        dialed: Option<DialId>,
        /// Our transport key.
        local: TransportKey,
        /// The other side's transport key, proven by the channel's handshake.
        remote: TransportKey,
        /// The other side's address.
        from: SocketAddr,
    },
    /// A frame. Before `proven`, each side reads exactly one, of at most 4 KiB.
    Frame {
        /// The connection.
        conn: ConnId,
        /// The frame, never empty.
        bytes: Vec<u8>,
    },
    /// After a send was refused as full: there is room again.
    Writable {
        /// The connection.
        conn: ConnId,
    },
    /// A connection is over, by either side's wish, silence, a deadline or a fault.
    Closed {
        /// The connection.
        conn: ConnId,
    },
    /// A dial came to nothing.
    DialFailed {
        /// The dial.
        dial: DialId,
    },
    /// Time to send one beacon from each of these sources.
    BeaconDue {
        /// Where from.
        sources: Vec<BeaconSource>,
    },
    /// A beacon-sized datagram came to the group.
    Beacon {
        /// Its sender.
        from: SocketAddr,
        /// Its [`crate::bound::BEACON_BYTES`] bytes.
        bytes: Vec<u8>,
    },
}

/// Why a frame wasn't taken. Nothing of it was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The connection is over.
    #[error("the connection is over")]
    Gone,
    /// The queue is full; here is the frame again. A [`NetEvent::Writable`] follows when there is room.
    #[error("the connection's queue is full")]
    Full(Vec<u8>),
    /// The frame is empty, or larger than the connection may carry now.
    #[error("a frame of {bytes} bytes, where 1 to {limit} are allowed")]
    Size {
        /// Its size.
        bytes: usize,
        /// The largest size allowed.
        limit: usize,
    },
    /// The other side came in and hasn't proven who it is: it hears nothing from us.
    #[error("nothing is sent to whoever hasn't proven who they are")]
    Unproven,
}

/// Why the network didn't take a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// Too many commands wait; try again later.
    #[error("the network is busy")]
    Busy,
    /// The network was shut down.
    #[error("the network was shut down")]
    Stopped,
    /// A packet that isn't of the one size that beacons have, or a laptop that keeps quiet.
    #[error("not a beacon that may be sent")]
    NotABeacon,
}

/// Addresses stay out of logs.
impl fmt::Debug for DialTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DialTarget")
            .field("tcp", &self.tcp.is_some())
            .field("quic", &self.quic.is_some())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for BeaconSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BeaconSource").field("interface", &self.interface).finish_non_exhaustive()
    }
}

impl fmt::Debug for NetEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listening { slot, tcp, quic, .. } => {
                write!(f, "Listening({slot:?}, {} TCP, {} QUIC)", tcp.len(), quic.len())
            }
            Self::Opened { conn, slot, dialed, .. } => write!(f, "Opened({conn:?}, {slot:?}, {dialed:?})"),
            Self::Frame { conn, bytes } => write!(f, "Frame({conn:?}, {} bytes)", bytes.len()),
            Self::Writable { conn } => write!(f, "Writable({conn:?})"),
            Self::Closed { conn } => write!(f, "Closed({conn:?})"),
            Self::DialFailed { dial } => write!(f, "DialFailed({dial:?})"),
            Self::BeaconDue { sources } => write!(f, "BeaconDue({} sources)", sources.len()),
            Self::Beacon { bytes, .. } => write!(f, "Beacon({} bytes)", bytes.len()),
        }
    }
}
