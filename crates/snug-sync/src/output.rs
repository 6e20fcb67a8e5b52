//! What a circle asks of whoever drives it: rows to persist, frames to send, entries to apply, news to tell.

use snug_circle::{ContentKind, Entry};
use snug_types::{DeviceId, DocumentRef, EntryHash, EpochId, OpHash, Seq, UnixMillis};
use std::sync::Arc;

/// One commit, from [`Output::Persist`] to [`persisted`](crate::CircleSync::persisted). They end in the order they began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// One read of stored envelopes, from [`Output::Load`] to [`loaded`](crate::CircleSync::loaded).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReadId(pub u64);

/// One proven connection to one device. Chosen by the driver and never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

/// What [`poll`](crate::CircleSync::poll) gives out, in the order in which it has to happen.
#[derive(Debug, Clone)]
pub enum Output {
    /// Write these rows in one transaction, sync the disk, then call [`persisted`](crate::CircleSync::persisted).
    Persist {
        /// What to answer with.
        ticket: Ticket,
        /// The rows, in order; each replaces what is under its key.
        rows: Vec<Row>,
    },
    /// Send this frame to this session. What it says is durable.
    Send {
        /// To whom.
        session: SessionId,
        /// The frame, at most [`FRAME_BYTES`](snug_types::bound::FRAME_BYTES).
        frame: Vec<u8>,
    },
    /// Read the envelopes of this device from `from` to `to`, both included, by sequence number, quarantined ones too.
    /// Stop once they pass `bytes`, though not between two of one number (a forked device has those), and answer with
    /// [`loaded`](crate::CircleSync::loaded).
    Load {
        /// What to answer with.
        id: ReadId,
        /// Whose log.
        device: DeviceId,
        /// The first sequence number wanted.
        from: Seq,
        /// The last sequence number wanted.
        to: Seq,
        /// How many bytes of envelopes are enough. At least one envelope is read, however big.
        bytes: usize,
    },
    /// A remote entry, verified and durable: hand its changes to its document.
    Apply {
        /// The entry.
        entry: Arc<Entry>,
    },
    /// What the ticket stood for is durable here: tell who waits for it.
    Acknowledged {
        /// As returned by [`local`](crate::CircleSync::local) and its kin.
        ticket: Ticket,
    },
    /// The durable membership is another one.
    MembershipChanged,
    /// [`holding`](crate::CircleSync::holding) may answer differently now.
    HoldingsChanged,
    /// Entries that were applied are quarantined now, or the other way round: build this document again from the
    /// stored entries that aren't quarantined.
    Rebuild {
        /// Which one.
        document: DocumentRef,
    },
    /// This device signed two entries with one number: it was cloned, or lies. Tell the members.
    Fork {
        /// Whose log it is.
        device: DeviceId,
    },
    /// The joining laptop holds its own admission, durably: it is a member now.
    Admitted,
    /// A current member holds this laptop's leave: nothing is left to deliver.
    LeaveDelivered,
    /// Nothing is written here any more until the cause is gone. Said once.
    Stopped {
        /// Why.
        reason: StopReason,
    },
    /// End this session. The core has forgotten it already.
    Close {
        /// Which one.
        session: SessionId,
        /// Why.
        reason: CloseReason,
    },
}

/// One row to keep. The driver's store carries ids and bytes and reads none of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A membership operation. Read back in any order.
    Op {
        /// Key.
        hash: OpHash,
        /// `Signed<Op>`, canonical.
        bytes: Vec<u8>,
    },
    /// An epoch, or one whose secret came later.
    Epoch {
        /// Key.
        id: EpochId,
        /// `Signed<EpochAnnouncement>`, canonical.
        announcement: Vec<u8>,
        /// Its secret where it is held. A row without one never takes the secret from a row that has it.
        secret: Option<[u8; 32]>,
    },
    /// An entry of a device's log.
    Entry {
        /// Key, with `hash`: a forked device has two of one number.
        device: DeviceId,
        /// Its place in that log.
        seq: Seq,
        /// Its hash.
        hash: EntryHash,
        /// The document that it changes.
        document: DocumentRef,
        /// What kind of document that is.
        kind: ContentKind,
        /// When it was written, for people to read: by its author's clock, but not after it came here.
        at: UnixMillis,
        /// The sealed envelope, canonical.
        envelope: Vec<u8>,
        /// True if it isn't to be applied.
        quarantined: bool,
    },
    /// An entry is taken out of what counts, or back in.
    Verdict {
        /// Whose.
        device: DeviceId,
        /// Its place.
        seq: Seq,
        /// Its hash.
        hash: EntryHash,
        /// True if it isn't to be applied any more.
        quarantined: bool,
    },
    /// The newest receipt of a device.
    Receipt {
        /// Key.
        device: DeviceId,
        /// `Signed<Receipt>`, canonical, and the time that is shown.
        bytes: Vec<u8>,
    },
    /// How a forked device's log branches.
    Fork {
        /// Key.
        device: DeviceId,
        /// Read back by [`restore`](crate::CircleSync::restore).
        bytes: Vec<u8>,
    },
    /// This laptop's own counters: one row in a circle.
    Own {
        /// Read back by [`restore`](crate::CircleSync::restore).
        bytes: Vec<u8>,
    },
}

/// Why this laptop stopped writing in a circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StopReason {
    /// A commit failed: what is in memory may be more than what the disk holds.
    #[error("the disk refused a commit")]
    Disk,
    /// Another laptop holds an entry signed by this device that isn't here: this store is a copy or an old backup.
    #[error("another copy of this laptop has written in this circle")]
    OwnLogElsewhere,
}

/// Why a session ends.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CloseReason {
    /// The device left, or was never admitted.
    #[error("the device isn't a current one of this circle")]
    NotCurrent,
    /// The frame can't be read.
    #[error("unreadable frame: {0}")]
    Malformed(#[from] snug_types::DecodeError),
    /// The frame is longer than any may be.
    #[error("a frame of {0} bytes")]
    TooLong(usize),
    /// Something readable that no honest laptop sends.
    #[error("not sent by an honest laptop: {0}")]
    Dishonest(&'static str),
    /// The core stopped; see [`Output::Stopped`].
    #[error("this laptop stopped")]
    Stopped,
    /// More sessions than a circle holds at once.
    #[error("more sessions than a circle holds at once")]
    TooManySessions,
}
