//! The rows that a store keeps, as the rooms above see them. What is in the bytes is their business.

use crate::secret::Secret;
use snug_types::{
    CircleId, DeviceId, DocumentRef, EntryHash, EpochId, InvitationId, OpHash, Seq, UnixMillis,
};

macro_rules! state {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $n:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant),*
        }

        impl $name {
            /// The number that stands for it in the database; the schema lists the same.
            pub(crate) const fn number(self) -> i64 {
                match self {
                    $(Self::$variant => $n),*
                }
            }

            pub(crate) const fn from_number(n: i64) -> Option<Self> {
                match n {
                    $($n => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

state!(
    /// Where this laptop stands in a circle.
    CircleState {
        /// Admitted, but its membership log hasn't arrived yet.
        Joining = 1,
        /// A member.
        Member = 2,
        /// Left, or removed by the others; what it had may still be read.
        Left = 3,
    }
);

/// A circle that this laptop is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CircleRow {
    /// Which.
    pub circle: CircleId,
    /// The secret of this laptop's device in it.
    pub secret: Secret,
    /// Where this laptop stands in it.
    pub state: CircleState,
    /// When it came to this laptop.
    pub created: UnixMillis,
    /// Whatever the node keeps beside it.
    pub info: Vec<u8>,
}

/// A membership operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpRow {
    /// Its hash.
    pub hash: OpHash,
    /// Its signed encoding.
    pub bytes: Vec<u8>,
}

/// An epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochRow {
    /// Which.
    pub epoch: EpochId,
    /// Its signed announcement.
    pub announcement: Vec<u8>,
    /// Its secret, once this laptop holds it.
    pub secret: Option<Secret>,
}

/// What is known of an entry without its envelope: enough to restore a log and its frontier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryHead {
    /// The device that wrote it.
    pub device: DeviceId,
    /// Its place in that device's log.
    pub seq: Seq,
    /// Its hash. Two entries of one device with one number are a fork, and both are kept.
    pub hash: EntryHash,
    /// The document that it changes.
    pub document: DocumentRef,
    /// The number of its content kind.
    pub kind: u16,
    /// When it was written, for people to read. The first that was put stays.
    pub at: UnixMillis,
    /// True if it is kept and passed on, but doesn't count.
    pub quarantined: bool,
}

/// An entry with its envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// What is known of it.
    pub head: EntryHead,
    /// The sealed bytes, as they are sent.
    pub envelope: Vec<u8>,
}

/// The place of an entry in the order in which this laptop stored them: grows within a circle, never reused in it,
/// means nothing elsewhere. Zero stands before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Position(pub u64);

/// An entry as it was read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its place in the order of storing.
    pub position: Position,
    /// The entry.
    pub entry: EntryRow,
}

/// Entries up to a limit of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPage {
    /// The entries, in the order that was asked for.
    pub entries: Vec<StoredEntry>,
    /// True if the limit cut the answer short: ask again from the last one on.
    pub more: bool,
}

/// The newest receipt, or the proof of a fork, of one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// The device that it is about.
    pub device: DeviceId,
    /// Its signed encoding.
    pub bytes: Vec<u8>,
}

/// A document's saved state, so that not all of its entries have to be applied again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotRow {
    /// The document.
    pub document: DocumentRef,
    /// Its state.
    pub bytes: Vec<u8>,
    /// Which entries that state covers, in the node's own encoding.
    pub covered: Vec<u8>,
}

/// What a list shows of a document without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryRow {
    /// The document.
    pub document: DocumentRef,
    /// The number of its content kind.
    pub kind: u16,
    /// When it was last changed.
    pub at: UnixMillis,
    /// Title and the like, in the node's own encoding.
    pub summary: Vec<u8>,
}

/// An invitation that this laptop made and answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationRow {
    /// Which.
    pub invitation: InvitationId,
    /// The circle that it leads to.
    pub circle: CircleId,
    /// Its secrets, its settings and how it stands.
    pub bytes: Secret,
}

/// A circle that this laptop asks to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingJoinRow {
    /// The invitation that it goes by.
    pub invitation: InvitationId,
    /// The link, the fresh device's secret and how far things are.
    pub bytes: Secret,
}

/// What is still to be delivered to a circle that was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// The circle.
    pub circle: CircleId,
    /// The signed leave and what is needed to deliver it.
    pub bytes: Secret,
}
