//! One device's log as hashes: a chain, or, where the device was cloned or lies, a tree of a few branches.
//!
//! ```text
//! main   1 ── 2 ── 3 ── 4 ── 5        each entry names its predecessor's hash
//!                  └─── 4'── 5'       a side: two entries with number 4 prove a fork at 4
//! ```
//! The lowest fork is what verdicts depend on, and which branch came first plays no part in it: a side that lowers the
//! fork is always taken, if need be in place of the one that forks highest. Past the fork each branch is kept up to
//! [`BRANCH_ENTRIES`](crate::bound::BRANCH_ENTRIES).
//!
//! Entries are *staged* when they are verified and *durable* when their commit is done; commits end in order, so one count
//! for each branch tells them apart.

use crate::bound::BRANCH_ENTRIES;
use snug_circle::Tip;
use snug_circle::entry::NO_PREVIOUS;
use snug_types::bound::TIPS_PER_DEVICE;
use snug_types::{Decode, DecodeError, DeviceId, Encode, EntryHash, Reader, Seq, Writer};

/// Where an entry belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It is here already.
    Known,
    /// Its predecessor isn't here.
    NeedsPrevious,
    /// It goes on from the end of a branch: 0 is the main one, the others are sides.
    Extends(usize),
    /// It begins a side.
    Branches,
    /// It lies past a fork, where enough is kept already.
    Surplus,
    /// Its number and its predecessor can't be true.
    Impossible,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Branch {
    /// The number of its first entry.
    first: u64,
    /// The predecessor of its first entry, on another branch.
    parent: EntryHash,
    hashes: Vec<EntryHash>,
    durable: usize,
}

impl Branch {
    const fn new(first: u64, parent: EntryHash) -> Self {
        Self { first, parent, hashes: Vec::new(), durable: 0 }
    }

    fn get(&self, seq: Seq) -> Option<EntryHash> {
        let offset = usize::try_from(seq.0.checked_sub(self.first)?).ok()?;
        self.hashes.get(offset).copied()
    }

    fn end(&self) -> u64 {
        self.first + self.hashes.len() as u64
    }

    /// The durable entry with the highest number.
    fn tip(&self) -> Option<(Seq, EntryHash)> {
        let last = self.durable.checked_sub(1)?;
        Some((Seq(self.first + last as u64), *self.hashes.get(last)?))
    }
}

/// The log of one device, known by its hashes.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    main: Branch,
    sides: Vec<Branch>,
    fork: Option<Seq>,
    /// True if the store has a row that says how it branches: then it has to be kept up.
    described: bool,
}

impl Default for Chain {
    fn default() -> Self {
        Self { main: Branch::new(1, NO_PREVIOUS), sides: Vec::new(), fork: None, described: false }
    }
}

impl Chain {
    fn branches(&self) -> impl Iterator<Item = &Branch> {
        std::iter::once(&self.main).chain(&self.sides)
    }

    fn branches_mut(&mut self) -> impl Iterator<Item = &mut Branch> {
        std::iter::once(&mut self.main).chain(&mut self.sides)
    }

    /// True if this very entry is here, durable or not.
    pub(crate) fn contains(&self, seq: Seq, hash: EntryHash) -> bool {
        self.branches().any(|branch| branch.get(seq) == Some(hash))
    }

    /// True if this very entry is here and durable.
    pub(crate) fn holds(&self, seq: Seq, hash: EntryHash) -> bool {
        let durable = |branch: &Branch| seq.0 < branch.first + branch.durable as u64;
        self.branches().any(|branch| branch.get(seq) == Some(hash) && durable(branch))
    }

    /// True if some entry of this number is here.
    pub(crate) fn reaches(&self, seq: Seq) -> bool {
        self.branches().any(|branch| branch.get(seq).is_some())
    }

    /// Where two entries of one number were first seen.
    pub(crate) const fn fork(&self) -> Option<Seq> {
        self.fork
    }

    /// The end of the main branch, durable or not: what the device itself writes on from.
    pub(crate) fn end(&self) -> (Seq, EntryHash) {
        let last = self.main.hashes.last().copied().unwrap_or(NO_PREVIOUS);
        (Seq(self.main.end() - 1), last)
    }

    /// The highest number of a durable entry.
    pub(crate) fn highest(&self) -> Seq {
        self.branches().filter_map(Branch::tip).map(|(seq, _)| seq).max().unwrap_or(Seq::ZERO)
    }

    /// The durable ends of all branches, at most [`TIPS_PER_DEVICE`], ascending.
    pub(crate) fn tips(&self) -> Vec<(Seq, EntryHash)> {
        let mut tips: Vec<_> = self.branches().filter_map(Branch::tip).collect();
        tips.sort_unstable();
        tips
    }

    /// A few durable entries ever further from the end, so that whoever holds another branch sees where they part.
    pub(crate) fn locator(&self, device: DeviceId, most: usize) -> Vec<Tip> {
        let mut places = self.tips();
        let last = self.main.durable as u64;
        let mut step = 16;
        while step < last && places.len() < most {
            let seq = Seq(last - step);
            places.extend(self.main.get(seq).map(|hash| (seq, hash)));
            step = step.saturating_mul(16);
        }
        // Nothing below a fork can differ between two who know of it.
        if let Some(before) = self.fork.and_then(|fork| fork.0.checked_sub(1)).map(Seq) {
            places.extend(self.main.get(before).map(|hash| (before, hash)));
        }
        places.sort_unstable();
        places.dedup();
        places.truncate(most);
        places.into_iter().map(|(seq, hash)| Tip { device, seq, hash }).collect()
    }

    /// The number from which whoever holds `theirs` needs entries in order to reach the durable entry `tip`; none if that
    /// isn't here.
    pub(crate) fn first_missing(&self, tip: (Seq, EntryHash), theirs: &[Tip]) -> Option<Seq> {
        let path = self.path(tip)?;
        let on_path = |t: &&Tip| {
            // The path's branches go from the end to the beginning: the first that reaches so low decides.
            let branch = path.iter().find(|branch| branch.first <= t.seq.0);
            t.seq <= tip.0 && branch.and_then(|branch| branch.get(t.seq)) == Some(t.hash)
        };
        let common = theirs.iter().filter(on_path).map(|t| t.seq.0).max().unwrap_or(0);
        Some(Seq(common + 1))
    }

    /// The branches that lead to a durable entry, the last one first.
    fn path(&self, (seq, hash): (Seq, EntryHash)) -> Option<Vec<&Branch>> {
        let mut branch = self.branches().find(|branch| branch.get(seq) == Some(hash))?;
        if seq.0 >= branch.first + branch.durable as u64 {
            return None;
        }
        let mut path = vec![branch];
        // Each parent begins lower, so this ends.
        while branch.first > 1 {
            let parent = Seq(branch.first - 1);
            branch = self.branches().find(|other| other.get(parent) == Some(branch.parent))?;
            path.push(branch);
        }
        Some(path)
    }

    /// Where an entry belongs, by its own word for its number and predecessor.
    pub(crate) fn place(&self, seq: Seq, hash: EntryHash, previous: EntryHash) -> Place {
        let Some(before) = seq.0.checked_sub(1).map(Seq) else { return Place::Impossible };
        if (before == Seq::ZERO) != (previous == NO_PREVIOUS) {
            return Place::Impossible;
        }
        if self.contains(seq, hash) {
            return Place::Known;
        }
        if before != Seq::ZERO && !self.contains(before, previous) {
            return Place::NeedsPrevious;
        }
        let end = |branch: &Branch| {
            branch.end() == seq.0 && branch.hashes.last().unwrap_or(&branch.parent) == &previous
        };
        if let Some(branch) = self.branches().position(end) {
            return if self.room(seq) { Place::Extends(branch) } else { Place::Surplus };
        }
        let lowers = self.fork.is_none_or(|fork| seq < fork);
        if lowers || self.sides.len() + 1 < TIPS_PER_DEVICE && self.room(seq) {
            Place::Branches
        } else {
            Place::Surplus
        }
    }

    fn room(&self, seq: Seq) -> bool {
        self.fork.is_none_or(|fork| seq.0 < fork.0.saturating_add(BRANCH_ENTRIES as u64))
    }

    /// Takes a verified entry in, as [`place`](Self::place) said; true if that proves a fork, or a lower one.
    pub(crate) fn stage(&mut self, seq: Seq, hash: EntryHash, previous: EntryHash) -> bool {
        match self.place(seq, hash, previous) {
            Place::Extends(branch) => {
                if let Some(branch) = self.branches_mut().nth(branch) {
                    branch.hashes.push(hash);
                }
                false
            }
            Place::Branches => {
                if self.sides.len() + 1 >= TIPS_PER_DEVICE {
                    // A side that others begin on begins lower than they do, so this one has none.
                    let highest = (0..self.sides.len()).max_by_key(|n| self.sides.get(*n).map(|s| s.first));
                    if let Some(highest) = highest {
                        self.sides.remove(highest);
                    }
                }
                let mut side = Branch::new(seq.0, previous);
                side.hashes.push(hash);
                self.sides.push(side);
                let lower = self.fork.is_none_or(|fork| seq < fork);
                if lower {
                    self.fork = Some(seq);
                }
                lower
            }
            Place::Known | Place::NeedsPrevious | Place::Surplus | Place::Impossible => false,
        }
    }

    /// The commit that held this entry is done; commits end in the order of staging.
    pub(crate) fn settle(&mut self, seq: Seq, hash: EntryHash) {
        if let Some(branch) = self.branches_mut().find(|branch| branch.get(seq) == Some(hash)) {
            branch.durable += 1;
        }
    }

    /// All entries from this number on, of every branch, durable or not.
    pub(crate) fn entries_from(&self, from: Seq) -> impl Iterator<Item = (Seq, EntryHash)> {
        self.branches().flat_map(move |branch| {
            let skip = usize::try_from(from.0.saturating_sub(branch.first)).unwrap_or(usize::MAX);
            let entries = branch.hashes.iter().enumerate().skip(skip);
            entries.map(|(offset, hash)| (Seq(branch.first + offset as u64), *hash))
        })
    }

    /// How the log branches from its fork on, for the store; none if it doesn't and never did.
    pub(crate) fn fork_row(&self) -> Option<Vec<u8>> {
        let Some(fork) = self.fork else { return self.described.then(|| vec![0]) };
        let below = usize::try_from(fork.0 - self.main.first).unwrap_or(usize::MAX);
        let parent = below.checked_sub(1).and_then(|n| self.main.hashes.get(n)).copied();
        let mut w = Writer::new();
        let main = (fork.0, parent.unwrap_or(NO_PREVIOUS), self.main.hashes.get(below..).unwrap_or_default());
        let sides = self.sides.iter().map(|side| (side.first, side.parent, side.hashes.as_slice()));
        w.u8(u8::try_from(self.sides.len()).unwrap_or(u8::MAX));
        for (first, parent, hashes) in std::iter::once(main).chain(sides) {
            w.u64(first);
            parent.encode(&mut w);
            w.list(hashes);
        }
        Some(w.finish())
    }

    /// A log read back: `entries` ascending, and the row that says how it branches, if there is one.
    ///
    /// After a failed commit a later one may be here: each branch ends before the first entry that isn't, and what lies
    /// beyond is as if it weren't here either.
    pub(crate) fn restore(
        entries: &[(Seq, EntryHash)],
        fork_row: Option<&[u8]>,
    ) -> Result<Self, DecodeError> {
        let mut branches = fork_row.map(read_fork).transpose()?.unwrap_or_default().into_iter();
        let mut chain = Self { described: fork_row.is_some(), ..Self::default() };
        let main = branches.next();
        let trunk = main.as_ref().map_or(u64::MAX, |main| main.first);
        let alone = |n: usize| {
            let near = n.checked_sub(1).into_iter().chain([n + 1]);
            near.filter_map(|n| entries.get(n))
                .all(|(seq, _)| Some(seq) != entries.get(n).map(|(seq, _)| seq))
        };
        let in_order =
            |(n, (seq, _)): &(usize, &(Seq, EntryHash))| seq.0 == *n as u64 + 1 && seq.0 < trunk && alone(*n);
        chain.main.hashes.extend(entries.iter().enumerate().take_while(in_order).map(|(_, (_, hash))| *hash));
        let mut rest: Vec<_> = main.into_iter().chain(branches).collect();
        // The main one first, then lower ones: what a branch begins on is here before it.
        if let Some(sides) = rest.get_mut(1..) {
            sides.sort_by_key(|side| side.first);
        }
        for mut branch in rest {
            let here = branch.hashes.iter().zip(branch.first..);
            let here = here.take_while(|(hash, seq)| entries.binary_search(&(Seq(*seq), **hash)).is_ok());
            branch.hashes.truncate(here.count());
            chain.attach(branch);
        }
        chain.fork = chain.sides.iter().map(|side| Seq(side.first)).min();
        for branch in chain.branches_mut() {
            branch.durable = branch.hashes.len();
        }
        Ok(chain)
    }

    /// Puts a branch that was read back where it belongs, or nowhere.
    fn attach(&mut self, branch: Branch) {
        let ends = |other: &&mut Branch| {
            other.end() == branch.first && other.hashes.last().unwrap_or(&other.parent) == &branch.parent
        };
        let before = Seq(branch.first.saturating_sub(1));
        if let Some(end) = self.branches_mut().find(ends) {
            end.hashes.extend(branch.hashes);
        } else if !branch.hashes.is_empty() && (branch.first == 1 || self.contains(before, branch.parent)) {
            self.sides.push(branch);
        }
    }
}

/// The branches that a row names, the main one first, from the fork on.
fn read_fork(row: &[u8]) -> Result<Vec<Branch>, DecodeError> {
    let mut r = Reader::new(row);
    let sides = usize::from(r.u8()?);
    let mut branches = Vec::new();
    for _ in 0..if sides > 0 { sides + 1 } else { 0 } {
        let (first, parent) = (r.u64()?, EntryHash::decode(&mut r)?);
        let hashes = r.list("entries of a branch", usize::MAX)?;
        branches.push(Branch { first, parent, durable: 0, hashes });
    }
    r.end()?;
    Ok(branches)
}

#[cfg(test)]
mod tests;
