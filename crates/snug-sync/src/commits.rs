//! What is on its way to the disk. Commits end in the order in which they began: a confirmation that comes early waits
//! for those before it.

use crate::output::{Row, SessionId, Ticket};
use snug_circle::Entry;
use snug_types::{DeviceId, DocumentRef, EntryHash, EpochId, OpHash};
use std::collections::VecDeque;
use std::sync::Arc;

/// A verified entry of a commit.
#[derive(Debug)]
pub(crate) struct Staged {
    pub(crate) entry: Arc<Entry>,
    pub(crate) hash: EntryHash,
    /// The frame that pushes it on, where somebody may want it.
    pub(crate) push: Option<Vec<u8>>,
    /// False if it says something that only a later version understands.
    pub(crate) counts: bool,
}

/// One commit, and what follows from it.
#[derive(Debug, Default)]
pub(crate) struct Commit {
    /// The session that it came from; none for what was done here.
    pub(crate) from: Option<SessionId>,
    pub(crate) entries: Vec<Staged>,
    pub(crate) ops: Vec<OpHash>,
    pub(crate) epochs: Vec<EpochId>,
    /// Heads of the membership log with this commit.
    pub(crate) heads: Option<Vec<OpHash>>,
    /// Documents to build again.
    pub(crate) rebuild: Vec<DocumentRef>,
    /// Devices seen to have forked.
    pub(crate) forks: Vec<DeviceId>,
    /// Receipt numbers reserved with this commit.
    pub(crate) reserved: Option<u64>,
    /// True if it tells the store of strays.
    pub(crate) strays: bool,
    /// The rows, until they are handed out.
    pub(crate) rows: Vec<Row>,
    pub(crate) bytes: usize,
}

#[derive(Debug)]
struct UnderWay {
    ticket: Ticket,
    done: bool,
    commit: Commit,
}

/// All commits under way.
#[derive(Debug, Default)]
pub(crate) struct Commits {
    last: u64,
    queue: VecDeque<UnderWay>,
    bytes: usize,
}

impl Commits {
    /// How many are under way.
    pub(crate) fn len(&self) -> usize {
        self.queue.len()
    }

    /// Bytes of entries that are under way.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Begins a commit and gives its rows away.
    pub(crate) fn begin(&mut self, mut commit: Commit) -> (Ticket, Vec<Row>) {
        self.last += 1;
        let ticket = Ticket(self.last);
        let rows = std::mem::take(&mut commit.rows);
        self.bytes += commit.bytes;
        self.queue.push_back(UnderWay { ticket, done: false, commit });
        (ticket, rows)
    }

    /// Marks a commit as durable.
    pub(crate) fn done(&mut self, ticket: Ticket) {
        if let Some(found) = self.queue.iter_mut().find(|c| c.ticket == ticket) {
            found.done = true;
        }
    }

    /// The oldest commit, if it is durable.
    pub(crate) fn pop_done(&mut self) -> Option<(Ticket, Commit)> {
        let next = self.queue.pop_front_if(|c| c.done)?;
        self.bytes = self.bytes.saturating_sub(next.commit.bytes);
        Some((next.ticket, next.commit))
    }

    /// Membership operations that aren't durable yet.
    pub(crate) fn has_op(&self, op: &OpHash) -> bool {
        self.queue.iter().any(|c| c.commit.ops.contains(op))
    }

    /// True if there are membership operations that aren't durable yet.
    pub(crate) fn has_ops(&self) -> bool {
        self.queue.iter().any(|c| !c.commit.ops.is_empty())
    }

    /// Epochs that aren't durable yet.
    pub(crate) fn has_epoch(&self, epoch: &EpochId) -> bool {
        self.queue.iter().any(|c| c.commit.epochs.contains(epoch))
    }
}
