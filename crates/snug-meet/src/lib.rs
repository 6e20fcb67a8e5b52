//! How two laptops meet: the invitation link, the beacon, the proof before the first byte, and joining.
//!
//! Nothing here does I/O, reads a clock or draws a random number: time and [`Entropy`] are passed
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
//!
//! ```
//! use snug_circle::MembershipLog;
//! use snug_crypto::{DeviceSecret, SeededEntropy, random};
//! use snug_meet::*;
//! use snug_types::{Name, TransportKey, UnixMillis};
//!
//! let mut entropy = SeededEntropy::new(1); // a laptop takes its operating system's
//! let e = &mut entropy;
//! let now = UnixMillis(1_795_262_400_000);
//! let (anna, ben) = (DeviceSecret::generate(e), DeviceSecret::generate(e));
//! let (circle, _) = MembershipLog::found(&anna, e);
//!
//! // 1. Anna invites, for a week; she wants to be asked. Ben follows the link.
//! let secret = InvitationSecret::generate(e);
//! let mut invitation = Invitation::new(now.plus(7 * 86_400_000), true);
//! let link = Link::parse(&secret.link().to_string())?;
//! let (mut annas, mut bens) = (Keyring::new(), Keyring::new());
//! let (answering, joining) = (annas.insert_answering(&secret), bens.insert_joining(&link));
//!
//! // 2. Ben's laptop sends a beacon, Anna's recognises it.
//! let ip = [192, 168, 1, 20].into();
//! let reach = Reach { transport: TransportKey(random(e)), tcp: 4001, quic: 4001 };
//! let packet = beacon::build(e, now, ip, &bens, &[Hint { key: joining, reach, signer: None }])?;
//! assert_eq!(beacon::recognise(now, ip, &packet, &annas), [(answering, reach)]);
//!
//! // 3. Anna's laptop dials, and both prove that they know the invitation.
//! let ours = TransportKey(random(e));
//! let (to_ben, to_anna) = (Channel::new(ours, reach.transport)?, Channel::new(reach.transport, ours)?);
//! let (dialer, proof) = Dialer::new(e, to_ben, &annas, &[answering])?;
//! let Heard::Proven { key, answer } = Listener::new(to_anna).heard(e, &bens, &proof) else { panic!("a stranger") };
//! assert_eq!(key, joining);
//! assert_eq!(dialer.answered(&annas, &answer), Outcome::Proven { key: answering });
//!
//! // 4. Ben asks, is challenged, and accepts; Anna confirms, and the membership takes him in.
//! let (mut joiner, ask) = Joiner::new(to_anna, &link, ben.public(), Name::new("Ben")?);
//! let mut answerer = Answerer::new(to_ben, link.id(), circle.circle(), anna.public());
//! let AnswererStep::Send(challenge) = answerer.frame(e, &secret, &ask)? else { panic!("no challenge") };
//! let JoinerStep::Accept { frame, .. } = joiner.frame(&challenge, &ben)? else { panic!("not challenged") };
//! let AnswererStep::Decide(request) = answerer.frame(e, &secret, &frame)? else { panic!("not proven") };
//! assert_eq!(invitation.asked(now, *request), Decision::Wait); // stored, then:
//! assert_eq!(joiner.frame(&answerer.answer(Verdict::Waiting)?, &ben)?, JoinerStep::Waiting);
//! let request = invitation.confirm(ben.id())?;
//! let admission = circle.admit(&anna, request.admission)?;
//! invitation.admitted(ben.id())?; // stored with the admission, then:
//! let welcome = JoinerStep::Welcome { circle: circle.circle(), inviter: anna.public() };
//! assert_eq!(joiner.frame(&answerer.answer(Verdict::Welcome)?, &ben)?, welcome);
//! # assert!({ let mut circle = circle; circle.insert(admission)?; circle.current().is_current(ben.id()) });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
