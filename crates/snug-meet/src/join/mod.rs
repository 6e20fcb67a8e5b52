//! The joining conversation, on a connection whose two ends have proved that they know the invitation's secret.
//!
//! ```text
//! joiner                                              answerer (the laptop that made the invitation)
//!   Ask { its fresh device keys }               ───▶
//!                                               ◀───  Challenge, signed by the key that the link names, for this circle,
//!                                                     inviter, invitation, device and connection
//!   checks all of that
//!   Accept { a name, the new device's signature } ─▶
//!                                                     checks it, asks the caller: what does the invitation say?
//!                                               ◀───  Waiting | Welcome | Refused
//! ```
//!
//! - The joiner believes nothing before the challenge has verified, not the circle, not a refusal, and says no name. Another
//!   holder of the link can pass the handshake, but can't sign, and can't stand in between, because the challenge names both transport
//!   keys.
//! - The answerer decides nothing before the new device key has signed: nobody learns how another's request stands.
//! - Resuming is asking again. The same device comes with the same keys, is challenged anew, and hears its present state.
//!   After `Waiting`, `Welcome` or `Refused` may follow later on the same connection.
//! - Any other frame at any other moment ends the conversation with a [`JoinError`]: close the connection.
//!
//! The invitation's secret and both ends' keys are in the types that begin the conversation; nothing is stored here. The
//! joiner stores its device keys and the link before it asks, and the answerer what [`Invitation::asked`] changed before
//! it answers.
//!
//! [`Invitation::asked`]: crate::Invitation::asked

mod answerer;
mod challenge;
mod frame;
mod joiner;
mod refusal;
mod request;

pub use answerer::{Answerer, AnswererStep, Verdict};
pub use frame::JOIN_FRAME_BYTES;
pub use joiner::{Joiner, JoinerStep};
pub use refusal::Refusal;
pub use request::Request;

use snug_crypto::WrongSigner;
use snug_types::DecodeError;

/// Why the conversation is over before it came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// A frame that isn't one of this conversation, or of a version that this app doesn't know.
    #[error("not a frame of the joining conversation: {0}")]
    Frame(#[from] DecodeError),
    /// A frame at a moment when it means nothing.
    #[error("{0} out of order")]
    OutOfOrder(&'static str),
    /// The challenge isn't signed by the key that the link names: this isn't the laptop that made the invitation.
    #[error("this laptop didn't make the invitation")]
    NotTheAnswerer,
    /// The challenge is for another device, invitation or connection.
    #[error("a challenge for another {0}")]
    OtherChallenge(&'static str),
    /// The new device didn't sign the challenge that it was given.
    #[error("the device didn't sign its challenge")]
    NotAccepted,
    /// Keys that nobody can hold alone.
    #[error("unsound device keys")]
    UnsoundKeys,
    /// The inviting device asks itself.
    #[error("a device can't follow its own invitation")]
    OwnDevice,
    /// The caller came with another device's secret than the conversation began with.
    #[error(transparent)]
    Secret(#[from] WrongSigner),
}
