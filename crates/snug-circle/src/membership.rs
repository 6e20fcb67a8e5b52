//! The membership log: which operations are valid, in what causal order, and what they say together.
//!
//! ```text
//! insert(op) ── a parent missing ──► waiting (bounded) ── parent arrives ──┐
//!     │                                                                    │
//!     └──► judge: the verdict, on the op's own past alone ◄────────────────┘
//!              ├─ invalid: dropped, with all that waited for it
//!              ├─ opaque:  kept and passed on, says nothing here, freezes writing
//!              └─ valid:   joins the graph ──► reduction ──► current(), at(heads)
//! ```
//!
//! # What the log says
//!
//! - **Verdicts** depend on the operations before the judged one and on protocol constants: every laptop gives the same.
//! - **The reduction** is a function of a set of valid operations that is closed under parents; order of arrival plays no
//!   part. Any such set has a reading: all that is held ([`MembershipLog::current`]) and the past of any heads
//!   ([`MembershipLog::at`]).
//! - **A leave always counts**, wherever it stands. It speaks for its author's own member only, so that no two leaves can
//!   contradict each other, and it can't be undone: who comes back comes with a new device, as a new member.
//! - **A leave wins over what is concurrent with it.** An admission by a member whose leave doesn't know of it is void
//!   where both are seen, and so is what the newcomer admitted: an honest device names all it knows when it leaves, so this
//!   is a device that was copied, or a member's other laptop that hadn't heard. What is void can be admitted again, by
//!   somebody else.
//! - **An admission rests on one other**: the one by which its author was a member when they made it.
//!
//! If a device is admitted at once by two inviters, both admissions are valid and the one with the lowest hash names who
//! invited. The device leaves both at once. If it showed them different sealing keys, the keys in the admission with the
//! lowest hash are its keys; admissions with others don't count, nor does what it did by them.
//!
//! Several leaves of one device (a copied one signs as many as it likes) count together: of its entries, what all of them name.
//!
//! An operation of an unknown kind freezes writing where it counts: an admission that is made at the same time by the same
//! author would count too. Leaving is never frozen.

mod cache;
mod graph;
mod judge;
mod view;
mod waiting;

pub use judge::OpError;
pub use view::{Device, Gone, Member, Membership};

use crate::op::{Admission, Op, OpBody, Tip, signed_by};
use cache::Cache;
use graph::Graph;
use snug_crypto::{DeviceSecret, Entropy, Verified, random};
use snug_types::{CircleId, OpHash, bound};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use view::Reduction;
use waiting::Waiting;

/// Heads that nobody minds. A device that writes where there are more merges them first: only a hostile member makes so
/// many at once, and what names [`bound::HEADS`] of more might miss that somebody left.
const MANY_HEADS: usize = 32;

/// What became of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inserted {
    /// It is in the log, and with it those that waited for it, in causal order.
    Applied(Vec<OpHash>),
    /// A parent isn't held yet.
    Waiting,
    /// It was there already, or waits already.
    Known,
}

/// The log of one circle.
#[derive(Debug)]
pub struct MembershipLog {
    circle: CircleId,
    graph: Graph,
    heads: BTreeSet<OpHash>,
    waiting: Waiting,
    current: Reduction,
    cache: Mutex<Cache>,
}

/// Merges beyond [`bound::OPS`]: they are made of what is there.
const SPARE_MERGES: usize = bound::OPS / 8;

impl MembershipLog {
    /// The log of a circle of which nothing but its id is known yet.
    pub fn new(circle: CircleId) -> Self {
        Self {
            circle,
            graph: Graph::default(),
            heads: BTreeSet::new(),
            waiting: Waiting::default(),
            current: Reduction::default(),
            cache: Mutex::default(),
        }
    }

    /// Founds a circle: its log, and the operation that is to be stored and sent.
    pub fn found(founder: &DeviceSecret, entropy: &mut dyn Entropy) -> (Self, Verified<Op>) {
        let body = OpBody::Found { device: founder.public(), nonce: random(entropy) };
        let op = Op { circle: judge::NO_CIRCLE, author: founder.id(), parents: Vec::new(), body };
        let op = signed_by(founder, op);
        let mut log = Self::new(CircleId(op.hash().0));
        log.join(op.hash(), op.clone(), graph::Effect::Found);
        (log, op)
    }

    /// Which circle.
    pub const fn circle(&self) -> CircleId {
        self.circle
    }

    /// Takes in an operation, and those that waited for it.
    pub fn insert(&mut self, op: Verified<Op>) -> Result<Inserted, OpError> {
        let hash = op.hash();
        if self.contains(&hash) || self.waiting.contains(&hash) {
            return Ok(Inserted::Known);
        }
        judge::bounds(self.circle, &op)?;
        if op.parents.iter().any(|parent| !self.contains(parent)) {
            self.waiting.add(hash, op)?;
            return Ok(Inserted::Waiting);
        }
        self.admit_to_log(hash, op)?;

        // Whatever waited for this one, and for that, and so on.
        let mut applied = vec![hash];
        let mut next = 0;
        while let Some(parent) = applied.get(next).copied() {
            next += 1;
            for (hash, op) in self.waiting.ready(parent, |parent| self.graph.contains(parent)) {
                match self.admit_to_log(hash, op) {
                    Ok(()) => applied.push(hash),
                    Err(_) => self.waiting.forget_after(hash),
                }
            }
        }
        Ok(Inserted::Applied(applied))
    }

    fn admit_to_log(&mut self, hash: OpHash, op: Verified<Op>) -> Result<(), OpError> {
        if !has_room(&op, self.graph.len(), self.graph.has_left(op.author)) {
            return Err(OpError::LogFull);
        }
        let effect = judge::judge(self, &op)?;
        self.join(hash, op, effect);
        Ok(())
    }

    fn join(&mut self, hash: OpHash, op: Verified<Op>, effect: graph::Effect) {
        for parent in &op.parents {
            self.heads.remove(parent);
        }
        self.heads.insert(hash);
        let added = self.graph.add(hash, op, effect);
        self.current.extend(self.circle, &self.graph, added);
    }

    /// The operations that no other one follows, as far as something may name them: at most [`bound::HEADS`], leaves first.
    /// Only a hostile member makes more. What is cut says less than [`MembershipLog::current`] does, so nothing is sealed
    /// or signed on it: who writes merges first ([`MembershipLog::merge`]).
    pub fn heads(&self) -> Vec<OpHash> {
        if self.heads.len() <= bound::HEADS {
            return self.heads.iter().copied().collect();
        }
        let leave = |hash: &OpHash| matches!(self.get(hash).map(|op| &op.body), Some(OpBody::Leave { .. }));
        let (leaves, others): (Vec<_>, Vec<_>) = self.heads.iter().copied().partition(leave);
        let mut heads: Vec<_> = leaves.into_iter().chain(others).take(bound::HEADS).collect();
        heads.sort_unstable();
        heads
    }

    /// All operations that no other one follows, however many, in ascending order.
    pub const fn all_heads(&self) -> &BTreeSet<OpHash> {
        &self.heads
    }

    /// The heads of a part of the log that holds the parents of all that it holds.
    pub fn heads_of(&self, part: impl Fn(&OpHash) -> bool) -> BTreeSet<OpHash> {
        self.graph.heads_of(part)
    }

    /// True if [`MembershipLog::heads`] are so many that they should be merged.
    pub fn has_many_heads(&self) -> bool {
        self.heads.len() > MANY_HEADS
    }

    /// True if the operation is in the log. Those that wait aren't.
    pub fn contains(&self, op: &OpHash) -> bool {
        self.graph.contains(op)
    }

    /// An operation of the log.
    pub fn get(&self, op: &OpHash) -> Option<&Verified<Op>> {
        self.graph.get(op)
    }

    /// How many operations the log holds.
    pub fn len(&self) -> usize {
        self.graph.len()
    }

    /// How much is at or before these heads: removals, and operations of all kinds. Nothing if a head isn't held.
    pub(crate) fn extent(&self, heads: &[OpHash]) -> Option<(usize, usize)> {
        let held = heads.iter().all(|head| self.contains(head));
        held.then(|| self.graph.extent(&self.graph.past(heads)))
    }

    /// True if nothing is known of the circle but its id.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All operations, parents first.
    pub fn iter(&self) -> impl Iterator<Item = (&OpHash, &Verified<Op>)> {
        self.graph.iter()
    }

    /// The operations that somebody with these heads lacks, parents first. Heads that aren't held here say nothing.
    pub fn missing_from(&self, heads: &[OpHash]) -> Vec<OpHash> {
        let theirs = self.graph.past(heads);
        self.graph
            .iter()
            .enumerate()
            .filter(|(i, _)| !theirs.contains(*i))
            .map(|(_, (hash, _))| *hash)
            .collect()
    }

    /// Those of these heads that aren't held.
    pub fn unknown(&self, heads: &[OpHash]) -> Vec<OpHash> {
        heads.iter().filter(|head| !self.contains(head)).copied().collect()
    }

    /// True if the operation is among these heads or before them.
    pub fn covers(&self, heads: &[OpHash], op: &OpHash) -> bool {
        self.graph.covers(heads, op)
    }

    /// True if the first operation comes before the second.
    pub fn is_ancestor(&self, earlier: &OpHash, later: &OpHash) -> bool {
        earlier != later && self.covers(std::slice::from_ref(later), earlier)
    }

    /// True if all of these are held, none comes before another, and none stands twice.
    pub fn is_antichain(&self, heads: &[OpHash]) -> bool {
        self.graph.is_antichain(heads)
    }

    /// What all operations that are held say together.
    pub fn current(&self) -> &Membership {
        self.current.view()
    }

    /// What the operations up to these heads say together; nothing if a head isn't held. Cheap for today's heads.
    pub fn at(&self, heads: &[OpHash]) -> Option<Arc<Membership>> {
        // The path of nearly every entry: its writer knew what we know.
        if heads.iter().eq(&self.heads) {
            return Some(Arc::clone(self.current.view()));
        }
        if heads.iter().any(|head| !self.contains(head)) {
            return None;
        }
        let key: BTreeSet<_> = heads.iter().copied().collect();
        let key: Vec<_> = key.into_iter().collect();
        if let Some(view) = lock(&self.cache).get(&key) {
            return Some(Arc::clone(view));
        }
        let view = Arc::clone(Reduction::of(self.circle, &self.graph, self.graph.past(&key)).view());
        lock(&self.cache).keep(key, Arc::clone(&view));
        Some(view)
    }

    /// True if an operation of an unknown kind was seen: nobody writes here until they update.
    pub fn frozen(&self) -> bool {
        self.current().has_unknown()
    }

    /// An admission by a current device, to be inserted, stored and sent.
    pub fn admit(&self, inviter: &DeviceSecret, admission: Admission) -> Result<Verified<Op>, OpError> {
        self.write(inviter, OpBody::Admit(admission))
    }

    /// The leave of a current device's member, to be inserted, stored and sent. Nothing stands in its way, not even an
    /// operation of an unknown kind. The tips are the last entries of the
    /// member's devices: what comes after them won't count.
    pub fn leave(&self, device: &DeviceSecret, mut tips: Vec<Tip>) -> Result<Verified<Op>, OpError> {
        let not_current = OpError::NotCurrent { author: device.id() };
        let mine = self.current().device(device.id()).filter(|device| device.gone.is_none());
        let member = mine.ok_or(not_current)?.member;
        tips.sort_unstable();
        self.sign(device, self.heads(), OpBody::Leave { member, tips })
    }

    /// A merge of as many heads as it may name, to be inserted, stored and sent. The author's admission is before it, so
    /// that merges can follow each other until nothing is cut.
    pub fn merge(&self, author: &DeviceSecret) -> Result<Verified<Op>, OpError> {
        let not_current = OpError::NotCurrent { author: author.id() };
        let mine = self.current().device(author.id()).filter(|device| device.gone.is_none());
        let mine = mine.ok_or(not_current)?.admitted;
        let own = self.graph.first_after(&mine, &self.heads);
        let others = self.heads.iter().copied().filter(|head| Some(*head) != own);
        let mut parents: Vec<_> = own.into_iter().chain(others).take(bound::HEADS).collect();
        parents.sort_unstable();
        self.sign(author, parents, OpBody::Merge)
    }

    fn write(&self, secret: &DeviceSecret, body: OpBody) -> Result<Verified<Op>, OpError> {
        if self.frozen() {
            return Err(OpError::Frozen);
        }
        self.sign(secret, self.heads(), body)
    }

    fn sign(
        &self,
        secret: &DeviceSecret,
        parents: Vec<OpHash>,
        body: OpBody,
    ) -> Result<Verified<Op>, OpError> {
        let op = Op { circle: self.circle, author: secret.id(), parents, body };
        let op = signed_by(secret, op);
        judge::bounds(self.circle, &op)?;
        judge::judge(self, &op)?;
        Ok(op)
    }
}

/// Whether there is room for an operation by somebody who has left already or not, beside so many others. Everybody's first
/// leave has room, whoever filled the log: no more than one for each admission.
fn has_room(op: &Op, held: usize, has_left: bool) -> bool {
    match op.body {
        OpBody::Leave { .. } if !has_left => true,
        OpBody::Merge => held < bound::OPS + SPARE_MERGES,
        _ => held < bound::OPS,
    }
}

/// Nothing panics while the lock is held, so there is nothing torn behind a poisoned one.
fn lock(cache: &Mutex<Cache>) -> std::sync::MutexGuard<'_, Cache> {
    cache.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use snug_types::{DeviceId, MemberId};

    #[test]
    fn a_full_log_has_room_for_leaves() {
        let op =
            |body| Op { circle: CircleId([1; 32]), author: DeviceId([2; 32]), parents: Vec::new(), body };
        let leave = op(OpBody::Leave { member: MemberId([3; 32]), tips: Vec::new() });
        let (merge, unknown) = (op(OpBody::Merge), op(OpBody::Unknown { kind: 99, bytes: Vec::new() }));
        assert!(has_room(&leave, usize::MAX, false), "everybody's first");
        assert!(!has_room(&leave, bound::OPS, true), "and no more");
        assert!(has_room(&unknown, bound::OPS - 1, false) && !has_room(&unknown, bound::OPS, false));
        assert!(has_room(&merge, bound::OPS, false), "what is there can be merged");
        assert!(!has_room(&merge, bound::OPS + SPARE_MERGES, false));
    }
}
