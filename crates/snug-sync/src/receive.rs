//! What a peer says: bounded and read, checked, then staged for the disk. Nothing here is applied or answered with.
//!
//! ```text
//! frame ── longer than a frame, unreadable, an unknown version ──► Close
//!   │
//!   ▼                                                                                 (later: the waiting set)
//! envelope ─ epoch not held ─► waits     signature, payload, actor, seal wrong ─► Close        ▲
//!   │                                                                                          │
//!   ├─ membership heads not held ──────────────────────────────────────────────────────────────┤
//!   ├─ predecessor not held ───────────────────────────────────────────────────────────────────┘
//!   ├─ not a member's at its own heads ─► Close
//!   ├─ here already ─► Prune, if it was pushed
//!   └─ staged ─► Persist, and whatever waited for it is tried again
//! ```
//! An honest laptop passes on only what it has verified itself, so what fails a check that depends on the bytes alone
//! closes the session that brought it.

use crate::bound::{EARLY_EPOCHS, EARLY_OPS, MOST_STAGED_BYTES};
use crate::chain::Place;
use crate::circle_sync::CircleSync;
use crate::commits::Commit;
use crate::frame::Frame;
use crate::output::{CloseReason, Row, SessionId, StopReason};
use crate::waiting::Need;
use snug_circle::{
    Entry, Envelope, EpochAnnouncement, EpochError, EpochGrant, EpochInserted, GrantError, Inserted, Op,
    OpError, Quarantine, Verdict, entry_hash, entry_verdict,
};
use snug_crypto::{Entropy, Signed};
use snug_types::bound::FRAME_BYTES;
use snug_types::{DeviceId, EpochId, UnixMillis, from_bytes, to_bytes};
use std::collections::VecDeque;

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Examined {
    Staged,
    Known,
    Waits,
    Surplus,
}

/// How a peer stands to the circle, as this laptop knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// A current device; or this laptop is joining and knows nobody yet.
    Current,
    /// Nobody heard of here: it may bring the operation that admits it.
    Unknown,
    /// It left.
    Gone,
}

impl CircleSync {
    /// A frame came from a peer.
    pub fn peer_frame(
        &mut self,
        now: UnixMillis,
        entropy: &mut dyn Entropy,
        session: SessionId,
        bytes: &[u8],
    ) {
        self.see(now);
        let Some(peer) = self.sessions.get(&session) else { return };
        let standing = self.standing(peer.device);
        if bytes.len() > FRAME_BYTES {
            return self.close(session, CloseReason::TooLong(bytes.len()));
        }
        let frame = match from_bytes::<Frame>(bytes) {
            Ok(frame) => frame,
            Err(error) => return self.close(session, CloseReason::Malformed(error)),
        };
        let mut commit = Commit { from: Some(session), ..Commit::default() };
        let taken = self.take_frame(entropy, session, standing, frame, &mut commit);
        // What came before the fault was verified on its own, and is in the logs.
        if !commit.rows.is_empty() {
            self.submit(commit);
        }
        if let Err(reason) = taken {
            self.close(session, reason);
        }
        self.ask(false);
    }

    fn take_frame(
        &mut self,
        entropy: &mut dyn Entropy,
        session: SessionId,
        standing: Standing,
        frame: Frame,
        commit: &mut Commit,
    ) -> Result<(), CloseReason> {
        match frame {
            Frame::Summary(theirs) => {
                self.take_summary(session, theirs);
                Ok(())
            }
            Frame::Frontier { page, last } => self.take_frontier(entropy, session, page, last),
            Frame::Ops { ops, more } => {
                self.take_ops(session, ops, commit)?;
                self.again_if(more, session);
                Ok(())
            }
            // Whoever isn't a member here can bring operations, which prove themselves, and nothing else.
            _ if standing != Standing::Current => Ok(()),
            Frame::Want { ranges, credit } => {
                self.take_want(session, &ranges, credit);
                Ok(())
            }
            Frame::Answer { envelopes, end } => self.take_answer(session, envelopes, end, commit),
            Frame::Push { envelope } => self.take_push(session, envelope, commit),
            Frame::Epochs { announcements, grants, more } => {
                self.take_epochs(session, announcements, grants, commit)?;
                self.again_if(more, session);
                Ok(())
            }
            Frame::Receipts(receipts) => self.take_receipts(session, receipts),
            Frame::Prune(device) => {
                self.session_mut(session, |peer| peer.pushed.remove(&device));
                Ok(())
            }
        }
    }

    pub(crate) fn standing(&self, device: DeviceId) -> Standing {
        let membership = self.log.current();
        if membership.is_current(device) || self.log.is_empty() {
            Standing::Current
        } else if membership.device(device).is_some() {
            Standing::Gone
        } else {
            Standing::Unknown
        }
    }

    fn take_ops(
        &mut self,
        session: SessionId,
        ops: Vec<Signed<Op>>,
        commit: &mut Commit,
    ) -> Result<(), CloseReason> {
        let bringer = self.bringer(session);
        let mut applied = false;
        let mut fault = Ok(());
        for op in ops {
            let Ok(op) = op.verify() else {
                fault = Err(CloseReason::Dishonest("an operation with a wrong signature"));
                break;
            };
            let early = self.waiting.early.entry(bringer).or_default();
            if early.ops >= EARLY_OPS && op.parents.iter().any(|parent| !self.log.contains(parent)) {
                continue;
            }
            let inserted = match self.log.insert(op) {
                Ok(inserted) => inserted,
                // Nothing is said about this one: it comes again in a later round.
                Err(OpError::WaitingFull | OpError::LogFull) => continue,
                Err(_) => {
                    fault = Err(CloseReason::Dishonest("an invalid operation"));
                    break;
                }
            };
            early.ops += u64::from(inserted == Inserted::Waiting);
            if let Inserted::Applied(hashes) = inserted {
                for hash in hashes {
                    if let Some(op) = self.log.get(&hash).cloned() {
                        self.stage_op(&op, commit);
                        applied = true;
                    }
                }
            }
        }
        if applied {
            self.membership_moved(commit);
            let settled = self.epochs.settle(&self.log, &self.secret);
            self.take_secrets(&settled, commit);
            self.retry(Need::Ops, commit);
        }
        fault
    }

    /// The membership is another one: looks again at what of each log counts.
    pub(crate) fn membership_moved(&mut self, commit: &mut Commit) {
        for device in self.journal.devices() {
            self.judge(device, commit);
        }
        for (document, device) in self.journal.judge_pages(self.log.current()) {
            let entries = self.journal.entries_in(document, device).into_iter();
            let verdict = |(seq, hash, quarantined)| Row::Verdict { device, seq, hash, quarantined };
            commit.rows.extend(entries.map(verdict));
            commit.rebuild.push(document);
        }
        for peer in self.sessions.values_mut() {
            peer.broken.clear();
        }
    }

    /// Under whose name what comes too early is counted: a member's device, or all that aren't one.
    fn bringer(&self, session: SessionId) -> Option<DeviceId> {
        let device = self.sessions.get(&session)?.device;
        (self.standing(device) == Standing::Current).then_some(device)
    }

    fn take_epochs(
        &mut self,
        session: SessionId,
        announcements: Vec<Signed<EpochAnnouncement>>,
        grants: Vec<Signed<EpochGrant>>,
        commit: &mut Commit,
    ) -> Result<(), CloseReason> {
        let mut news = Vec::new();
        let taken = self.take_each_epoch(session, announcements, grants, &mut news);
        // What came before a fault is held, so it has to reach the disk.
        self.take_secrets(&news, commit);
        taken
    }

    fn take_each_epoch(
        &mut self,
        session: SessionId,
        announcements: Vec<Signed<EpochAnnouncement>>,
        grants: Vec<Signed<EpochGrant>>,
        news: &mut Vec<EpochId>,
    ) -> Result<(), CloseReason> {
        let bringer = self.bringer(session);
        for announcement in announcements {
            let verified = announcement.verify();
            let verified = verified.map_err(|_| CloseReason::Dishonest("an epoch with a wrong signature"))?;
            let id = verified.id();
            let early = self.waiting.early.entry(bringer).or_default();
            if early.epochs >= EARLY_EPOCHS && verified.heads.iter().any(|head| !self.log.contains(head)) {
                continue;
            }
            match self.epochs.insert(&self.log, &self.secret, verified) {
                Ok(EpochInserted::Held { .. }) => news.push(id),
                Ok(EpochInserted::Waiting) => early.epochs += 1,
                // Nothing is said about one that there is no room for: it comes again in a later round.
                Ok(_) | Err(EpochError::WaitingFull | EpochError::Full) => {}
                Err(_) => return Err(CloseReason::Dishonest("an invalid epoch")),
            }
        }
        for grant in grants {
            let verified = grant.verify();
            let verified = verified.map_err(|_| CloseReason::Dishonest("a grant with a wrong signature"))?;
            match self.epochs.accept_grant(&self.log, &self.secret, &verified) {
                Ok(true) => news.push(verified.epoch),
                // Its announcement waits for operations, or who gave it left since: it comes again from somebody.
                Ok(false) | Err(GrantError::NotHeld { .. } | GrantError::NotCurrent { .. }) => {}
                Err(_) => return Err(CloseReason::Dishonest("an invalid grant")),
            }
        }
        Ok(())
    }

    /// Epochs are held that weren't, or their secrets.
    fn take_secrets(&mut self, news: &[EpochId], commit: &mut Commit) {
        for epoch in news {
            self.stage_epoch(*epoch, commit);
            self.retry(Need::Epoch(*epoch), commit);
        }
        if !news.is_empty() {
            for peer in self.sessions.values_mut() {
                peer.broken.clear();
            }
        }
    }

    fn take_answer(
        &mut self,
        session: SessionId,
        envelopes: Vec<Vec<u8>>,
        end: bool,
        commit: &mut Commit,
    ) -> Result<(), CloseReason> {
        for envelope in envelopes {
            self.take_entry(session, envelope, commit)?;
        }
        self.heard(session, end);
        Ok(())
    }

    fn take_push(
        &mut self,
        session: SessionId,
        envelope: Vec<u8>,
        commit: &mut Commit,
    ) -> Result<(), CloseReason> {
        let (device, examined) = self.take_entry(session, envelope, commit)?;
        let own = self.sessions.get(&session).is_some_and(|peer| peer.device == device);
        if examined == Examined::Known && !own {
            self.send(session, &Frame::Prune(device));
        }
        Ok(())
    }

    /// Examines an entry and, if it is staged, whatever waited for it.
    fn take_entry(
        &mut self,
        session: SessionId,
        bytes: Vec<u8>,
        commit: &mut Commit,
    ) -> Result<(DeviceId, Examined), CloseReason> {
        let envelope: Envelope = from_bytes(&bytes)?;
        let (device, seq) = (envelope.device, envelope.seq);
        if self.commits.bytes() + commit.bytes > MOST_STAGED_BYTES {
            // The disk is far behind. It comes again when frontiers are compared.
            self.session_mut(session, |peer| {
                peer.again = true;
                // It came, so whoever offered it kept their word.
                peer.question.as_mut().is_some_and(|question| question.progress.insert(device))
            });
            return Ok((device, Examined::Surplus));
        }
        let examined = self.examine(session, &envelope, bytes, commit)?;
        if let (Examined::Staged, Some(next)) = (examined, seq.next()) {
            self.retry(Need::Previous(device, next), commit);
        }
        Ok((device, examined))
    }

    /// What waited for this is examined again, and what waited for that, and so on.
    fn retry(&mut self, met: Need, commit: &mut Commit) {
        let mut ready: VecDeque<_> = self.waiting.take(met).into();
        while let Some((session, bytes)) = ready.pop_front() {
            let Ok(envelope) = from_bytes::<Envelope>(&bytes) else { continue };
            let (device, seq) = (envelope.device, envelope.seq);
            match self.examine(session, &envelope, bytes, commit) {
                Ok(Examined::Staged) => {
                    ready.extend(
                        seq.next()
                            .map(|n| self.waiting.take(Need::Previous(device, n)))
                            .into_iter()
                            .flatten(),
                    );
                }
                Ok(_) => {}
                Err(reason) => self.close(session, reason),
            }
        }
    }

    fn examine(
        &mut self,
        session: SessionId,
        envelope: &Envelope,
        bytes: Vec<u8>,
        commit: &mut Commit,
    ) -> Result<Examined, CloseReason> {
        let Some(secret) = self.epochs.secret(&envelope.epoch) else {
            self.wait(session, Need::Epoch(envelope.epoch), bytes);
            return Ok(Examined::Waits);
        };
        let opened = envelope.open(self.circle, secret);
        let entry = opened.map_err(|_| CloseReason::Dishonest("an entry that doesn't open"))?;
        let (header, hash) = (&entry.header, entry_hash(&entry.header));
        let (device, seq) = (header.device, header.seq);
        let place = self.journal.place(device, seq, hash, header.previous);
        match place {
            Place::Known => return Ok(Examined::Known),
            Place::Impossible => return Err(CloseReason::Dishonest("an entry at an impossible place")),
            Place::NeedsPrevious | Place::Surplus | Place::Extends(_) | Place::Branches => {}
        }
        let counts = match entry_verdict(&self.log, header) {
            Verdict::Wait(_) => {
                self.wait(session, Need::Ops, bytes);
                return Ok(Examined::Waits);
            }
            Verdict::Reject(_) => return Err(CloseReason::Dishonest("an entry that its circle refuses")),
            // The journal sees to the other causes of quarantine, which come and go with the membership.
            verdict => verdict != Verdict::Quarantine(Quarantine::NeedsUpdate),
        };
        match place {
            Place::NeedsPrevious => {
                self.wait(session, Need::Previous(device, seq), bytes);
                Ok(Examined::Waits)
            }
            Place::Surplus => Ok(Examined::Surplus),
            _ => {
                self.stage_remote(session, entry, bytes, counts, commit);
                Ok(Examined::Staged)
            }
        }
    }

    fn wait(&mut self, session: SessionId, need: Need, envelope: Vec<u8>) {
        if let Some(peer) = self.sessions.get(&session) {
            self.waiting.keep(peer.device, session, need, envelope);
        }
    }

    /// Stages an entry that another laptop brought. If this laptop signed it, another copy of this store has written.
    fn stage_remote(
        &mut self,
        session: SessionId,
        entry: Entry,
        bytes: Vec<u8>,
        counts: bool,
        commit: &mut Commit,
    ) {
        let (device, seq, document) = (entry.header.device, entry.header.seq, entry.header.document);
        let key = (device, seq, entry_hash(&entry.header));
        self.stage_entry(entry, bytes, counts, commit);
        if self.own.strays.remove(&key) {
            self.own.strays_unsaved = true;
            // Its row is there, and may say otherwise.
            let (hash, quarantined) = (key.2, !counts || !self.journal.accepts(device, seq, document));
            commit.rows.push(Row::Verdict { device, seq, hash, quarantined });
        }
        self.session_mut(session, |peer| {
            peer.question.as_mut().is_some_and(|question| question.progress.insert(device))
        });
        if device == self.me && !self.own.elsewhere {
            self.own.elsewhere = true;
            commit.rows.push(Row::Own { bytes: to_bytes(&self.own) });
            self.stop(StopReason::OwnLogElsewhere);
        }
    }
}
