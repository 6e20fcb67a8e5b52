//! Other replicas on this very laptop: a window holds a copy of the document, and edits it under an actor of its own.
//!
//! A member elsewhere may be ahead of this document, so that what they send waits. A replica here was told everything
//! that it can build on: what it writes fits as a whole, now, or it is refused and leaves no trace.

use crate::admission::{self, Objects};
use crate::guard::Chunk;
use crate::history::History;
use crate::live::{BATCH_OPS, Edit, LiveDocument, Reason, Verdict};
use automerge::Automerge;
use snug_types::{ActorId, ChangeHash};

/// Why what a replica wrote isn't taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// One of its changes would be put aside.
    #[error("{0}")]
    Change(#[from] Reason),
    /// One of its changes builds on what isn't here.
    #[error("it builds on a change that isn't here")]
    Ahead,
    /// There is no change.
    #[error("it holds no change")]
    Nothing,
}

impl LiveDocument {
    /// True if `actor` may write: none of its changes waits or was put aside, so that its next number is free.
    pub fn may_write(&self, actor: ActorId) -> bool {
        !self.waiting.taken.contains_key(&actor)
    }

    /// Takes what a replica wrote under its own actor: all of it as one edit, or nothing.
    pub fn write(&mut self, changes: &[&[u8]], actor: ActorId) -> Result<Edit, Unfit> {
        let mut history = self.history.take().or_else(|| History::of(&self.doc)).unwrap_or_default();
        let taken = self.try_taking(&mut history, changes, actor);
        let edit = match taken {
            Ok((doc, edit)) => {
                self.doc = doc;
                history.settle();
                Ok(edit)
            }
            Err(unfit) => {
                history.forget();
                Err(unfit)
            }
        };
        self.history = Some(history);
        edit
    }

    /// A copy of the document with these changes. What they add to the history is noted there, and not settled.
    fn try_taking(
        &self,
        history: &mut History,
        changes: &[&[u8]],
        actor: ActorId,
    ) -> Result<(Automerge, Edit), Unfit> {
        let mut objects = Objects::default();
        // The places where a batch ends that Automerge may hold decoded.
        let (mut ends, mut ops) = (Vec::new(), 0);
        let mut newest = None;
        for (index, bytes) in changes.iter().enumerate() {
            newest = Some(self.may_take(history, bytes, actor)?);
            match self.examine(history, &mut objects, bytes) {
                Verdict::Fits { ops: more } => ops += more,
                Verdict::WaitsFor(_) => return Err(Unfit::Ahead),
                Verdict::Misfit(misfit) => return Err(Reason::Misfit(misfit).into()),
            }
            if ops >= BATCH_OPS {
                ends.push(index + 1);
                ops = 0;
            }
        }
        let newest = newest.ok_or(Unfit::Nothing)?;
        ends.push(changes.len());
        let (mut doc, mut from) = (None, 0);
        for end in ends {
            let batch = changes[from..end].iter().copied();
            doc = Some(admission::apply(doc.as_ref().unwrap_or(&self.doc), batch).map_err(Reason::Misfit)?);
            from = end;
        }
        let doc = doc.ok_or(Unfit::Nothing)?;
        Ok((doc, Edit { changes: changes.iter().map(|bytes| bytes.to_vec()).collect(), newest }))
    }

    /// The hash of a change, if the guard lets it through, it is by `actor`, and has its next number.
    fn may_take(&self, history: &History, bytes: &[u8], actor: ActorId) -> Result<ChangeHash, Reason> {
        let chunk = Chunk::parse(bytes)?;
        chunk.check_ops()?;
        if chunk.actor != actor {
            return Err(Reason::Actor { found: chunk.actor });
        }
        let taken = self.waiting.taken.get(&actor).copied().unwrap_or(0).max(history.newest(actor).0);
        if chunk.seq != taken + 1 {
            return Err(Reason::Number { found: chunk.seq, expected: taken + 1 });
        }
        Ok(chunk.hash)
    }
}
