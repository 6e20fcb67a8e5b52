//! The rules of a circle: who belongs to it, under which secrets it seals, and what its entries and receipts say.
//!
//! No I/O, no clock, no randomness of its own, no Automerge. What comes from outside arrives as
//! [`Verified`](snug_crypto::Verified) statements; what is decided here is a pure function of the set of them:
//!
//! ```text
//!   membership operations ──► MembershipLog ──► Membership, now or at any heads
//!                                  │                 │
//!   epoch announcements ───────► Epochs          entry_verdict ◄── EntryHeader ◄── Envelope::open
//!     (heads, commitment)      choose, mint,                                        (EpochSecret)
//!                                 grant
//! ```
//!
//! - [`op`]: the signed, hash-linked operations, and the table of their kinds.
//! - [`membership`]: the log of them, what each view of it says, and the causal order.
//! - [`epoch`]: announcements of secrets, who gets them, which one to seal under.
//! - [`entry`]: the signed inner header, the sealing envelope, derived ids.
//! - [`verdict`]: whether an entry counts: one function for members, leavers and strangers.
//! - [`receipt`]: what a device says that it holds.
//!
//! ```
//! use snug_circle::{Acceptance, Admission, Inserted, MembershipLog};
//! use snug_crypto::{DeviceSecret, SeededEntropy, Verified, random};
//! use snug_types::InvitationId;
//!
//! let mut entropy = SeededEntropy::new(1);
//! let (anna, bela) = (DeviceSecret::generate(&mut entropy), DeviceSecret::generate(&mut entropy));
//! let (mut log, founding) = MembershipLog::found(&anna, &mut entropy);
//!
//! // Bela's new device signs a fresh challenge; Anna's laptop, which answered, admits it.
//! let acceptance = Acceptance {
//!     circle: log.circle(),
//!     invitation: InvitationId([7; 16]),
//!     inviter: anna.id(),
//!     device: bela.public(),
//!     challenge: random(&mut entropy),
//! };
//! let admission = Admission::of(&Verified::sign(acceptance, &bela)?);
//! let admit = log.admit(&anna, admission)?;
//! log.insert(admit.clone())?;
//! assert!(log.current().is_current(bela.id()));
//!
//! // Another laptop learns the same, in whatever order.
//! let mut other = MembershipLog::new(log.circle());
//! assert_eq!(other.insert(admit)?, Inserted::Waiting);
//! other.insert(founding)?;
//! assert_eq!(other.current(), log.current());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod entry;
pub mod epoch;
pub mod membership;
pub mod op;
pub mod receipt;
pub mod verdict;

pub use entry::{
    ContentKind, Entry, EntryError, EntryHeader, Envelope, actor_id, circle_page, entry_hash, member_page,
    payload_hash,
};
pub use epoch::{
    EpochAnnouncement, EpochError, EpochGrant, EpochInserted, Epochs, GrantError, MintError, SealedSecret,
    WrappedSecret, epoch_id,
};
pub use membership::{Device, Gone, Inserted, Member, Membership, MembershipLog, OpError};
pub use op::{Acceptance, Admission, Op, OpBody, Tip, member_of_first, op_hash};
pub use receipt::Receipt;
pub use verdict::{Quarantine, Reject, Verdict, entry_verdict};
