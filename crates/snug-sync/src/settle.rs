//! What follows when a commit is durable: acknowledge, push, apply, announce; and what happens by and by.

use crate::bound::SUMMARY_MILLIS;
use crate::circle_sync::CircleSync;
use crate::commits::{Commit, Staged};
use crate::output::{CloseReason, Output, SessionId, StopReason, Ticket};
use crate::receive::Standing;
use crate::write::wants_push;
use snug_circle::ContentKind;
use snug_crypto::Entropy;
use snug_types::{OpHash, UnixMillis};

impl CircleSync {
    /// The commit of this ticket is synced to the disk. One that comes before its predecessors' waits for them.
    pub fn persisted(&mut self, now: UnixMillis, entropy: &mut dyn Entropy, ticket: Ticket) {
        self.see(now);
        if self.stopped == Some(StopReason::Disk) {
            return;
        }
        self.commits.done(ticket);
        while let Some((ticket, commit)) = self.commits.pop_done() {
            self.settle(entropy, ticket, commit);
        }
        self.ask(false);
    }

    /// The commit of this ticket failed: nothing is written, sent or acknowledged here any more.
    pub fn persist_failed(&mut self, now: UnixMillis, _ticket: Ticket) {
        self.see(now);
        self.stop(StopReason::Disk);
        let sessions: Vec<SessionId> = self.sessions.keys().copied().collect();
        for session in sessions {
            self.close(session, CloseReason::Stopped);
        }
    }

    pub(crate) fn stop(&mut self, reason: StopReason) {
        if self.stopped != Some(StopReason::Disk) {
            self.stopped = Some(reason);
            self.out(Output::Stopped { reason });
        }
    }

    fn settle(&mut self, entropy: &mut dyn Entropy, ticket: Ticket, commit: Commit) {
        let Commit { from, entries, ops, epochs, heads, rebuild, forks, reserved, strays, .. } = commit;
        self.own.receipts_reserved = reserved.unwrap_or(self.own.receipts_reserved);
        self.own.strays_unsaved &= !strays;
        if from.is_none() {
            self.out(Output::Acknowledged { ticket });
        }
        if !entries.is_empty() || heads.is_some() {
            self.ledger.moved();
            self.holdings_changed = true;
        }
        if let Some(heads) = heads {
            self.durable_heads = heads;
            self.spread_ops(from, &ops);
        }
        self.spread_epochs(entropy, from, &epochs);
        for staged in entries {
            self.settle_entry(from, staged);
        }
        for document in rebuild {
            self.out(Output::Rebuild { document });
        }
        for device in forks {
            self.out(Output::Fork { device });
        }
        if !ops.is_empty() {
            self.membership_settled();
        }
    }

    fn settle_entry(&mut self, from: Option<SessionId>, staged: Staged) {
        let Staged { entry, hash, push, counts } = staged;
        let (device, seq, document) = (entry.header.device, entry.header.seq, entry.header.document);
        self.journal.settle(device, seq, hash);
        if let Some(frame) = push {
            let to: Vec<_> = self.current_sessions(from);
            let to = to.into_iter().filter(|id| {
                self.sessions.get(id).is_some_and(|session| wants_push(*id, session, device, from))
            });
            for session in to.collect::<Vec<_>>() {
                self.out(Output::Send { session, frame: frame.clone() });
            }
        }
        let readable = counts && !matches!(entry.header.kind, ContentKind::Unknown(_));
        if from.is_some() && readable && self.journal.accepts(device, seq, document) {
            self.out(Output::Apply { entry });
        }
    }

    /// The durable membership is another one: who is greeted, who has to go.
    fn membership_settled(&mut self) {
        self.out(Output::MembershipChanged);
        let is_member = self.is_member();
        let admitted = std::mem::replace(&mut self.admitted, is_member);
        if self.admitted && !admitted {
            self.out(Output::Admitted);
        }
        self.ledger.keep_current(self.log.current());
        let sessions: Vec<_> = self.sessions.iter().map(|(id, peer)| (*id, peer.device)).collect();
        for (session, device) in sessions {
            match self.standing(device) {
                Standing::Gone => self.dismiss(session, device),
                Standing::Current | Standing::Unknown => self.begin_round(session),
            }
        }
    }

    /// A peer told what operations it holds: is this laptop's leave among them?
    pub(crate) fn see_leave_delivered(&mut self, theirs: &[OpHash]) {
        let gone = self.log.current().device(self.me).and_then(|device| device.gone);
        if let Some(gone) = gone
            && !self.leave_told
            && self.log.covers(theirs, &gone.by)
        {
            self.leave_told = true;
            self.out(Output::LeaveDelivered);
        }
    }

    /// Time passes. Called about once a second; what is done here is never urgent.
    pub fn tick(&mut self, now: UnixMillis) {
        self.see(now);
        if self.stopped == Some(StopReason::Disk) {
            return;
        }
        self.ledger.earn(now);
        self.lose_patience();
        let sessions: Vec<SessionId> = self.sessions.keys().copied().collect();
        for session in sessions {
            self.serve(session);
        }
        self.pass_on_receipts();
        let due = self.sessions.iter_mut().filter_map(|(id, peer)| {
            // A clock that was set back begins to wait anew.
            peer.summary_at = peer.summary_at.min(now);
            let due = now.0 - peer.summary_at.0 >= SUMMARY_MILLIS;
            (std::mem::take(&mut peer.again) || due).then_some(*id)
        });
        let due: Vec<_> = due.collect();
        for session in due {
            self.begin_round(session);
        }
        if self.ledger.has_unsaved() || self.ledger.needs_numbers(&self.own) {
            self.submit(Commit { from: None, ..Commit::default() });
        }
        self.ask(true);
    }
}
