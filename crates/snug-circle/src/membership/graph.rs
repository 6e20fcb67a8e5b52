//! The causal graph of the operations that were found valid.
//!
//! Operations join after their parents, so that their places in the list are a causal order, though not the only one:
//! nothing that is decided may depend on the place, only on who is in whose past.

use crate::op::{Op, OpBody};
use snug_crypto::{DevicePublic, Verified};
use snug_types::{DeviceId, MemberId, OpHash};
use std::collections::{BTreeMap, BTreeSet};

/// What an operation does to a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Effect {
    /// The founder is the first member.
    Found,
    /// A device is admitted.
    Admit {
        /// The author's member.
        by: MemberId,
        /// What it counts with.
        rests: Rests,
    },
    /// A member leaves.
    Leave,
    /// Heads are joined; nobody comes or goes.
    Merge,
    /// Of a kind that this version doesn't know: as long as it counts, nobody writes.
    Unknown(Rests),
    /// It follows one of an unknown kind, and may be valid by rules that this version doesn't know.
    Opaque,
}

/// What must hold for an operation to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rests {
    /// The operation by which the author was a member: it must count.
    ground: usize,
    /// The author's leaves that are concurrent with it: none of them may be there.
    voided_by: Vec<usize>,
}

impl Rests {
    pub(super) const fn on(ground: usize) -> Self {
        Self { ground, voided_by: Vec::new() }
    }

    pub(super) fn hold(&self, standing: &Past, within: &Past) -> bool {
        standing.contains(self.ground) && !self.voided_by.iter().any(|leave| within.contains(*leave))
    }
}

impl Effect {
    const fn rests(&mut self) -> Option<&mut Rests> {
        match self {
            Self::Admit { rests, .. } | Self::Unknown(rests) => Some(rests),
            Self::Found | Self::Leave | Self::Merge | Self::Opaque => None,
        }
    }
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) hash: OpHash,
    pub(super) op: Verified<Op>,
    pub(super) effect: Effect,
    parents: Vec<usize>,
}

#[derive(Debug, Default)]
pub(super) struct Graph {
    nodes: Vec<Node>,
    places: BTreeMap<OpHash, usize>,
    /// What rests on its author's membership, and the leaves, by author: a leave voids only what its own author did. By
    /// device and not by member, because one signing key may have been admitted as two.
    acts: BTreeMap<DeviceId, Vec<usize>>,
    leaves: BTreeMap<DeviceId, Vec<usize>>,
    /// How each device was admitted.
    admissions: BTreeMap<DeviceId, BTreeMap<OpHash, (usize, DevicePublic)>>,
}

/// A set of operations that is closed under parents.
#[derive(Debug, Clone, Default)]
pub(super) struct Past(Vec<bool>);

impl Past {
    pub(super) fn contains(&self, place: usize) -> bool {
        self.0.get(place).copied().unwrap_or(false)
    }

    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().filter_map(|(place, within)| within.then_some(place))
    }

    pub(super) fn add(&mut self, place: usize) {
        if self.0.len() <= place {
            self.0.resize(place + 1, false);
        }
        self.0[place] = true;
    }
}

impl Graph {
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn contains(&self, op: &OpHash) -> bool {
        self.places.contains_key(op)
    }

    pub(super) fn get(&self, op: &OpHash) -> Option<&Verified<Op>> {
        self.place(op).map(|place| &self.nodes[place].op)
    }

    pub(super) fn place(&self, op: &OpHash) -> Option<usize> {
        self.places.get(op).copied()
    }

    pub(super) fn node(&self, place: usize) -> &Node {
        &self.nodes[place]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&OpHash, &Verified<Op>)> {
        self.nodes.iter().map(|node| (&node.hash, &node.op))
    }

    /// Adds an operation whose parents are here, and notes which admissions and leaves are concurrent.
    pub(super) fn add(&mut self, hash: OpHash, op: Verified<Op>, mut effect: Effect) -> usize {
        let place = self.nodes.len();
        let parents: Vec<_> = op.parents.iter().filter_map(|parent| self.place(parent)).collect();
        if let Some(rests) = effect.rests() {
            // A leave that is here already doesn't know of it, and it can't have followed the leave and be valid.
            rests.voided_by.extend(self.leaves.get(&op.author).into_iter().flatten());
            self.acts.entry(op.author).or_default().push(place);
        }
        if effect == Effect::Leave {
            self.leaves.entry(op.author).or_default().push(place);
            if let Some(acts) = self.acts.get(&op.author) {
                let known = self.past(&op.parents);
                for act in acts.iter().filter(|act| !known.contains(**act)) {
                    if let Some(rests) = self.nodes[*act].effect.rests() {
                        rests.voided_by.push(place);
                    }
                }
            }
        }
        let admitted = match (&effect, &op.body) {
            (Effect::Found, OpBody::Found { device, .. }) => Some(*device),
            (Effect::Admit { .. }, OpBody::Admit(admission)) => Some(admission.device),
            _ => None,
        };
        if let Some(device) = admitted {
            self.admissions.entry(device.id()).or_default().insert(hash, (place, device));
        }
        self.nodes.push(Node { hash, op, effect, parents });
        self.places.insert(hash, place);
        place
    }

    /// True if the leave that was just added voids one of these operations.
    pub(super) fn voids_any(&self, leave: usize, author: DeviceId, standing: &Past) -> bool {
        let voided = |place: &usize| {
            standing.contains(*place)
                && match &self.node(*place).effect {
                    Effect::Admit { rests, .. } | Effect::Unknown(rests) => {
                        rests.voided_by.last() == Some(&leave)
                    }
                    _ => false,
                }
        };
        self.acts.get(&author).is_some_and(|places| places.iter().any(voided))
    }

    /// True if there is a leave by this device.
    pub(super) fn has_left(&self, device: DeviceId) -> bool {
        self.leaves.contains_key(&device)
    }

    /// The admissions of a device among these operations, those with the lowest hashes first.
    pub(super) fn admissions(
        &self,
        device: DeviceId,
        within: &Past,
    ) -> impl Iterator<Item = (usize, DevicePublic)> {
        let all = self.admissions.get(&device).into_iter().flat_map(BTreeMap::values).copied();
        all.filter(|(place, _)| within.contains(*place))
    }

    /// The first of these operations that is, or comes after, this one.
    pub(super) fn first_after(&self, op: &OpHash, heads: &BTreeSet<OpHash>) -> Option<OpHash> {
        let from = self.place(op)?;
        // Children have later places, so one pass finds all that follow.
        let mut after = Past::default();
        after.add(from);
        for (place, node) in self.nodes.iter().enumerate().skip(from + 1) {
            if node.parents.iter().any(|parent| after.contains(*parent)) {
                after.add(place);
            }
        }
        heads.iter().find(|head| self.place(head).is_some_and(|place| after.contains(place))).copied()
    }

    /// The last of these operations, of which each one's parents are among them too.
    pub(super) fn heads_of(&self, within: impl Fn(&OpHash) -> bool) -> BTreeSet<OpHash> {
        let mut heads = BTreeSet::new();
        for node in self.nodes.iter().filter(|node| within(&node.hash)) {
            for parent in &node.op.parents {
                heads.remove(parent);
            }
            heads.insert(node.hash);
        }
        heads
    }

    /// How many leaves and how many operations these are.
    pub(super) fn extent(&self, within: &Past) -> (usize, usize) {
        let leaves = self.leaves.values().flatten().filter(|leave| within.contains(**leave));
        (leaves.count(), within.places().count())
    }

    /// True if none of these operations, which are all here, comes before another, and none stands twice.
    pub(super) fn is_antichain(&self, heads: &[OpHash]) -> bool {
        if let [head] = heads {
            return self.contains(head);
        }
        let places: BTreeSet<_> = heads.iter().filter_map(|head| self.place(head)).collect();
        let before: Vec<_> = places.iter().flat_map(|place| &self.nodes[*place].parents).copied().collect();
        let before = self.past_of(before);
        places.len() == heads.len() && !places.iter().any(|place| before.contains(*place))
    }

    /// These operations, as far as they are here, and all before them.
    pub(super) fn past(&self, heads: &[OpHash]) -> Past {
        self.past_of(heads.iter().filter_map(|head| self.place(head)).collect())
    }

    fn past_of(&self, mut open: Vec<usize>) -> Past {
        let mut past = vec![false; self.nodes.len()];
        while let Some(place) = open.pop() {
            if !std::mem::replace(&mut past[place], true) {
                open.extend(&self.nodes[place].parents);
            }
        }
        Past(past)
    }

    /// True if the operation is among these heads or before them.
    pub(super) fn covers(&self, heads: &[OpHash], op: &OpHash) -> bool {
        let Some(target) = self.place(op) else { return false };
        // Nothing before the target's place can lead back to it.
        let mut open: Vec<_> =
            heads.iter().filter_map(|head| self.place(head)).filter(|place| *place >= target).collect();
        let mut seen = vec![false; self.nodes.len()];
        while let Some(place) = open.pop() {
            if place == target {
                return true;
            }
            if !std::mem::replace(&mut seen[place], true) {
                open.extend(self.nodes[place].parents.iter().filter(|parent| **parent >= target));
            }
        }
        false
    }
}
