//! How two laptops meet: the invitation link, the beacon, the proof before the first byte, and joining.
//!
//! Nothing here does I/O, reads a clock or draws a random number: time and [`Entropy`](snug_crypto::Entropy) are passed
//! in, bytes come out. The way of a newcomer, room by room:
//!
//! 1. Anna makes an [`InvitationSecret`]; its [`Link`] reaches Ben by some message. It holds a secret and the key that
//!    Anna's laptop will answer with, and nothing about the circle.
//! 2. Ben's laptop sends a [`beacon`]: 1200 bytes that look random to everyone but the laptop that made the link. Anna's
//!    recognises its hint and learns which transport key listens where. Later, members find each other the same way,
//!    under keys that each pair of them shares.
//! 3. Anna's laptop dials that transport key. The dialer proves first that it knows one of its keys ([`Dialer`]); the
//!    other ([`Listener`]) answers with its own proof, or says nothing at all. A stranger who connects to a laptop with
//!    three circles sees the same as with none.
//! 4. Over that connection they hold the joining conversation ([`Joiner`], [`Answerer`]): Ben asks, Anna's laptop
//!    challenges with the key that the link names, Ben's new device key accepts, and [`Invitation`] says whether he
//!    waits, is welcome, or came too late.
//! 5. From then on it is an ordinary session of the circle, and the two find each other by the key of their pair.
//!
//! What both sides know before they meet is in the [`Keyring`]: which keys, whose, and in which role.

pub mod beacon;
pub mod handshake;
pub mod invitation;
pub mod join;
pub mod keys;
pub mod link;
pub mod rotation;

pub use beacon::{BEACON_BYTES, BeaconError, Hint, Reach, SLOTS};
pub use handshake::{Channel, Dialer, HandshakeError, Heard, Listener, Outcome};
pub use invitation::{Decision, Invitation, InvitationError};
pub use join::{Answerer, AnswererStep, JoinError, Joiner, JoinerStep, Refusal, Request, Verdict};
pub use keys::{KeyId, Keyring};
pub use link::{InvitationSecret, Link, LinkError};
pub use rotation::Rotation;

use snug_crypto::{Entropy, random};

/// Brings items into an order that only the entropy knows, so that places tell nothing.
fn shuffle<T>(items: &mut [T], e: &mut dyn Entropy) {
    items.sort_by_cached_key(|_| random::<16>(e));
}
