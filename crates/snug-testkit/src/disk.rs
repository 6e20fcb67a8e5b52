//! A disk: rows wait in order until it syncs; a crash keeps a prefix of what waited.

use snug_sync::{EntryRow, Restored, Row, Ticket};
use snug_types::{DeviceId, DocumentRef, EntryHash, EpochId, OpHash, Seq};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A durable entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// The document that it changes.
    pub document: DocumentRef,
    /// The sealed envelope.
    pub envelope: Vec<u8>,
    /// True if it isn't to be applied.
    pub quarantined: bool,
    /// Its place in the order of storing.
    pub position: u64,
}

/// What is durable, and what waits.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    ops: BTreeMap<OpHash, Vec<u8>>,
    epochs: BTreeMap<EpochId, (Vec<u8>, Option<[u8; 32]>)>,
    entries: BTreeMap<(DeviceId, Seq, EntryHash), StoredEntry>,
    receipts: BTreeMap<DeviceId, Vec<u8>>,
    forks: BTreeMap<DeviceId, Vec<u8>>,
    own: Option<Vec<u8>>,
    /// The highest number of each device.
    highest: BTreeMap<DeviceId, Seq>,
    waiting: VecDeque<(Ticket, Vec<Row>)>,
    next: u64,
    /// While it is blocked, nothing becomes durable.
    pub blocked: bool,
}

impl Disk {
    /// Takes rows to be synced.
    pub(crate) fn write(&mut self, ticket: Ticket, rows: Vec<Row>) {
        self.waiting.push_back((ticket, rows));
    }

    /// True if something waits.
    pub(crate) fn waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Syncs the oldest `most` commits: their tickets.
    pub(crate) fn sync(&mut self, most: usize) -> Vec<Ticket> {
        let mut synced = Vec::new();
        while synced.len() < most
            && let Some((ticket, rows)) = self.waiting.pop_front()
        {
            for row in rows {
                self.keep(row);
            }
            synced.push(ticket);
        }
        synced
    }

    /// Power goes: of what waits, the oldest `kept` commits reached the disk.
    pub(crate) fn crash(&mut self, kept: usize) {
        self.sync(kept);
        self.waiting.clear();
    }

    /// The disk is full, and some of what waits fits all the same: each commit is refused or kept, and none confirmed.
    pub(crate) fn refuse(&mut self, mut fits: impl FnMut() -> bool) {
        for (_, rows) in std::mem::take(&mut self.waiting) {
            if fits() {
                for row in rows {
                    self.keep(row);
                }
            }
        }
    }

    fn keep(&mut self, row: Row) {
        match row {
            Row::Op { hash, bytes } => _ = self.ops.insert(hash, bytes),
            Row::Epoch { id, announcement, secret } => {
                let secret = secret.or_else(|| self.epochs.get(&id).and_then(|(_, secret)| *secret));
                self.epochs.insert(id, (announcement, secret));
            }
            Row::Entry { device, seq, hash, document, envelope, quarantined, .. } => {
                if self.entries.contains_key(&(device, seq, hash)) {
                    return;
                }
                self.next += 1;
                let highest = self.highest.entry(device).or_default();
                *highest = seq.max(*highest);
                let entry = StoredEntry { document, envelope, quarantined, position: self.next };
                self.entries.insert((device, seq, hash), entry);
            }
            Row::Verdict { device, seq, hash, quarantined } => {
                if let Some(entry) = self.entries.get_mut(&(device, seq, hash)) {
                    entry.quarantined = quarantined;
                }
            }
            Row::Receipt { device, bytes } => _ = self.receipts.insert(device, bytes),
            Row::Fork { device, bytes } => _ = self.forks.insert(device, bytes),
            Row::Own { bytes } => self.own = Some(bytes),
        }
    }

    /// The durable entries, by device, number and hash.
    pub const fn entries(&self) -> &BTreeMap<(DeviceId, Seq, EntryHash), StoredEntry> {
        &self.entries
    }

    /// The durable membership operations.
    pub fn ops(&self) -> BTreeSet<OpHash> {
        self.ops.keys().copied().collect()
    }

    /// The durable epochs, with their announcements and whatever secrets are held.
    pub const fn epochs(&self) -> &BTreeMap<EpochId, (Vec<u8>, Option<[u8; 32]>)> {
        &self.epochs
    }

    /// The highest durable number of a device.
    pub fn highest(&self, device: DeviceId) -> Seq {
        self.highest.get(&device).copied().unwrap_or_default()
    }

    /// Envelopes of a stretch of a log, until they pass so many bytes.
    pub(crate) fn load(&self, device: DeviceId, from: Seq, to: Seq, bytes: usize) -> Vec<Vec<u8>> {
        let (mut taken, mut last, mut sum) = (Vec::new(), None, 0);
        let range = (device, from, EntryHash([0; 32]))..=(device, to, EntryHash([255; 32]));
        for ((_, seq, _), entry) in self.entries.range(range) {
            if sum >= bytes && last != Some(*seq) {
                break;
            }
            sum += entry.envelope.len();
            last = Some(*seq);
            taken.push(entry.envelope.clone());
        }
        taken
    }

    /// Everything durable, as it is read at a start.
    pub(crate) fn restored(&self) -> Restored {
        let entry = |((device, seq, hash), entry): (&(DeviceId, Seq, EntryHash), &StoredEntry)| EntryRow {
            device: *device,
            seq: *seq,
            hash: *hash,
            document: entry.document,
        };
        Restored {
            ops: self.ops.values().cloned().collect(),
            epochs: self.epochs.values().cloned().collect(),
            entries: self.entries.iter().map(entry).collect(),
            receipts: self.receipts.values().cloned().collect(),
            forks: self.forks.iter().map(|(device, bytes)| (*device, bytes.clone())).collect(),
            own: self.own.clone(),
        }
    }
}
