//! Beginning: with nothing but a circle's id, or with what the store gives back.
//!
//! Everything in memory follows from the rows: what is acknowledged was durable first, so a laptop that comes back from
//! any crash holds at least what it had said it holds.

use crate::chain::Chain;
use crate::circle_sync::{CircleSync, Own};
use crate::commits::Commits;
use crate::input::{EntryRow, RestoreError, Restored};
use crate::journal::Journal;
use crate::ledger::Ledger;
use crate::output::StopReason;
use crate::waiting::Waiting;
use snug_circle::{Epochs, MembershipLog, Op, Receipt};
use snug_crypto::{DeviceSecret, EpochSecret, Signed, Verified};
use snug_types::{CircleId, Decode, DecodeError, DeviceId, Encode, Reader, UnixMillis, Writer, from_bytes};
use std::collections::{BTreeMap, VecDeque};

impl CircleSync {
    /// A laptop that is admitted, or soon will be, and knows nothing of the circle but its id. What it needs to know it
    /// learns from the first session; [`Output::Admitted`](crate::Output::Admitted) tells when it is a member.
    pub fn joining(circle: CircleId, secret: DeviceSecret) -> Self {
        Self::new(circle, secret)
    }

    /// A laptop that comes back: the rows are its own store's, and taken at their word.
    pub fn restore(circle: CircleId, secret: DeviceSecret, rows: Restored) -> Result<Self, RestoreError> {
        let mut sync = Self::new(circle, secret);
        for bytes in &rows.ops {
            let op: Signed<Op> = read("membership operation", bytes)?;
            sync.log.insert(Verified::trusted(op)).map_err(|_| RestoreError::Gap("membership operations"))?;
        }
        if sync.log.len() < rows.ops.len() {
            return Err(RestoreError::Gap("membership operations"));
        }
        for (announcement, secret) in rows.epochs {
            let announcement = Verified::trusted(read("epoch", &announcement)?);
            sync.epochs.restore(announcement, secret.map(EpochSecret::from_bytes));
        }
        sync.restore_journal(&rows.entries, &rows.forks)?;
        for bytes in &rows.receipts {
            let receipt: Signed<Receipt> = read("receipt", bytes)?;
            sync.ledger.take(Verified::trusted(receipt));
        }
        if let Some(bytes) = &rows.own {
            sync.own = read("counter", bytes)?;
        }
        sync.stopped = sync.own.elsewhere.then_some(StopReason::OwnLogElsewhere);
        sync.ledger.keep_current(sync.log.current());
        sync.durable_heads = sync.log.heads();
        let (tips, reserved) = (sync.journal.flat_tips(), sync.own.receipts_reserved);
        sync.ledger.restore(sync.me, reserved, &tips, &sync.durable_heads);
        sync.admitted = sync.is_member();
        Ok(sync)
    }

    fn restore_journal(
        &mut self,
        entries: &[EntryRow],
        forks: &[(DeviceId, Vec<u8>)],
    ) -> Result<(), RestoreError> {
        let mut logs: BTreeMap<DeviceId, Vec<_>> = BTreeMap::new();
        for entry in entries {
            logs.entry(entry.device).or_default().push((entry.seq, entry.hash));
        }
        for (device, mut log) in logs {
            log.sort_unstable();
            let fork = forks.iter().find(|(forked, _)| *forked == device).map(|(_, bytes)| bytes.as_slice());
            let chain = Chain::restore(&log, fork);
            let chain = chain.map_err(|error| RestoreError::Unreadable { what: "fork", error })?;
            *self.journal.chain_mut(device) = chain.ok_or(RestoreError::Gap("entries"))?;
        }
        for entry in entries {
            self.journal.note(entry.device, entry.seq, entry.document, self.log.current());
        }
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
        w.u8(1);
        w.u64(self.receipts_reserved);
        w.bool(self.elsewhere);
    }
}

impl Decode for Own {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match r.u8()? {
            1 => Ok(Self { receipts_reserved: r.u64()?, elsewhere: r.bool()? }),
            tag => Err(DecodeError::UnknownTag { what: "version of the counters", tag: tag.into() }),
        }
    }
}
