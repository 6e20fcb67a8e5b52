//! Edits of single values under the root.

use crate::live::{Edit, EditError, LiveDocument};
use crate::schema;
use automerge::transaction::{Transactable, Transaction};
use automerge::{ROOT, ReadDoc};
use snug_types::UnixMillis;

impl LiveDocument {
    /// Puts text under a key, or takes it away. None if it is so already.
    pub(crate) fn put_text(
        &mut self,
        at: UnixMillis,
        key: &str,
        text: Option<&str>,
    ) -> Result<Option<Edit>, EditError> {
        if self.is_empty() {
            return Err(EditError::NotHere);
        }
        self.edit(at, |tx| set_text(tx, key, text))
    }

    /// Puts true under a key, or takes it away. None if it is so already.
    pub(crate) fn put_truth(
        &mut self,
        at: UnixMillis,
        key: &str,
        truth: bool,
    ) -> Result<Option<Edit>, EditError> {
        if self.is_empty() {
            return Err(EditError::NotHere);
        }
        self.edit(at, |tx| {
            if schema::truth(tx, key) != truth {
                tx.put(ROOT, key, truth)?;
            }
            Ok(())
        })
    }
}

/// Puts text under a key of the root, or takes it away, unless it is so already.
pub(crate) fn set_text(tx: &mut Transaction<'_>, key: &str, text: Option<&str>) -> Result<(), EditError> {
    match text {
        Some(text) if schema::text(tx, key).as_deref() != Some(text) => tx.put(ROOT, key, text)?,
        None if tx.get(ROOT, key)?.is_some() => tx.delete(ROOT, key)?,
        _ => {}
    }
    Ok(())
}
