//! Beginning: with nothing but a circle's id, or with what the store gives back.
//!
//! Everything in memory follows from the rows: what is acknowledged was durable first, so a laptop that comes back from
//! any crash holds at least what it had said it holds.
//!
//! Where a commit failed and a later one didn't, the later one's rows may build on what isn't here. Commits are acknowledged
//! in their order, so nobody was told of them: what doesn't connect is as if it weren't here, and comes again from others.
//! Entries of that kind are *strays*; the store is told which they are before anything is written in their place.

use crate::chain::Chain;
use crate::circle_sync::{CircleSync, Own};
use crate::commits::Commits;
use crate::input::{EntryRow, RestoreError, Restored};
use crate::journal::Journal;
use crate::ledger::Ledger;
use crate::output::StopReason;
use crate::waiting::Waiting;
use snug_circle::{EpochAnnouncement, Epochs, MembershipLog, Op};
use snug_crypto::{DeviceSecret, EpochSecret, Signed, Verified};
use snug_types::{
    CircleId, Decode, DecodeError, DeviceId, Encode, EntryHash, OpHash, Reader, Seq, UnixMillis, Writer,
    from_bytes,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

impl CircleSync {
    /// A laptop that is admitted, or soon will be, and knows nothing of the circle but its id. What it needs to know it
    /// learns from the first session; [`Output::Admitted`](crate::Output::Admitted) tells when it is a member.
    pub fn joining(circle: CircleId, secret: DeviceSecret) -> Self {
        Self::new(circle, secret)
    }

    /// A laptop that comes back: the rows are its own store's, and taken at their word.
    pub fn restore(circle: CircleId, secret: DeviceSecret, rows: Restored) -> Result<Self, RestoreError> {
        let mut sync = Self::new(circle, secret);
        if let Some(bytes) = &rows.own {
            sync.own = read("counter", bytes)?;
        }
        sync.restore_log(&rows.ops)?;
        for (announcement, secret) in rows.epochs {
            let announcement: Signed<EpochAnnouncement> = read("epoch", &announcement)?;
            if announcement.body.heads.iter().all(|head| sync.log.contains(head)) {
                let secret = secret.map(EpochSecret::from_bytes);
                sync.epochs.restore(Verified::trusted(announcement), secret);
            }
        }
        sync.restore_journal(&rows.entries, &rows.forks)?;
        // One that can't be read comes again.
        for kept in rows.receipts.iter().filter_map(|bytes| from_bytes(bytes).ok()) {
            sync.ledger.take(kept);
        }
        sync.stopped = sync.own.elsewhere.then_some(StopReason::OwnLogElsewhere);
        sync.ledger.keep_current(sync.log.current());
        sync.durable_heads = sync.log.heads();
        let (tips, reserved) = (sync.journal.flat_tips(), sync.own.receipts_reserved);
        sync.ledger.restore(sync.me, reserved, &tips, &sync.durable_heads);
        sync.admitted = sync.is_member();
        Ok(sync)
    }

    /// Operations in whatever order, those without all their parents left out.
    fn restore_log(&mut self, rows: &[Vec<u8>]) -> Result<(), RestoreError> {
        let mut children: BTreeMap<OpHash, Vec<OpHash>> = BTreeMap::new();
        let (mut ops, mut ready) = (BTreeMap::new(), VecDeque::new());
        for bytes in rows {
            let op: Verified<Op> = Verified::trusted(read("membership operation", bytes)?);
            let hash = op.hash();
            for parent in &op.parents {
                children.entry(*parent).or_default().push(hash);
            }
            if op.parents.is_empty() {
                ready.push_back(hash);
            }
            ops.insert(hash, op);
        }
        while let Some(hash) = ready.pop_front() {
            let Some(op) = ops.remove(&hash) else { continue };
            self.log.insert(op).map_err(|_| RestoreError::Gap("membership operations"))?;
            let whole = |child: &OpHash| {
                ops.get(child).is_some_and(|op| op.parents.iter().all(|parent| self.log.contains(parent)))
            };
            ready.extend(children.remove(&hash).into_iter().flatten().filter(whole));
        }
        Ok(())
    }

    fn restore_journal(
        &mut self,
        entries: &[EntryRow],
        forks: &[(DeviceId, Vec<u8>)],
    ) -> Result<(), RestoreError> {
        let mut logs: BTreeMap<DeviceId, Vec<_>> = BTreeMap::new();
        let known = |entry: &EntryRow| self.own.strays.contains(&(entry.device, entry.seq, entry.hash));
        let (strays, rest): (Vec<&EntryRow>, Vec<&EntryRow>) = entries.iter().partition(|entry| known(entry));
        for entry in rest {
            logs.entry(entry.device).or_default().push((entry.seq, entry.hash));
        }
        for (device, mut log) in logs {
            log.sort_unstable();
            let fork = forks.iter().find(|(forked, _)| *forked == device).map(|(_, bytes)| bytes.as_slice());
            let chain = Chain::restore(&log, fork);
            *self.journal.chain_mut(device) =
                chain.map_err(|error| RestoreError::Unreadable { what: "fork", error })?;
        }
        let mut found: BTreeSet<_> = strays.iter().map(|e| (e.device, e.seq, e.hash)).collect();
        for entry in entries {
            let chain = self.journal.chain(entry.device);
            if chain.is_some_and(|chain| chain.contains(entry.seq, entry.hash)) {
                self.journal.note(entry.device, entry.seq, entry.document, self.log.current());
            } else if chain.and_then(Chain::fork).is_none_or(|fork| entry.seq < fork) {
                // From a fork on the log's own row says what belongs to it.
                found.insert((entry.device, entry.seq, entry.hash));
            }
        }
        self.own.strays_unsaved = found != self.own.strays;
        self.own.strays = found;
        self.journal.judge_all(self.log.current());
        Ok(())
    }

    pub(crate) fn new(circle: CircleId, secret: DeviceSecret) -> Self {
        let mut ledger = Ledger::default();
        let me = secret.id();
        ledger.restore(me, 0, &[], &[]);
        Self {
            circle,
            secret,
            me,
            now: UnixMillis(0),
            log: MembershipLog::new(circle),
            epochs: Epochs::new(circle),
            journal: Journal::default(),
            waiting: Waiting::default(),
            ledger,
            commits: Commits::default(),
            sessions: BTreeMap::new(),
            asked: BTreeMap::new(),
            durable_heads: Vec::new(),
            own: Own::default(),
            stopped: None,
            next_read: 0,
            admitted: false,
            leave_told: false,
            holdings_changed: false,
            outputs: VecDeque::new(),
        }
    }
}

fn read<T: Decode>(what: &'static str, bytes: &[u8]) -> Result<T, RestoreError> {
    from_bytes(bytes).map_err(|error| RestoreError::Unreadable { what, error })
}

impl Encode for Own {
    fn encode(&self, w: &mut Writer) {
        w.u8(if self.strays.is_empty() { 1 } else { 2 });
        w.u64(self.receipts_reserved);
        w.bool(self.elsewhere);
        if !self.strays.is_empty() {
            w.u32(u32::try_from(self.strays.len()).unwrap_or(u32::MAX));
            for (device, seq, hash) in &self.strays {
                device.encode(w);
                seq.encode(w);
                hash.encode(w);
            }
        }
    }
}

impl Decode for Own {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let version = r.u8()?;
        if version != 1 && version != 2 {
            return Err(DecodeError::UnknownTag { what: "version of the counters", tag: version.into() });
        }
        let mut own = Self { receipts_reserved: r.u64()?, elsewhere: r.bool()?, ..Self::default() };
        if version == 2 {
            for _ in 0..r.count("strays", usize::MAX)? {
                own.strays.insert((DeviceId::decode(r)?, Seq::decode(r)?, EntryHash::decode(r)?));
            }
        }
        Ok(own)
    }
}
