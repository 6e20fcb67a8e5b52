//! The state of one circle on one laptop, and its inputs and outputs at a glance. Each verb has a file of its own.

use crate::commits::Commits;
use crate::journal::Journal;
use crate::ledger::{Holding, Ledger, Scope};
use crate::output::{CloseReason, Output, ReadId, SessionId, StopReason};
use crate::session::PeerSession;
use crate::waiting::Waiting;
use snug_circle::{Entry, EntryError, Envelope, Epochs, Membership, MembershipLog};
use snug_crypto::DeviceSecret;
use snug_types::{
    CircleId, DecodeError, DeviceId, DocumentRef, EntryHash, EpochId, OpHash, Seq, UnixMillis, from_bytes,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// One circle on one laptop. Made by [`found`](Self::found), [`joining`](Self::joining) or [`restore`](Self::restore).
#[derive(Debug)]
pub struct CircleSync {
    pub(crate) circle: CircleId,
    pub(crate) secret: DeviceSecret,
    pub(crate) me: DeviceId,
    /// The latest time that the driver told.
    pub(crate) now: UnixMillis,
    pub(crate) log: MembershipLog,
    pub(crate) epochs: Epochs,
    pub(crate) journal: Journal,
    pub(crate) waiting: Waiting,
    pub(crate) ledger: Ledger,
    pub(crate) commits: Commits,
    pub(crate) sessions: BTreeMap<SessionId, PeerSession>,
    /// Which session was asked for which device's entries.
    pub(crate) asked: BTreeMap<DeviceId, SessionId>,
    /// Heads of the membership log that are durable here.
    pub(crate) durable_heads: Vec<OpHash>,
    pub(crate) own: Own,
    pub(crate) stopped: Option<StopReason>,
    pub(crate) next_read: u64,
    /// Whether this device was a current one when the durable membership was last looked at.
    pub(crate) admitted: bool,
    pub(crate) leave_told: bool,
    pub(crate) holdings_changed: bool,
    pub(crate) outputs: VecDeque<Output>,
}

/// Why a stored envelope can't be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenStoredError {
    /// It isn't an envelope.
    #[error("not an envelope: {0}")]
    Unreadable(#[from] DecodeError),
    /// The secret of its epoch isn't here.
    #[error("the secret of {0:?} isn't here")]
    NoSecret(EpochId),
    /// It doesn't open.
    #[error(transparent)]
    Entry(#[from] EntryError),
}

/// This laptop's own counters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Own {
    /// Receipt numbers below this one may have been used.
    pub(crate) receipts_reserved: u64,
    /// Another copy of this laptop has written: see [`StopReason::OwnLogElsewhere`].
    pub(crate) elsewhere: bool,
    /// Stored entries that are in no log: a commit before theirs failed. They were never acknowledged or told to anybody,
    /// and may come again, or never.
    pub(crate) strays: BTreeSet<(DeviceId, Seq, EntryHash)>,
    /// True if the store doesn't know these strays yet. What is written in their place has to say so.
    pub(crate) strays_unsaved: bool,
}

impl CircleSync {
    /// The next thing to do; none until the next input.
    pub fn poll(&mut self) -> Option<Output> {
        if self.outputs.is_empty() {
            self.issue_receipt();
            if std::mem::take(&mut self.holdings_changed) {
                self.outputs.push_back(Output::HoldingsChanged);
            }
        }
        self.outputs.pop_front()
    }

    /// Which circle this is.
    pub const fn circle(&self) -> CircleId {
        self.circle
    }

    /// This laptop's device in the circle.
    pub const fn device(&self) -> DeviceId {
        self.me
    }

    /// The membership as far as this laptop knows it.
    pub fn membership(&self) -> &Membership {
        self.log.current()
    }

    /// The membership log.
    pub const fn log(&self) -> &MembershipLog {
        &self.log
    }

    /// True while this device is a current one of the circle.
    pub fn is_member(&self) -> bool {
        self.log.current().is_current(self.me)
    }

    /// Why nothing is written here any more, if so.
    pub const fn stopped(&self) -> Option<StopReason> {
        self.stopped
    }

    /// The device at the other end of each session.
    pub fn sessions(&self) -> impl Iterator<Item = (SessionId, DeviceId)> {
        self.sessions.iter().map(|(id, session)| (*id, session.device))
    }

    /// Opens a stored envelope of this circle, for building a document from its entries.
    pub fn open(&self, envelope: &[u8]) -> Result<Entry, OpenStoredError> {
        let envelope: Envelope = from_bytes(envelope)?;
        let secret = self.epochs.secret(&envelope.epoch).ok_or(OpenStoredError::NoSecret(envelope.epoch))?;
        Ok(envelope.open(self.circle, secret)?)
    }

    /// True if this stored entry counts: it isn't beyond where its device forked or left.
    pub fn accepts(&self, device: DeviceId, seq: Seq, document: DocumentRef) -> bool {
        self.journal.accepts(device, seq, document)
    }

    /// True if this stored entry is durably in its device's log. One that a failed commit cut off isn't, and neither is one
    /// whose commit isn't confirmed: if that is remote and counts, it comes by [`Output::Apply`]. No document is built from
    /// either.
    pub fn holds(&self, device: DeviceId, seq: Seq, hash: EntryHash) -> bool {
        self.journal.chain(device).is_some_and(|chain| chain.holds(seq, hash))
    }

    /// Which laptops hold all that is durable here of the circle or of one document.
    pub fn holding(&self, scope: Scope) -> Holding {
        self.ledger.holding(scope, self)
    }

    pub(crate) fn see(&mut self, now: UnixMillis) {
        self.now = now;
    }

    pub(crate) fn out(&mut self, output: Output) {
        self.outputs.push_back(output);
    }

    /// Ends a session and forgets what it was about.
    pub(crate) fn close(&mut self, session: SessionId, reason: CloseReason) {
        if self.forget(session) {
            self.out(Output::Close { session, reason });
        }
    }

    pub(crate) fn next_read(&mut self) -> ReadId {
        self.next_read += 1;
        ReadId(self.next_read)
    }
}
