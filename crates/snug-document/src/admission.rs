//! Admission: whether a change that passed the guard fits this document.
//!
//! Automerge asserts what it expects of a change instead of asking, and drops silently what it can't place. So a
//! change is first held to its own past (see `history`), and is then applied to a copy:
//!
//! ```text
//! builds on its own predecessor? → numbered after its past? → names only what its past holds? → objects of the right type, not too deep?
//!   → Automerge takes it, on a copy, without a panic → the copy gives back the very bytes that came in → the copy is the document
//! ```
//!
//! The last question catches what was lost or changed on the way: a predecessor in another object, a second spelling
//! of the same operations. Such a change would make a snapshot that can't be loaded.
//!
//! `catch_unwind` is the last line, not the first: the guard and the questions above refuse what is known to panic.
//! It rests on panics that unwind, so no profile of the workspace may set `panic = "abort"`. The copy is thrown away
//! with whatever a panic left in it; nothing of it is shared with the document.

use crate::guard::{Action, Chunk, Count, Key, OpRef};
use crate::history::{History, Past};
use automerge::{Automerge, Change, ObjId, ObjType, ReadDoc};
use snug_types::ActorId;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How deep objects may nest. Snug's own documents have two levels; whoever hydrates them, here or in the window,
/// recurses.
pub const OBJECT_DEPTH: usize = 16;

/// Why a change doesn't fit the document. The verdict is the same wherever the same changes are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// It builds on a change that was quarantined.
    #[error("it builds on a change that was put aside")]
    BuildsOnQuarantined,
    /// It doesn't build on its actor's change before it.
    #[error("it leaves out its own predecessor")]
    LeavesOutPredecessor,
    /// Its first operation isn't numbered after its past.
    #[error("its operations are numbered from {found} instead of {expected}")]
    Numbering {
        /// The number it gives.
        found: u64,
        /// The number that follows its past.
        expected: u64,
    },
    /// It deletes more than its past holds.
    #[error("it deletes more than there is")]
    Deletions,
    /// It names an operation that isn't in its past.
    #[error("operation {index} names what it hasn't seen")]
    Unseen {
        /// The place of the operation in the change.
        index: usize,
    },
    /// It acts on something that is no object, or on one of another type, or nests objects too deep.
    #[error("operation {index} acts on an object that it can't act on")]
    Object {
        /// The place of the operation in the change.
        index: usize,
    },
    /// Automerge can't take it, or loses something of it.
    #[error("Automerge can't hold it")]
    Unholdable,
}

/// The objects that some changes act on: their types and depths; none for what isn't an object.
#[derive(Debug, Default)]
pub(crate) struct Objects(BTreeMap<(ActorId, u64), Option<(ObjType, usize)>>);

impl Objects {
    fn get(&mut self, doc: &Automerge, chunk: &Chunk<'_>, object: Option<OpRef>) -> Option<(ObjType, usize)> {
        let Some(OpRef { counter, actor }) = object else { return Some((ObjType::Map, 0)) };
        let actor = chunk.actors[actor];
        *self.0.entry((actor, counter)).or_insert_with(|| {
            let id = ObjId::Id(counter, automerge::ActorId::from(&actor.0[..]), 0);
            let kind = doc.object_type(&id).ok()?;
            Some((kind, doc.parents(&id).ok()?.take(OBJECT_DEPTH + 1).count()))
        })
    }
}

/// Asks everything of a change that can be asked without applying it.
pub(crate) fn check(
    doc: &Automerge,
    history: &History,
    objects: &mut Objects,
    chunk: &Chunk<'_>,
    count: Count,
) -> Result<(), Misfit> {
    let (held, previous) = history.newest(chunk.actor);
    if chunk.seq != held + 1 || previous.is_some_and(|p| !chunk.deps.contains(&p)) {
        return Err(Misfit::LeavesOutPredecessor);
    }
    let past = history.past(doc, &chunk.deps).ok_or(Misfit::Unholdable)?;
    if chunk.start_op != past.next_op() {
        return Err(Misfit::Numbering { found: chunk.start_op, expected: past.next_op() });
    }
    // Whatever is deleted was made before, or in this very change.
    if count.deletions as u64 > past.next_op() + (count.ops - count.deletions) as u64 {
        return Err(Misfit::Deletions);
    }
    check_ops(doc, history, objects, chunk, &past)
}

fn check_ops(
    doc: &Automerge,
    history: &History,
    objects: &mut Objects,
    chunk: &Chunk<'_>,
    past: &Past,
) -> Result<(), Misfit> {
    let mut ops = chunk.ops();
    loop {
        let mut unseen = false;
        let op = ops.next_op(|named| {
            let own = named.actor == 0 && named.counter >= chunk.start_op;
            unseen |= !own && !history.covers(past, chunk.actors[named.actor], named.counter);
        });
        let Some(op) = op.map_err(|_| Misfit::Unholdable)? else { return Ok(()) };
        let index = op.index;
        if unseen {
            return Err(Misfit::Unseen { index });
        }
        let (kind, depth) = objects.get(doc, chunk, op.object).ok_or(Misfit::Object { index })?;
        let in_map = matches!(op.key, Key::Map(_));
        let fits = match kind {
            ObjType::Map => in_map && op.action != Action::Mark,
            ObjType::List => !in_map && op.action != Action::Mark,
            ObjType::Text => !in_map,
            ObjType::Table => false,
        };
        if !fits || op.action.makes() && depth >= OBJECT_DEPTH {
            return Err(Misfit::Object { index });
        }
        let made = match op.action {
            Action::MakeMap => ObjType::Map,
            Action::MakeList => ObjType::List,
            Action::MakeText => ObjType::Text,
            _ => continue,
        };
        objects.0.insert((chunk.actor, chunk.start_op + index as u64), Some((made, depth + 1)));
    }
}

/// Applies changes to a copy of the document and gives the copy back if it holds exactly them.
pub(crate) fn apply<'a>(
    doc: &Automerge,
    changes: impl Iterator<Item = &'a [u8]>,
) -> Result<Automerge, Misfit> {
    let applied = catch_unwind(AssertUnwindSafe(|| {
        let mut parsed = Vec::new();
        for bytes in changes {
            parsed.push(Change::from_bytes(bytes.to_vec()).map_err(|_| Misfit::Unholdable)?);
        }
        let mut copy = doc.clone();
        copy.apply_changes(parsed.iter().cloned()).map_err(|_| Misfit::Unholdable)?;
        let kept = parsed.iter().all(|c| {
            copy.get_change_by_hash(&c.hash()).is_some_and(|held| held.raw_bytes() == c.raw_bytes())
        });
        if kept { Ok(copy) } else { Err(Misfit::Unholdable) }
    }));
    applied.unwrap_or(Err(Misfit::Unholdable))
}
