//! The document that a laptop holds open: edited here, and given what others wrote.
//!
//! ```text
//! foreign bytes → guard (bounded, counted) → whose is it, which number? → wait for its past → admission (on a copy) → held
//!                     │                            │                                              │
//!                     └──── quarantined ───────────┴──────────────────────────────────────────────┘
//! local edit → one Automerge change → its bytes → (the caller signs, seals, persists, sends)
//! ```
//!
//! **Verdicts.** Whether a change is held or quarantined follows from the changes alone, never from the order in which
//! actors are heard: a change takes its actor's next number when it arrives, whatever becomes of it, and whoever
//! builds on a quarantined change is quarantined with it. A second change with a taken number, or one that leaves a
//! gap, is quarantined on arrival and stands in nobody's way.
//!
//! **Assumption:** the changes of one actor arrive in the order of its device's log, each once or more. If it were
//! violated, two laptops could give different verdicts on a forked actor.

use crate::admission::{self, Misfit, Objects};
use crate::guard::{Chunk, GuardError};
use crate::history::{History, Noted};
use automerge::transaction::{CommitOptions, Transaction};
use automerge::{Automerge, AutomergeError, TextEncoding};
use snug_types::bound::{OPS_PER_CHANGE, PAYLOAD_BYTES};
use snug_types::{ActorId, ChangeHash, UnixMillis};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Bytes of changes that wait for what they build on. A week of one member's typing that arrives before the others'.
pub const WAITING_BYTES: usize = 64 << 20;

/// A document in memory.
#[derive(Debug, Clone)]
pub struct LiveDocument {
    pub(crate) doc: Automerge,
    /// Read when the first foreign change asks for it.
    pub(crate) history: Option<History>,
    pub(crate) waiting: Waiting,
}

/// What arrived and isn't in the document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Waiting {
    /// Changes whose past isn't held, by their hashes.
    pub(crate) changes: BTreeMap<ChangeHash, Vec<u8>>,
    /// What each of them waits for first, and who else does.
    on: BTreeMap<ChangeHash, Vec<ChangeHash>>,
    /// Changes that took their actor's number and were quarantined.
    pub(crate) refused: BTreeSet<ChangeHash>,
    /// The highest number that an actor took, where it is above what the document holds.
    pub(crate) taken: BTreeMap<ActorId, u64>,
    /// True once something was left out for want of room.
    pub(crate) overflowed: bool,
    bytes: usize,
}

/// A local edit: what to sign, seal and send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The raw changes, in their order.
    pub changes: Vec<Vec<u8>>,
    /// The hash of the last.
    pub newest: ChangeHash,
}

/// Why an edit wasn't made. The document is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The change that creates what is edited hasn't arrived.
    #[error("the document hasn't arrived yet")]
    NotHere,
    /// Changes of this very actor wait or are quarantined: another number would be a fork.
    #[error("earlier changes of this laptop aren't all here yet")]
    Behind,
    /// The edit doesn't fit into one entry.
    #[error("the edit is too large")]
    TooLarge,
    /// Automerge refuses it.
    #[error("the document can't be edited: {0}")]
    Document(String),
}

impl From<AutomergeError> for EditError {
    fn from(error: AutomergeError) -> Self {
        Self::Document(error.to_string())
    }
}

/// What [`LiveDocument::apply`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// The changes that the document took: these and those that had waited for them, each after what it builds on.
    pub taken: Vec<Vec<u8>>,
    /// Changes that wait for what they build on, these and earlier ones.
    pub waiting: usize,
    /// What was put aside in this call.
    pub quarantined: Vec<Quarantined>,
    /// Something was left out for want of room: rebuild the document from its entries when more of them are there.
    pub overflowed: bool,
}

impl Applied {
    /// True if the document isn't what it was.
    pub fn changed(&self) -> bool {
        !self.taken.is_empty()
    }
}

/// A change that was put aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Its place in the call; none for one that had been waiting.
    pub index: Option<usize>,
    /// Its hash, where it could be read.
    pub hash: Option<ChangeHash>,
    /// Why.
    pub reason: Reason,
}

/// Why a change was put aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The guard refuses its bytes.
    #[error("{0}")]
    Guard(#[from] GuardError),
    /// It names another actor than the one that its entry was signed for.
    #[error("it is by another actor than its entry says")]
    Actor {
        /// The actor that it names.
        found: ActorId,
    },
    /// Its number is taken or leaves a gap.
    #[error("it is number {found} of its actor instead of {expected}")]
    Number {
        /// The number it gives.
        found: u64,
        /// The next number of its actor.
        expected: u64,
    },
    /// It doesn't fit the document.
    #[error("{0}")]
    Misfit(#[from] Misfit),
}

impl LiveDocument {
    /// An empty document whose edits are by `actor`.
    pub fn new(actor: ActorId) -> Self {
        let mut doc = Automerge::new_with_encoding(TextEncoding::Utf16CodeUnit);
        doc.set_actor(foreign(actor));
        Self { doc, history: Some(History::default()), waiting: Waiting::default() }
    }

    pub(crate) fn restored(mut doc: Automerge, actor: ActorId, waiting: Waiting) -> Self {
        doc.set_actor(foreign(actor));
        let mut live = Self { doc, history: None, waiting: Waiting::default() };
        live.waiting.refused = waiting.refused;
        live.waiting.taken = waiting.taken;
        live.waiting.overflowed = waiting.overflowed;
        for (hash, bytes) in waiting.changes {
            let Ok(chunk) = Chunk::parse(&bytes) else { continue };
            if let Some(dep) = chunk.deps.iter().copied().find(|dep| !live.holds(*dep)) {
                live.park(dep, hash, bytes);
            }
        }
        live
    }

    /// The actor of local edits.
    pub fn actor(&self) -> ActorId {
        ActorId::from_slice(self.doc.get_actor().to_bytes()).unwrap_or(ActorId([0; 16]))
    }

    /// The newest changes that the document holds, in ascending order. Equal heads are equal documents.
    pub fn heads(&self) -> Vec<ChangeHash> {
        self.doc.get_heads().into_iter().map(|h| ChangeHash(h.0)).collect()
    }

    /// True if the document holds a change.
    pub fn holds(&self, hash: ChangeHash) -> bool {
        self.doc.get_change_meta_by_hash(&automerge::ChangeHash(hash.0)).is_some()
    }

    /// True if the document holds no change at all.
    pub fn is_empty(&self) -> bool {
        self.doc.is_empty()
    }

    /// Takes the changes of one entry, or of several by one actor, in their order. Never fails and never panics: what
    /// can't be taken is quarantined or waits.
    pub fn apply(&mut self, changes: &[&[u8]], from: ActorId) -> Applied {
        let mut applied = Applied::default();
        let mut history = self.history.take().or_else(|| History::of(&self.doc)).unwrap_or_default();
        let mut ready = VecDeque::new();
        for (index, bytes) in changes.iter().enumerate() {
            match self.receive(&history, bytes, from) {
                Ok(Some(hash)) => ready.push_back((hash, bytes.to_vec())),
                Ok(None) => {}
                Err((hash, reason)) => {
                    applied.quarantined.push(Quarantined { index: Some(index), hash, reason });
                }
            }
        }
        self.admit(&mut history, ready, &mut applied);
        for quarantined in &mut applied.quarantined {
            // A change is found again by its hash: a batch isn't taken in the order of the call.
            if let (None, Some(hash)) = (quarantined.index, quarantined.hash) {
                quarantined.index =
                    changes.iter().position(|c| Chunk::parse(c).is_ok_and(|c| c.hash == hash));
            }
        }
        self.history = Some(history);
        applied.waiting = self.waiting.changes.len();
        applied.overflowed = self.waiting.overflowed;
        applied
    }

    /// Reads one change and gives it its number; none if it is known already.
    fn receive(
        &mut self,
        history: &History,
        bytes: &[u8],
        from: ActorId,
    ) -> Result<Option<ChangeHash>, (Option<ChangeHash>, Reason)> {
        let chunk = Chunk::parse(bytes).map_err(|e| (None, e.into()))?;
        let hash = chunk.hash;
        let aside = |reason| (Some(hash), reason);
        chunk.check_ops().map_err(|e| aside(e.into()))?;
        if chunk.actor != from {
            return Err(aside(Reason::Actor { found: chunk.actor }));
        }
        let waiting = &mut self.waiting;
        if waiting.changes.contains_key(&hash)
            || waiting.refused.contains(&hash)
            || self.doc.get_change_meta_by_hash(&automerge::ChangeHash(hash.0)).is_some()
        {
            return Ok(None);
        }
        let taken = waiting.taken.get(&from).copied().unwrap_or(0).max(history.newest(from).0);
        if chunk.seq != taken + 1 {
            if waiting.overflowed {
                return Ok(None);
            }
            return Err(aside(Reason::Number { found: chunk.seq, expected: taken + 1 }));
        }
        waiting.taken.insert(from, chunk.seq);
        Ok(Some(hash))
    }

    /// Takes every change whose past is held, and then whatever waited for those.
    fn admit(
        &mut self,
        history: &mut History,
        mut queue: VecDeque<(ChangeHash, Vec<u8>)>,
        applied: &mut Applied,
    ) {
        // How many changes are tried at once. One that Automerge can't hold is found by halving.
        let mut at_once = usize::MAX;
        while !queue.is_empty() {
            let mut objects = Objects::default();
            let mut batch: Vec<(ChangeHash, Vec<u8>)> = Vec::new();
            let mut ops = 0;
            while batch.len() < at_once
                && ops < BATCH_OPS
                && let Some((hash, bytes)) = queue.pop_front()
            {
                match self.examine(history, &mut objects, &bytes) {
                    Verdict::Fits { ops: more } => {
                        ops += more;
                        queue.extend(self.waiting.woken_by(&hash));
                        batch.push((hash, bytes));
                    }
                    Verdict::WaitsFor(dep) => self.park(dep, hash, bytes),
                    Verdict::Misfit(misfit) => self.refuse(hash, misfit, &mut queue, applied),
                }
            }
            if batch.is_empty() {
                continue;
            }
            match admission::apply(&self.doc, batch.iter().map(|(_, bytes)| &bytes[..])) {
                Ok(doc) => {
                    self.doc = doc;
                    history.settle();
                    applied.taken.extend(batch.into_iter().map(|(_, bytes)| bytes));
                }
                Err(misfit) => {
                    history.forget();
                    if let [_] = batch[..] {
                        if let Some((hash, _)) = batch.pop() {
                            self.refuse(hash, misfit, &mut queue, applied);
                        }
                        at_once = usize::MAX;
                    } else {
                        at_once = batch.len() / 2;
                        for change in batch.into_iter().rev() {
                            queue.push_front(change);
                        }
                    }
                }
            }
        }
        let held = |actor: &ActorId, taken: &mut u64| *taken > history.newest(*actor).0;
        self.waiting.taken.retain(|actor, taken| held(actor, taken));
    }

    pub(crate) fn examine(&self, history: &mut History, objects: &mut Objects, bytes: &[u8]) -> Verdict {
        let Ok(chunk) = Chunk::parse(bytes) else { return Verdict::Misfit(Misfit::Unholdable) };
        if chunk.deps.iter().any(|d| self.waiting.refused.contains(d)) {
            return Verdict::Misfit(Misfit::BuildsOnQuarantined);
        }
        let missing = |dep: &&ChangeHash| !history.is_ahead(dep) && !self.holds(**dep);
        if let Some(dep) = chunk.deps.iter().find(missing) {
            return Verdict::WaitsFor(*dep);
        }
        let Ok(count) = chunk.check_ops() else { return Verdict::Misfit(Misfit::Unholdable) };
        if let Err(misfit) = admission::check(&self.doc, history, objects, &chunk, count) {
            return Verdict::Misfit(misfit);
        }
        let noted = Noted {
            hash: chunk.hash,
            actor: chunk.actor,
            start_op: chunk.start_op,
            ops: count.ops as u64,
            deps: &chunk.deps,
        };
        match history.note(&self.doc, &noted) {
            Some(()) => Verdict::Fits { ops: count.ops },
            None => Verdict::Misfit(Misfit::Unholdable),
        }
    }

    /// Keeps a change until what it builds on is held.
    fn park(&mut self, on: ChangeHash, hash: ChangeHash, bytes: Vec<u8>) {
        let waiting = &mut self.waiting;
        if waiting.bytes + bytes.len() > WAITING_BYTES {
            waiting.overflowed = true;
            return;
        }
        waiting.bytes += bytes.len();
        waiting.on.entry(on).or_default().push(hash);
        waiting.changes.insert(hash, bytes);
    }

    fn refuse(
        &mut self,
        hash: ChangeHash,
        misfit: Misfit,
        queue: &mut VecDeque<(ChangeHash, Vec<u8>)>,
        applied: &mut Applied,
    ) {
        self.waiting.refused.insert(hash);
        queue.extend(self.waiting.woken_by(&hash));
        applied.quarantined.push(Quarantined { index: None, hash: Some(hash), reason: misfit.into() });
    }

    /// Makes one change out of what `edit` does; none if it does nothing.
    pub(crate) fn edit(
        &mut self,
        at: UnixMillis,
        edit: impl FnOnce(&mut Transaction<'_>) -> Result<(), EditError>,
    ) -> Result<Option<Edit>, EditError> {
        if self.waiting.taken.contains_key(&self.actor()) {
            return Err(EditError::Behind);
        }
        let deps = self.heads();
        let mut tx = self.doc.transaction();
        if let Err(error) = edit(&mut tx) {
            tx.rollback();
            return Err(error);
        }
        // Automerge counts in seconds.
        let seconds = i64::try_from(at.0 / 1000).unwrap_or(i64::MAX);
        let (Some(hash), _) = tx.commit_with(CommitOptions::default().with_time(seconds)) else {
            return Ok(None);
        };
        let Some(change) = self.doc.get_last_local_change().filter(|c| c.hash() == hash) else {
            return Err(EditError::Document("the change is lost".to_owned()));
        };
        let newest = ChangeHash(hash.0);
        let own = change.deps().iter().map(|d| ChangeHash(d.0)).collect::<Vec<_>>();
        debug_assert!(deps.iter().all(|d| own.contains(d)));
        if let Some(history) = &mut self.history {
            let noted = Noted {
                hash: newest,
                actor: ActorId::from_slice(change.actor_id().to_bytes()).unwrap_or(ActorId([0; 16])),
                start_op: change.start_op().get(),
                ops: change.len() as u64,
                deps: &own,
            };
            match history.note(&self.doc, &noted) {
                Some(()) => history.settle(),
                None => self.history = None,
            }
        }
        Ok(Some(Edit { changes: vec![change.raw_bytes().to_vec()], newest }))
    }

    /// As [`LiveDocument::edit`], for an edit that may be too large for an entry: the document stays as it was then.
    pub(crate) fn large_edit(
        &mut self,
        at: UnixMillis,
        edit: impl FnOnce(&mut Transaction<'_>) -> Result<(), EditError>,
    ) -> Result<Option<Edit>, EditError> {
        let before = self.clone();
        let made = self.edit(at, edit)?;
        let fits = |bytes: &Vec<u8>| {
            bytes.len() <= PAYLOAD_BYTES - ROOM && Chunk::parse(bytes).and_then(|c| c.check_ops()).is_ok()
        };
        if made.as_ref().is_none_or(|e| e.changes.iter().all(fits)) {
            return Ok(made);
        }
        *self = before;
        Err(EditError::TooLarge)
    }
}

/// Bytes of an entry's payload that aren't its changes.
pub(crate) const ROOM: usize = 64;
/// Operations after which a batch of changes is full: Automerge holds all of a batch decoded at once.
pub(crate) const BATCH_OPS: usize = OPS_PER_CHANGE / 8;

pub(crate) enum Verdict {
    Fits { ops: usize },
    WaitsFor(ChangeHash),
    Misfit(Misfit),
}

impl Waiting {
    /// Takes out what waited for a change.
    fn woken_by(&mut self, hash: &ChangeHash) -> Vec<(ChangeHash, Vec<u8>)> {
        let woken = self.on.remove(hash).unwrap_or_default();
        let mut changes = Vec::new();
        for hash in woken {
            if let Some(bytes) = self.changes.remove(&hash) {
                self.bytes -= bytes.len();
                changes.push((hash, bytes));
            }
        }
        changes
    }
}

/// An actor id as Automerge has it.
pub(crate) fn foreign(actor: ActorId) -> automerge::ActorId {
    automerge::ActorId::from(&actor.0[..])
}
