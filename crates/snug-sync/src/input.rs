//! What goes in: edits, admissions, and what the store gives back at the start.

use crate::output::StopReason;
use snug_circle::ContentKind;
use snug_types::{ChangeHash, DeviceId, DocumentRef, EntryHash, Seq};

/// An edit of this laptop: the Automerge changes that its document made.
#[derive(Debug, Clone)]
pub struct Local {
    /// The document.
    pub document: DocumentRef,
    /// What kind of document it is.
    pub kind: ContentKind,
    /// Which life of this laptop's store wrote it.
    pub incarnation: u32,
    /// Which of the laptop's replicas wrote it: the core and a window never share one.
    pub replica: u8,
    /// The newest change in the payload.
    pub newest: ChangeHash,
    /// The changes, as a canonical list of raw chunks.
    pub payload: Vec<u8>,
}

/// Why an edit, an admission or a leave isn't taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocalError {
    /// This device isn't a current one: not admitted yet, or it left.
    #[error("this laptop isn't a member of the circle")]
    NotMember,
    /// The circle's log holds an operation of a kind that this version doesn't know.
    #[error("the circle uses something newer than this version")]
    Frozen,
    /// The payload is over its bound.
    #[error("{bytes} bytes in one edit, at most {bound} are allowed")]
    TooLarge {
        /// How many there are.
        bytes: usize,
        /// How many are allowed.
        bound: usize,
    },
    /// Writing has stopped.
    #[error("writing has stopped: {0}")]
    Stopped(#[from] StopReason),
    /// More commits are under way than may be: the disk doesn't keep up.
    #[error("{0} commits are under way already")]
    Busy(usize),
    /// The circle refuses it: an invalid admission, or a bound of the log is reached.
    #[error("the circle refuses it: {0}")]
    Refused(String),
}

/// What [`Row`](crate::Row)s the store gives back, for one circle.
#[derive(Debug, Clone, Default)]
pub struct Restored {
    /// Bytes of every [`Row::Op`](crate::Row::Op).
    pub ops: Vec<Vec<u8>>,
    /// Announcement and secret of every [`Row::Epoch`](crate::Row::Epoch).
    pub epochs: Vec<(Vec<u8>, Option<[u8; 32]>)>,
    /// Every [`Row::Entry`](crate::Row::Entry) without its envelope, by device and sequence number.
    pub entries: Vec<EntryRow>,
    /// Bytes of every [`Row::Receipt`](crate::Row::Receipt).
    pub receipts: Vec<Vec<u8>>,
    /// Every [`Row::Fork`](crate::Row::Fork).
    pub forks: Vec<(DeviceId, Vec<u8>)>,
    /// Bytes of [`Row::Own`](crate::Row::Own), if it was ever written.
    pub own: Option<Vec<u8>>,
}

/// What the core keeps in memory of a stored entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryRow {
    /// Whose.
    pub device: DeviceId,
    /// Its place.
    pub seq: Seq,
    /// Its hash.
    pub hash: EntryHash,
    /// Its document.
    pub document: DocumentRef,
}

/// The stored rows aren't what this circle wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// A row can't be read.
    #[error("a stored {what} can't be read: {error}")]
    Unreadable {
        /// Which kind of row.
        what: &'static str,
        /// How it can't.
        error: snug_types::DecodeError,
    },
    /// A row is missing that others build on.
    #[error("stored {0} don't fit together")]
    Gap(&'static str),
}
