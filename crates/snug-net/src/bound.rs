//! Bounds of this crate, each with its reason. Those of the protocol are in [`snug_types::bound`].

use std::time::Duration;

/// Listeners of a laptop, the same with no circle as with many: their number tells nothing.
pub const POOL: usize = 8;
/// Listeners that a caller may ask for.
pub const POOL_MAX: usize = 32;
/// Bytes of a frame before the other side is proven: a proof or its answer fit, and little else.
pub const UNPROVEN_FRAME_BYTES: usize = 4 << 10;
/// Bytes of every beacon packet. One size for everybody; fits the smallest MTU that IPv6 allows.
pub const BEACON_BYTES: usize = 1200;
/// Bytes waiting to be sent on one connection: a few of the largest frames.
pub const OUTGOING_BYTES: usize = 4 << 20;
/// Frames waiting to be sent on one connection; small ones have a cost beyond their bytes.
pub const OUTGOING_FRAMES: usize = 1024;
/// Kibibytes of received frames that wait for the node, over all connections.
pub const INCOMING_KIB: u32 = 8 << 10;
/// Events waiting for the node.
pub const EVENTS: usize = 256;
/// Commands waiting for the network.
pub const COMMANDS: usize = 256;
/// Addresses that a laptop listens on; each costs two sockets per listener.
pub const ADDRESSES: usize = 8;
/// Addresses of whom the beacon's rate is watched one by one.
pub const BEACON_SOURCES: usize = 1024;
/// Streams that a connection may have open at once: ours, and what is being refused.
pub const STREAMS: usize = 4;
/// Bytes that QUIC buffers for a stream that isn't read. Enough for 100 MB/s at 10 ms.
pub const QUIC_WINDOW: u32 = 1 << 20;
/// Bytes that Yamux buffers for all streams of a connection: its own minimum for each, and room for one to grow.
pub const YAMUX_WINDOWS: usize = STREAMS * (256 << 10) + (1 << 20);
/// How often the list of interfaces and the clocks are looked at.
pub const LOOK: Duration = Duration::from_secs(3);
/// The head start of QUIC over TCP (RFC 8305 calls it the connection attempt delay).
pub const HEAD_START: Duration = Duration::from_millis(250);
/// How long a closing connection may take to send what was queued, and a network that is shut down to end.
pub const DRAIN: Duration = Duration::from_secs(2);

/// What a laptop bears, and for how long. The defaults are the product's; tests shorten times and lower numbers.
///
/// The times must be the same on every laptop, whatever its circles: a stranger sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// From the first packet or TCP accept to a proven connection; whoever hasn't proven by then is disconnected.
    pub proof: Duration,
    /// The pause after which an empty frame says that we are still here.
    pub keepalive: Duration,
    /// The silence, or the stall in taking what we send, after which a connection is closed.
    pub silence: Duration,
    /// Connections in all, both ways.
    pub connections: usize,
    /// Connections of one listener.
    pub per_slot: usize,
    /// Connections that come from one address.
    pub per_address: usize,
    /// Connections that came in and aren't proven, in all. The oldest gives way to a new one.
    pub unproven: usize,
    /// The same from one address, so that one stranger displaces only themselves.
    pub unproven_per_address: usize,
    /// Dials under way.
    pub dials: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            proof: Duration::from_secs(10),
            keepalive: Duration::from_secs(15),
            silence: Duration::from_secs(45),
            connections: 256,
            per_slot: 192,
            per_address: 192,
            unproven: 16,
            unproven_per_address: 8,
            dials: 32,
        }
    }
}
