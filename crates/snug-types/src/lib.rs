//! Ids, units, bounds and the canonical encoding that every other crate speaks.
//!
//! Nothing here does I/O, reads a clock or draws a random number. The rooms:
//!
//! - [`id`]: 32- and 16-byte identifiers, each a type of its own.
//! - [`unit`]: [`UnixMillis`], [`Seq`] and their kin.
//! - [`codec`]: the one canonical encoding of everything that is hashed, signed, sealed or sent.
//! - [`bound`]: the constants that bound every input, each with its reason.
//! - [`text`]: names and titles, cleaned of what deceives the eye.

pub mod bound;
pub mod codec;
pub mod id;
pub mod text;
pub mod unit;

pub use codec::{Decode, DecodeError, Encode, Reader, Writer, from_bytes, to_bytes};
pub use id::{
    ActorId, ChangeHash, CircleId, DeviceId, DocumentId, DocumentRef, EntryHash, EpochId, Generation,
    InvitationId, MemberId, OpHash, TransportKey,
};
pub use text::{Name, TextError, Title};
pub use unit::{Seq, UnixMillis};
