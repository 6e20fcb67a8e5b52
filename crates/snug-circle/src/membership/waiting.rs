//! Operations whose parents aren't held yet: bounded in number and bytes, because anybody can name a parent that doesn't
//! exist.

use super::judge::OpError;
use crate::op::Op;
use snug_crypto::Verified;
use snug_types::{OpHash, to_bytes};
use std::collections::{BTreeMap, BTreeSet};

/// Operations that wait. Ours are sent parents first, so that hardly any ever does.
const WAITING_OPS: usize = 1024;
/// Bytes of operations that wait.
const WAITING_BYTES: usize = 4 << 20;

#[derive(Debug, Default)]
pub(super) struct Waiting {
    ops: BTreeMap<OpHash, (Verified<Op>, usize)>,
    children: BTreeMap<OpHash, BTreeSet<OpHash>>,
    bytes: usize,
}

impl Waiting {
    pub(super) fn contains(&self, op: &OpHash) -> bool {
        self.ops.contains_key(op)
    }

    pub(super) fn add(&mut self, hash: OpHash, op: Verified<Op>) -> Result<(), OpError> {
        let bytes = to_bytes(op.signed()).len();
        if self.ops.len() >= WAITING_OPS || self.bytes + bytes > WAITING_BYTES {
            return Err(OpError::WaitingFull);
        }
        self.bytes += bytes;
        for parent in &op.parents {
            self.children.entry(*parent).or_default().insert(hash);
        }
        self.ops.insert(hash, (op, bytes));
        Ok(())
    }

    /// Takes out those that waited for this parent and for no other that isn't held.
    pub(super) fn ready(
        &mut self,
        parent: OpHash,
        held: impl Fn(&OpHash) -> bool,
    ) -> Vec<(OpHash, Verified<Op>)> {
        let children = self.children.get(&parent).cloned().unwrap_or_default();
        let whole = |hash: &OpHash| self.ops.get(hash).is_some_and(|(op, _)| op.parents.iter().all(&held));
        let ready: Vec<_> = children.into_iter().filter(whole).collect();
        ready.into_iter().filter_map(|hash| Some((hash, self.take(hash)?))).collect()
    }

    /// Drops all that can never come: what waits for an operation that was found invalid.
    pub(super) fn forget_after(&mut self, invalid: OpHash) {
        let mut open = vec![invalid];
        while let Some(parent) = open.pop() {
            for child in self.children.get(&parent).cloned().unwrap_or_default() {
                self.take(child);
                open.push(child);
            }
        }
    }

    fn take(&mut self, hash: OpHash) -> Option<Verified<Op>> {
        let (op, bytes) = self.ops.remove(&hash)?;
        self.bytes -= bytes;
        for parent in &op.parents {
            if let Some(children) = self.children.get_mut(parent) {
                children.remove(&hash);
                if children.is_empty() {
                    self.children.remove(parent);
                }
            }
        }
        Some(op)
    }
}
