//! Entries that came before what they build on. Each session has its own small share: one that sends garbage pushes out
//! nothing but its own. What is dropped comes again when frontiers are compared.

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
    /// Its predecessor: the entry with this number, or several.
    Previous(DeviceId, Seq),
}

#[derive(Debug, Default)]
struct Share {
    entries: VecDeque<(Need, Vec<u8>)>,
    bytes: usize,
}

/// All entries that wait.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    shares: BTreeMap<SessionId, Share>,
}

impl Waiting {
    /// Keeps an envelope; true if it was new.
    pub(crate) fn keep(&mut self, session: SessionId, need: Need, envelope: Vec<u8>) -> bool {
        let share = self.shares.entry(session).or_default();
        if share.entries.iter().any(|(_, kept)| *kept == envelope) {
            return false;
        }
        share.bytes += envelope.len();
        share.entries.push_back((need, envelope));
        while share.entries.len() > WAITING_ENTRIES || share.bytes > WAITING_BYTES {
            let Some((_, dropped)) = share.entries.pop_front() else { break };
            share.bytes -= dropped.len();
        }
        true
    }

    /// Takes out what waits for this.
    pub(crate) fn take(&mut self, met: Need) -> Vec<(SessionId, Vec<u8>)> {
        let mut taken = Vec::new();
        for (session, share) in &mut self.shares {
            if !share.entries.iter().any(|(need, _)| *need == met) {
                continue;
            }
            let (met, still): (VecDeque<_>, VecDeque<_>) =
                std::mem::take(&mut share.entries).into_iter().partition(|(need, _)| *need == met);
            share.entries = still;
            share.bytes -= met.iter().map(|(_, envelope)| envelope.len()).sum::<usize>();
            taken.extend(met.into_iter().map(|(_, envelope)| (*session, envelope)));
        }
        taken
    }

    /// Forgets a session's share.
    pub(crate) fn forget(&mut self, session: SessionId) {
        self.shares.remove(&session);
    }
}
