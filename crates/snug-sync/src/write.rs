//! What this laptop does itself: founding, editing, admitting, leaving. Each is signed, staged and given to the disk; it is
//! acknowledged and told to others when it is durable.

use crate::bound::COMMITS;
use crate::chain::Chain;
use crate::circle_sync::CircleSync;
use crate::commits::{Commit, Staged};
use crate::frame::push_frame;
use crate::input::{Local, LocalError};
use crate::output::{Output, Row, SessionId, Ticket};
use crate::session::PeerSession;
use snug_circle::{
    Admission, Entry, EntryHeader, Envelope, Membership, MembershipLog, Op, Tip, actor_id, entry_hash,
    op_hash, payload_hash,
};
use snug_crypto::{DeviceSecret, Entropy, Verified};
use snug_types::bound::{HEADS, PAYLOAD_BYTES};
use snug_types::{DeviceId, EpochId, UnixMillis, to_bytes};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Merges of membership heads that one write makes: four thousand heads. Where there are more, the next write goes on.
const MERGES_AT_ONCE: usize = 64;

impl CircleSync {
    /// Founds a circle. It is one when the ticket is acknowledged.
    pub fn found(secret: DeviceSecret, entropy: &mut dyn Entropy, now: UnixMillis) -> (Self, Ticket) {
        let (log, op) = MembershipLog::found(&secret, entropy);
        let mut sync = Self::new(log.circle(), secret);
        sync.see(now);
        sync.log = log;
        let mut commit = Commit::default();
        sync.stage_op(&op, &mut commit);
        let ticket = sync.submit(commit);
        (sync, ticket)
    }

    /// Takes an edit of this laptop in; it is acknowledged when it is durable.
    pub fn local(
        &mut self,
        now: UnixMillis,
        entropy: &mut dyn Entropy,
        edit: Local,
    ) -> Result<Ticket, LocalError> {
        self.see(now);
        self.may_write()?;
        let bytes = edit.payload.len();
        if bytes > PAYLOAD_BYTES {
            return Err(LocalError::TooLarge { bytes, bound: PAYLOAD_BYTES });
        }
        self.merge_heads()?;
        let mut commit = Commit::default();
        let epoch = self.covering_epoch(entropy, &mut commit)?;
        let header = self.next_header(now, &edit)?;
        let secret = self.epochs.secret(&epoch).ok_or_else(|| LocalError::Refused("no secret".to_owned()))?;
        let envelope = Envelope::seal(&header, &edit.payload, epoch, secret, entropy);
        let envelope = to_bytes(&envelope.map_err(|error| LocalError::Refused(error.to_string()))?);
        self.stage_entry(Entry { header, payload: edit.payload }, envelope, true, &mut commit);
        Ok(self.submit(commit))
    }

    /// Lets a newcomer in.
    pub fn admit(&mut self, now: UnixMillis, admission: Admission) -> Result<Ticket, LocalError> {
        self.see(now);
        self.may_write()?;
        self.merge_heads()?;
        let op = self.log.admit(&self.secret, admission).map_err(|e| LocalError::Refused(e.to_string()))?;
        self.sign_off(&op)
    }

    /// Leaves the circle, even where it is frozen: nothing is written here after that. Until a member holds it
    /// ([`Output::LeaveDelivered`]), the others still count this laptop.
    pub fn leave(&mut self, now: UnixMillis) -> Result<Ticket, LocalError> {
        self.see(now);
        self.may_sign()?;
        self.merge_heads()?;
        let tips = self.own_tips(self.log.current());
        let op = self.log.leave(&self.secret, tips).map_err(|e| LocalError::Refused(e.to_string()))?;
        self.sign_off(&op)
    }

    /// How far the logs of this laptop's member go.
    fn own_tips(&self, membership: &Membership) -> Vec<Tip> {
        let Some(member) = membership.member_of(self.me) else { return Vec::new() };
        let devices = membership.devices().iter().filter(|(_, device)| device.member == member);
        let ends = devices.filter_map(|(device, _)| Some((*device, self.journal.chain(*device)?.end())));
        let written = ends.filter(|(_, (seq, _))| seq.0 > 0);
        written.map(|(device, (seq, hash))| Tip { device, seq, hash }).collect()
    }

    fn sign_off(&mut self, op: &Verified<Op>) -> Result<Ticket, LocalError> {
        let mut commit = Commit::default();
        self.log.insert(op.clone()).map_err(|error| LocalError::Refused(error.to_string()))?;
        self.stage_op(op, &mut commit);
        self.membership_moved(&mut commit);
        Ok(self.submit(commit))
    }

    fn may_write(&self) -> Result<(), LocalError> {
        self.may_sign()?;
        if self.log.frozen() { Err(LocalError::Frozen) } else { Ok(()) }
    }

    fn may_sign(&self) -> Result<(), LocalError> {
        if let Some(reason) = self.stopped {
            return Err(LocalError::Stopped(reason));
        }
        if !self.is_member() {
            return Err(LocalError::NotMember);
        }
        if self.commits.len() >= COMMITS {
            return Err(LocalError::Busy(self.commits.len()));
        }
        Ok(())
    }

    /// Whoever can't list all heads is sent again what it has: it merges them when it meets somebody, even if it has
    /// nothing to write. Not at once when they come: everybody would, and make as many anew.
    pub(crate) fn keep_heads_listed(&mut self) {
        if self.log.all_heads().len() > HEADS && self.may_write().is_ok() {
            // What isn't merged yet is in a later round.
            drop(self.merge_heads());
        }
    }

    /// Where a hostile member made more membership heads than should be named, merges them before anything names them:
    /// what is written must say all that is known, who left above all.
    fn merge_heads(&mut self) -> Result<(), LocalError> {
        let mut commit = Commit::default();
        let mut merged = Ok(());
        while self.log.has_many_heads() && merged.is_ok() && commit.ops.len() < MERGES_AT_ONCE {
            let op = self.log.merge(&self.secret);
            let taken = op.and_then(|op| self.log.insert(op.clone()).map(|_| op));
            merged = taken.map(|op| self.stage_op(&op, &mut commit));
        }
        if !commit.ops.is_empty() {
            self.membership_moved(&mut commit);
            self.submit(commit);
        }
        merged.map_err(|error| LocalError::Refused(error.to_string()))?;
        if self.log.has_many_heads() {
            return Err(LocalError::Refused("what members did at once is still being joined".to_owned()));
        }
        Ok(())
    }

    /// The epoch to seal under: one that misses no removal known here, fresh if there is none.
    fn covering_epoch(
        &mut self,
        entropy: &mut dyn Entropy,
        commit: &mut Commit,
    ) -> Result<EpochId, LocalError> {
        if let Some(epoch) = self.epochs.choose(&self.log) {
            return Ok(epoch);
        }
        let refused = |error: String| LocalError::Refused(error);
        let minted =
            self.epochs.mint(&self.log, &self.secret, entropy).map_err(|e| refused(e.to_string()))?;
        let epoch = minted.id();
        self.epochs.insert(&self.log, &self.secret, minted).map_err(|e| refused(e.to_string()))?;
        self.stage_epoch(epoch, commit);
        Ok(epoch)
    }

    fn next_header(&self, now: UnixMillis, edit: &Local) -> Result<Verified<EntryHeader>, LocalError> {
        let (last, previous) = self.journal.end(self.me);
        let seq = last.next().ok_or_else(|| LocalError::Refused("the log is full".to_owned()))?;
        let header = EntryHeader {
            circle: self.circle,
            device: self.me,
            seq,
            previous,
            document: edit.document,
            kind: edit.kind,
            incarnation: edit.incarnation,
            replica: edit.replica,
            actor: actor_id(self.me, edit.incarnation, edit.replica),
            newest: edit.newest,
            heads: self.log.heads(),
            payload: payload_hash(&edit.payload),
            at: now,
        };
        Verified::sign(header, &self.secret).map_err(|error| LocalError::Refused(error.to_string()))
    }

    /// Puts a verified entry at its place and its row into the commit.
    pub(crate) fn stage_entry(&mut self, entry: Entry, envelope: Vec<u8>, counts: bool, commit: &mut Commit) {
        let header = &entry.header;
        let (device, seq, hash) = (header.device, header.seq, entry_hash(header));
        if self.journal.chain_mut(device).stage(seq, hash, header.previous) {
            commit.forks.push(device);
        }
        self.journal.note(device, seq, header.document, self.log.current());
        self.judge(device, commit);
        let pushed = self.sessions.iter().any(|(id, session)| wants_push(*id, session, device, commit.from));
        let push = pushed.then(|| push_frame(&envelope));
        commit.bytes += envelope.len();
        commit.rows.push(Row::Entry {
            device,
            seq,
            hash,
            document: header.document,
            kind: header.kind,
            at: header.at.min(self.now),
            envelope,
            quarantined: !counts || !self.journal.accepts(device, seq, header.document),
        });
        commit.entries.push(Staged { entry: Arc::new(entry), hash, push, counts });
    }

    /// Looks again at what of a device's log counts, and marks the rows whose verdict changed.
    pub(crate) fn judge(&mut self, device: DeviceId, commit: &mut Commit) {
        let Some(moved) = self.journal.judge(device, self.log.current()) else { return };
        let rows = self.journal.entries_moved(moved).into_iter();
        let quarantined = moved.quarantined;
        commit.rows.extend(rows.map(|(seq, hash)| Row::Verdict { device, seq, hash, quarantined }));
        commit.rebuild.extend(self.journal.documents_moved(moved));
    }

    /// Puts an operation that the log took into the commit.
    pub(crate) fn stage_op(&mut self, op: &Verified<Op>, commit: &mut Commit) {
        let hash = op_hash(op.signed());
        commit.rows.push(Row::Op { hash, bytes: to_bytes(op.signed()) });
        commit.ops.push(hash);
        commit.heads = Some(self.log.heads());
    }

    /// Puts an epoch that is held into the commit.
    pub(crate) fn stage_epoch(&mut self, id: EpochId, commit: &mut Commit) {
        let Some(announcement) = self.epochs.get(&id) else { return };
        let secret = self.epochs.secret(&id).map(|secret| *secret.as_bytes());
        commit.rows.push(Row::Epoch { id, announcement: to_bytes(announcement.signed()), secret });
        commit.epochs.push(id);
    }

    /// Gives a commit to the disk.
    pub(crate) fn submit(&mut self, mut commit: Commit) -> Ticket {
        self.keep_forks(&mut commit);
        self.reserve_receipts(&mut commit);
        self.flush_receipts(&mut commit);
        let (ticket, rows) = self.commits.begin(commit);
        self.out(Output::Persist { ticket, rows });
        ticket
    }

    /// Where a commit touches forked logs, how they branch goes with it.
    fn keep_forks(&self, commit: &mut Commit) {
        let devices: BTreeSet<_> = commit.entries.iter().map(|staged| staged.entry.header.device).collect();
        for device in devices {
            let row = self.journal.chain(device).and_then(Chain::fork_row);
            commit.rows.extend(row.map(|bytes| Row::Fork { device, bytes }));
        }
    }
}

/// True if a new entry of this device is sent to this session as soon as it is durable. `from` is where it came from;
/// nowhere, for this laptop's own.
pub(crate) fn wants_push(
    id: SessionId,
    session: &PeerSession,
    device: DeviceId,
    from: Option<SessionId>,
) -> bool {
    match from {
        None => true,
        Some(from) => from != id && session.device != device && session.pushed.contains(&device),
    }
}
