//! Carries bytes between laptops. Knows transport keys and addresses; no circle, no member, no name.
//!
//! # Flow
//! ```text
//!            commands                                events (bounded in number and bytes)
//!   owner ──────────────► hub ──► slot × 8 ──► session ──────────────────────────────────► owner
//!                          │       one swarm     one per connection: frames in, frames out
//!                          └──► beacons: one datagram group, in and out
//! ```
//! [`Net::start`] opens a constant pool of listeners, each a libp2p swarm with a key of its own, made fresh. They
//! speak QUIC, and TCP with Noise and Yamux. Nothing else is spoken: no identify, no ping, no mdns. Every connection
//! carries one stream, opened by the dialer, of frames with a length before each.
//!
//! # What a stranger learns
//! The pool has one size whatever the circles. A stranger who connects hears nothing but the channel's own
//! negotiation, and is disconnected at one deadline, counted from their first packet. What they send before they have
//! proven themselves is one frame of at most 4 KiB. The names on the wire are those that libp2p prescribes, and one
//! neutral name for the stream.
//!
//! # Where it goes
//! [`Interfaces`] names the interfaces on which a laptop listens, sends beacons and dials. Sockets are bound to
//! addresses of these interfaces, never to "any" (quinn, for a moment, asks the kernel what it can do with an unconnected
//! socket bound to `[::]:0`; nothing is sent from it or received on it); a dial is made only if the route to its target starts at one of
//! them. IPv6 link-local addresses are left out: a peer couldn't name the interface on which to dial them.
//!
//! # Bounds
//! All of them are in [`bound`]. A full outgoing queue refuses the frame ([`SendError::Full`]) and says when there is
//! room; a lagging owner makes connections stop reading.

mod address;
mod beacon;
mod behaviour;
pub mod bound;
mod cadence;
mod event;
mod events;
mod frame;
mod guests;
mod handler;
mod hub;
mod interface;
mod muxer;
mod net;
mod outgoing;
mod race;
mod rate;
mod session;
mod slot;
mod transport;
mod wake;

pub use bound::Limits;
pub use event::{BeaconSource, ConnId, DialId, DialTarget, NetError, NetEvent, SendError, SlotId};
pub use events::Events;
pub use interface::Interfaces;
pub use net::{Net, NetConfig};
