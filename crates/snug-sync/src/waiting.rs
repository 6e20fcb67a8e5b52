//! Entries that came before what they build on. The sessions of each device share a small place: a laptop that sends
//! garbage pushes out nothing but its own. What is dropped comes again when frontiers are compared.

use crate::bound::{WAITING_BYTES, WAITING_ENTRIES};
use crate::output::SessionId;
use snug_types::{DeviceId, EpochId, Seq};
use std::collections::{BTreeMap, VecDeque};

/// What an entry waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// A membership operation that it, or its author's admission, names.
    Ops,
    /// The secret of its epoch.
    Epoch(EpochId),
    /// Its predecessor: the device, and its own number.
    Previous(DeviceId, Seq),
}

#[derive(Debug)]
struct Kept {
    need: Need,
    session: SessionId,
    envelope: Vec<u8>,
}

/// All entries that wait, by the device at the other end of the session that brought them.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    shares: BTreeMap<DeviceId, VecDeque<Kept>>,
    /// What each device brought so far that waits elsewhere. Those that nobody knows share one place.
    pub(crate) early: BTreeMap<Option<DeviceId>, Early>,
}

/// Operations and epochs that came before what they build on: the membership log and the epochs keep these themselves, and
/// for good. Sent in order, hardly any ever is.
#[derive(Debug, Default)]
pub(crate) struct Early {
    pub(crate) ops: u64,
    pub(crate) epochs: u64,
}

impl Waiting {
    /// Keeps an envelope, if it isn't kept already.
    pub(crate) fn keep(&mut self, from: DeviceId, session: SessionId, need: Need, envelope: Vec<u8>) {
        let share = self.shares.entry(from).or_default();
        if share.iter().any(|kept| kept.envelope == envelope) {
            return;
        }
        share.push_back(Kept { need, session, envelope });
        let bytes = |share: &VecDeque<Kept>| share.iter().map(|kept| kept.envelope.len()).sum::<usize>();
        while share.len() > WAITING_ENTRIES || bytes(share) > WAITING_BYTES {
            share.pop_front();
        }
    }

    /// Takes out what waits for this.
    pub(crate) fn take(&mut self, met: Need) -> Vec<(SessionId, Vec<u8>)> {
        let mut taken = Vec::new();
        for share in self.shares.values_mut().filter(|share| share.iter().any(|kept| kept.need == met)) {
            let (ready, still): (VecDeque<_>, VecDeque<_>) =
                std::mem::take(share).into_iter().partition(|kept| kept.need == met);
            *share = still;
            taken.extend(ready.into_iter().map(|kept| (kept.session, kept.envelope)));
        }
        taken
    }

    /// Forgets what a session brought.
    pub(crate) fn forget(&mut self, session: SessionId) {
        self.shares.retain(|_, share| {
            share.retain(|kept| kept.session != session);
            !share.is_empty()
        });
    }
}
