//! What each change of a document had seen: for every actor, how many of its changes are in a change's past.
//!
//! Automerge trusts that a change names only operations of its own past. Where one names something else that happens
//! to be held already, it is taken on one laptop and breaks on another, and the two show different documents for the
//! same entries. So the past is kept here and asked before Automerge sees a change. A run of changes by one actor
//! that takes in nothing new shares one clock.

use automerge::Automerge;
use snug_types::{ActorId, ChangeHash};
use std::collections::BTreeMap;
use std::sync::Arc;

/// For some actors, by their place in [`History::actors`], how many of their changes were seen. In ascending order.
type Clock = Vec<(u32, u32)>;

/// A change, as its past and its operations are asked for.
#[derive(Debug, Clone)]
struct Node {
    start_op: u32,
    /// The counter of its last operation; one before `start_op` if it has none.
    max_op: u32,
    /// What the change had seen of the other actors.
    others: Arc<Clock>,
}

#[derive(Debug, Clone, Default)]
struct Log {
    nodes: Vec<Node>,
    newest: Option<ChangeHash>,
}

/// The changes of a document and their pasts.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    places: BTreeMap<ActorId, u32>,
    actors: Vec<Log>,
    /// Changes noted here that the document doesn't hold yet, with their places and numbers.
    ahead: BTreeMap<ChangeHash, (u32, u32)>,
    /// How to forget them again, the last first.
    undo: Vec<(u32, Option<ChangeHash>)>,
}

/// A change as the history notes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Noted<'a> {
    pub(crate) hash: ChangeHash,
    pub(crate) actor: ActorId,
    pub(crate) start_op: u64,
    pub(crate) ops: u64,
    pub(crate) deps: &'a [ChangeHash],
}

/// The past of one change that is about to be taken.
#[derive(Debug)]
pub(crate) struct Past {
    clock: Clock,
    max_op: u32,
}

impl Past {
    /// The counter that Automerge gives to the first operation of a change with this past.
    pub(crate) fn next_op(&self) -> u64 {
        u64::from(self.max_op) + 1
    }
}

impl History {
    /// Reads the history of a whole document; none if it can't be one of Snug's.
    pub(crate) fn of(doc: &Automerge) -> Option<Self> {
        let mut history = Self::default();
        for change in doc.get_changes_meta(&[]) {
            let deps: Vec<_> = change.deps.iter().map(|d| ChangeHash(d.0)).collect();
            let noted = Noted {
                hash: ChangeHash(change.hash.0),
                actor: ActorId::from_slice(change.actor.to_bytes())?,
                start_op: change.start_op,
                ops: (change.max_op + 1).checked_sub(change.start_op)?,
                deps: &deps,
            };
            history.note(doc, &noted)?;
            history.settle();
        }
        Some(history)
    }

    /// Notes a change whose past is noted already; none if it isn't.
    pub(crate) fn note(&mut self, doc: &Automerge, change: &Noted<'_>) -> Option<()> {
        let seen = self.seen(doc, change.deps)?;
        let start_op = u32::try_from(change.start_op).ok()?;
        let max_op = u32::try_from((change.start_op + change.ops).checked_sub(1)?).ok()?;
        let place = self.place(change.actor)?;
        let others: Clock = seen.into_iter().filter(|(p, _)| *p != place).collect();
        let log = self.actors.get_mut(usize::try_from(place).ok()?)?;
        let others = match log.nodes.last() {
            Some(last) if *last.others == others => Arc::clone(&last.others),
            _ => Arc::new(others),
        };
        log.nodes.push(Node { start_op, max_op, others });
        self.undo.push((place, log.newest.replace(change.hash)));
        self.ahead.insert(change.hash, (place, u32::try_from(log.nodes.len()).ok()?));
        Some(())
    }

    /// The document holds by now whatever was noted.
    pub(crate) fn settle(&mut self) {
        self.ahead.clear();
        self.undo.clear();
    }

    /// Forgets what was noted since the document last took something.
    pub(crate) fn forget(&mut self) {
        self.ahead.clear();
        for (place, newest) in std::mem::take(&mut self.undo).into_iter().rev() {
            if let Some(log) = usize::try_from(place).ok().and_then(|p| self.actors.get_mut(p)) {
                log.nodes.pop();
                log.newest = newest;
            }
        }
    }

    /// True if a change was noted and isn't in the document yet.
    pub(crate) fn is_ahead(&self, hash: &ChangeHash) -> bool {
        self.ahead.contains_key(hash)
    }

    /// How many changes of an actor are noted, and the hash of the newest.
    pub(crate) fn newest(&self, actor: ActorId) -> (u64, Option<ChangeHash>) {
        self.log(actor).map_or((0, None), |log| (log.nodes.len() as u64, log.newest))
    }

    /// The past of a change with these dependencies; none if one isn't noted.
    pub(crate) fn past(&self, doc: &Automerge, deps: &[ChangeHash]) -> Option<Past> {
        let clock = self.seen(doc, deps)?;
        let max_op = clock.iter().filter_map(|(place, seq)| Some(self.node(*place, *seq)?.max_op)).max();
        Some(Past { clock, max_op: max_op.unwrap_or(0) })
    }

    /// True if an operation is in a past.
    pub(crate) fn covers(&self, past: &Past, actor: ActorId, counter: u64) -> bool {
        let covered = || {
            let place = *self.places.get(&actor)?;
            let seen = past.clock.binary_search_by_key(&place, |(p, _)| *p).ok()?;
            let nodes = self.log(actor)?.nodes.get(..usize::try_from(past.clock[seen].1).ok()?)?;
            let counter = u32::try_from(counter).ok()?;
            let node = nodes.get(nodes.partition_point(|n| n.max_op < counter))?;
            Some(node.start_op <= counter)
        };
        covered().unwrap_or(false)
    }

    fn place(&mut self, actor: ActorId) -> Option<u32> {
        if let Some(place) = self.places.get(&actor) {
            return Some(*place);
        }
        let place = u32::try_from(self.actors.len()).ok()?;
        self.places.insert(actor, place);
        self.actors.push(Log::default());
        Some(place)
    }

    fn log(&self, actor: ActorId) -> Option<&Log> {
        self.actors.get(usize::try_from(*self.places.get(&actor)?).ok()?)
    }

    fn node(&self, place: u32, seq: u32) -> Option<&Node> {
        self.actors.get(usize::try_from(place).ok()?)?.nodes.get(usize::try_from(seq).ok()?.checked_sub(1)?)
    }

    fn find(&self, doc: &Automerge, hash: ChangeHash) -> Option<(u32, u32)> {
        if let Some(found) = self.ahead.get(&hash) {
            return Some(*found);
        }
        let meta = doc.get_change_meta_by_hash(&automerge::ChangeHash(hash.0))?;
        let place = *self.places.get(&ActorId::from_slice(meta.actor.to_bytes())?)?;
        Some((place, u32::try_from(meta.seq).ok()?))
    }

    /// What was seen by a change with these dependencies.
    fn seen(&self, doc: &Automerge, deps: &[ChangeHash]) -> Option<Clock> {
        let mut clock = BTreeMap::new();
        let mut raise = |place: u32, seq: u32| {
            let held = clock.entry(place).or_insert(0);
            *held = seq.max(*held);
        };
        for dep in deps {
            let (place, seq) = self.find(doc, *dep)?;
            raise(place, seq);
            for (place, seq) in self.node(place, seq)?.others.iter() {
                raise(*place, *seq);
            }
        }
        Some(clock.into_iter().collect())
    }
}
