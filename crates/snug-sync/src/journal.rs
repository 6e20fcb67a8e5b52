//! The logs of all devices of a circle, and what of them counts.
//!
//! Of each device's log a prefix counts: all of it for a current device, up to its last named entry for one that left, up
//! to the entry before the fork for one that forked. The rest is *quarantined*: kept, passed on, not applied. That is a
//! pure function of the membership operations and the entries that are here, whatever order they came in.

use crate::chain::{Chain, Place};
use snug_circle::entry::NO_PREVIOUS;
use snug_circle::{Membership, Tip};
use snug_types::{DeviceId, DocumentRef, EntryHash, Seq};
use std::collections::{BTreeMap, BTreeSet};

/// The place up to which a log counts if all of it does.
const ALL: Seq = Seq(u64::MAX);

/// All logs of one circle.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    chains: BTreeMap<DeviceId, Chain>,
    /// Places of the entries of each document, durable or not, ascending, by device.
    documents: BTreeMap<DocumentRef, BTreeMap<DeviceId, Vec<Seq>>>,
    /// The last place that counts; all do where none is named.
    limits: BTreeMap<DeviceId, Seq>,
    /// Documents that turned out to be another member's page, and who wrote on them before that member came.
    trespasses: BTreeSet<(DocumentRef, DeviceId)>,
}

/// What of one log counts has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) device: DeviceId,
    /// The entries after this one ...
    after: Seq,
    /// ... up to this one ...
    to: Seq,
    /// ... are quarantined from now on, or aren't.
    pub(crate) quarantined: bool,
}

impl Journal {
    /// The log of a device.
    pub(crate) fn chain(&self, device: DeviceId) -> Option<&Chain> {
        self.chains.get(&device)
    }

    /// The devices that wrote something.
    pub(crate) fn devices(&self) -> Vec<DeviceId> {
        self.chains.keys().copied().collect()
    }

    pub(crate) fn chain_mut(&mut self, device: DeviceId) -> &mut Chain {
        self.chains.entry(device).or_default()
    }

    /// Where a device writes on: the end of its main branch, durable or not.
    pub(crate) fn end(&self, device: DeviceId) -> (Seq, EntryHash) {
        self.chains.get(&device).map_or((Seq::ZERO, NO_PREVIOUS), Chain::end)
    }

    /// True if this very entry is here, durable or on its way to the disk.
    pub(crate) fn contains(&self, device: DeviceId, seq: Seq, hash: EntryHash) -> bool {
        self.chains.get(&device).is_some_and(|chain| chain.contains(seq, hash))
    }

    pub(crate) fn place(&self, device: DeviceId, seq: Seq, hash: EntryHash, previous: EntryHash) -> Place {
        match self.chains.get(&device) {
            Some(chain) => chain.place(seq, hash, previous),
            None => Chain::default().place(seq, hash, previous),
        }
    }

    /// True if the entry at this place counts.
    pub(crate) fn accepts(&self, device: DeviceId, seq: Seq, document: DocumentRef) -> bool {
        seq <= self.limit(device) && !self.trespasses.contains(&(document, device))
    }

    fn limit(&self, device: DeviceId) -> Seq {
        self.limits.get(&device).copied().unwrap_or(ALL)
    }

    /// Looks again at what of a device's log counts, after it forked or the membership changed.
    pub(crate) fn judge(&mut self, device: DeviceId, membership: &Membership) -> Option<Moved> {
        let before_fork = self.chains.get(&device).and_then(Chain::fork).map_or(ALL, before);
        let (old, new) = (self.limit(device), before_fork.min(self.named_end(device, membership)));
        if new == ALL {
            self.limits.remove(&device);
        } else {
            self.limits.insert(device, new);
        }
        (old != new).then(|| Moved { device, after: old.min(new), to: old.max(new), quarantined: new < old })
    }

    /// The last place that the membership leaves a device.
    fn named_end(&self, device: DeviceId, membership: &Membership) -> Seq {
        let Some(known) = membership.device(device) else {
            // Its admission was voided by a leave that it is concurrent with.
            return Seq::ZERO;
        };
        let Some(gone) = known.gone else { return ALL };
        let Some((seq, hash)) = gone.last else { return Seq::ZERO };
        let chain = self.chains.get(&device);
        let another = chain.is_some_and(|chain| chain.reaches(seq) && !chain.contains(seq, hash));
        if another { before(seq) } else { seq }
    }

    /// Looks at all logs and pages.
    pub(crate) fn judge_all(&mut self, membership: &Membership) {
        for device in self.devices() {
            self.judge(device, membership);
        }
        self.judge_pages(membership);
    }

    /// Looks again at who wrote on what turned out to be another member's page: these pairs moved, in or out.
    pub(crate) fn judge_pages(&mut self, membership: &Membership) -> Vec<(DocumentRef, DeviceId)> {
        let mut now = BTreeSet::new();
        for (document, devices) in &self.documents {
            let Some(owner) = membership.page_owner(document.document) else { continue };
            let others = devices.keys().filter(|device| membership.member_of(**device) != Some(owner));
            now.extend(others.map(|device| (*document, *device)));
        }
        let moved = now.symmetric_difference(&self.trespasses).copied().collect();
        self.trespasses = now;
        moved
    }

    /// Every entry of a device in a document, and whether it is out.
    pub(crate) fn entries_in(&self, document: DocumentRef, device: DeviceId) -> Vec<(Seq, EntryHash, bool)> {
        let places = self.documents.get(&document).and_then(|devices| devices.get(&device));
        let chain = self.chains.get(&device);
        let entries = |seq: &Seq| {
            let out = !self.accepts(device, *seq, document);
            let at = chain.into_iter().flat_map(|chain| chain.entries_from(*seq)).take_while(|e| e.0 == *seq);
            at.map(|(seq, hash)| (seq, hash, out)).collect::<Vec<_>>()
        };
        places.into_iter().flatten().flat_map(entries).collect()
    }

    /// Every entry, durable or not, whose verdict moved.
    pub(crate) fn entries_moved(&self, moved: Moved) -> Vec<(Seq, EntryHash)> {
        let Some(chain) = self.chains.get(&moved.device) else { return Vec::new() };
        let from = Seq(moved.after.0.saturating_add(1));
        chain.entries_from(from).filter(|(seq, _)| *seq <= moved.to).collect()
    }

    /// The documents whose durable entries moved.
    pub(crate) fn documents_moved(&self, moved: Moved) -> Vec<DocumentRef> {
        let touched = |places: &Vec<Seq>| {
            let next = places.partition_point(|seq| *seq <= moved.after);
            places.get(next).is_some_and(|seq| *seq <= moved.to)
        };
        let of = self.documents.iter().filter(|(_, devices)| devices.get(&moved.device).is_some_and(touched));
        of.map(|(document, _)| *document).collect()
    }

    /// An entry's commit is done.
    pub(crate) fn settle(&mut self, device: DeviceId, seq: Seq, hash: EntryHash) {
        if let Some(chain) = self.chains.get_mut(&device) {
            chain.settle(seq, hash);
        }
    }

    /// Remembers the document of an entry.
    pub(crate) fn note(
        &mut self,
        device: DeviceId,
        seq: Seq,
        document: DocumentRef,
        membership: &Membership,
    ) {
        if membership
            .page_owner(document.document)
            .is_some_and(|owner| membership.member_of(device) != Some(owner))
        {
            self.trespasses.insert((document, device));
        }
        let places = self.documents.entry(document).or_default().entry(device).or_default();
        let at = places.partition_point(|place| *place < seq);
        if places.get(at) != Some(&seq) {
            places.insert(at, seq);
        }
    }

    /// The durable ends of all logs, ascending.
    pub(crate) fn tips(&self) -> impl Iterator<Item = (DeviceId, Vec<(Seq, EntryHash)>)> {
        self.chains.iter().map(|(device, chain)| (*device, chain.tips())).filter(|(_, tips)| !tips.is_empty())
    }

    /// The same, as receipts name them.
    pub(crate) fn flat_tips(&self) -> Vec<Tip> {
        let of = |(device, tips): (DeviceId, Vec<(Seq, EntryHash)>)| {
            tips.into_iter().map(move |(seq, hash)| Tip { device, seq, hash })
        };
        self.tips().flat_map(of).collect()
    }

    /// The last durable entry that counts of each log.
    pub(crate) fn accepted_ends(&self) -> Vec<(DeviceId, Seq)> {
        let of = |(device, chain): (&DeviceId, &Chain)| (*device, chain.highest().min(self.limit(*device)));
        self.chains.iter().map(of).filter(|(_, seq)| *seq > Seq::ZERO).collect()
    }

    /// The last durable entry that counts of each log in one document.
    pub(crate) fn accepted_in(&self, document: DocumentRef) -> Vec<(DeviceId, Seq)> {
        let last = |(device, places): (&DeviceId, &Vec<Seq>)| {
            let durable = self.chains.get(device).map_or(Seq::ZERO, Chain::highest);
            let end = places.partition_point(|seq| *seq <= durable.min(self.limit(*device)));
            let seq = *places.get(end.checked_sub(1)?)?;
            self.accepts(*device, seq, document).then_some((*device, seq))
        };
        self.documents.get(&document).into_iter().flatten().filter_map(last).collect()
    }
}

/// The place before this one.
const fn before(seq: Seq) -> Seq {
    Seq(seq.0.saturating_sub(1))
}
