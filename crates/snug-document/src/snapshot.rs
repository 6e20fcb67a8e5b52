//! Snapshots: a document and what waits beside it, for this laptop's own store.
//!
//! A snapshot saves the work of taking all entries again, nothing more. It is read only where the store vouches for
//! the bytes: Automerge's loader inflates without a bound. One that can't be read, or that Automerge can't write,
//! costs a rebuild from the entries.

use crate::live::{LiveDocument, WAITING_BYTES, Waiting};
use automerge::{Automerge, LoadOptions, TextEncoding};
use snug_types::{ActorId, ChangeHash, DecodeError, Encode, Reader, Writer};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The version of the bytes.
const VERSION: u8 = 1;
/// Actors and changes that a snapshot names beside the document.
const NAMED: usize = 1 << 20;

/// Why there is no snapshot, or none that can be read. The entries rebuild the document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// Not a snapshot of this version.
    #[error("not a snapshot: {0}")]
    Decode(#[from] DecodeError),
    /// Automerge can't read or write the document.
    #[error("the document can't be read or written")]
    Document,
}

impl LiveDocument {
    /// The document as Automerge saves it, without what waits beside it; no bytes if it holds nothing.
    pub fn bytes(&self) -> Result<Vec<u8>, SnapshotError> {
        if self.is_empty() {
            return Ok(Vec::new());
        }
        catch_unwind(AssertUnwindSafe(|| self.doc.save())).map_err(|_| SnapshotError::Document)
    }

    /// The document and what waits, as bytes for this laptop's store.
    pub fn save(&self) -> Result<Vec<u8>, SnapshotError> {
        let doc = catch_unwind(AssertUnwindSafe(|| self.doc.save())).map_err(|_| SnapshotError::Document)?;
        let Waiting { changes, refused, taken, overflowed, .. } = &self.waiting;
        let mut w = Writer::new();
        w.u8(VERSION);
        w.bytes(&doc);
        count(&mut w, changes.len());
        for (hash, bytes) in changes {
            hash.encode(&mut w);
            w.bytes(bytes);
        }
        w.list(&refused.iter().copied().collect::<Vec<_>>());
        count(&mut w, taken.len());
        for (actor, seq) in taken {
            actor.encode(&mut w);
            w.u64(*seq);
        }
        w.bool(*overflowed);
        Ok(w.finish())
    }

    /// Reads what [`LiveDocument::save`] wrote on this very laptop; further edits are by `actor`. Never for foreign
    /// bytes.
    pub fn load(actor: ActorId, bytes: &[u8]) -> Result<Self, SnapshotError> {
        let mut r = Reader::new(bytes);
        let version = r.u8()?;
        if version != VERSION {
            return Err(DecodeError::UnknownTag { what: "snapshot version", tag: version.into() }.into());
        }
        let doc = r.bytes("bytes in a document", usize::MAX)?;
        let mut waiting = Waiting::default();
        for _ in 0..r.count("waiting changes", NAMED)? {
            let hash = ChangeHash(r.array()?);
            waiting.changes.insert(hash, r.bytes("bytes in a change", WAITING_BYTES)?.to_vec());
        }
        waiting.refused = r.list("quarantined changes", NAMED)?.into_iter().collect();
        for _ in 0..r.count("actors", NAMED)? {
            let actor = ActorId(r.array()?);
            waiting.taken.insert(actor, r.u64()?);
        }
        waiting.overflowed = r.bool()?;
        r.end()?;
        let options = || LoadOptions::new().text_encoding(TextEncoding::Utf16CodeUnit);
        let doc = catch_unwind(AssertUnwindSafe(|| Automerge::load_with_options(doc, options())))
            .map_err(|_| SnapshotError::Document)?
            .map_err(|_| SnapshotError::Document)?;
        Ok(Self::restored(doc, actor, waiting))
    }
}

fn count(w: &mut Writer, n: usize) {
    w.u32(u32::try_from(n).unwrap_or(u32::MAX));
}
