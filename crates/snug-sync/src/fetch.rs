//! Asking for entries: one question to a session at a time, about each device to one session at a time, with a credit that
//! bounds what may come before the next question. What came is durable or known by then, so a broken connection costs at
//! most one credit.

use crate::bound::{CREDIT, FIRST_CREDIT, LOCATOR, PATIENCE_MILLIS, RANGES, STAGED_BYTES};
use crate::circle_sync::CircleSync;
use crate::frame::{DeviceTips, Frame, Range};
use crate::output::SessionId;
use crate::session::Question;
use snug_circle::{OpBody, Tip};
use snug_types::{DeviceId, OpHash};
use std::collections::BTreeSet;

impl CircleSync {
    /// Asks whoever offers something that isn't here and isn't asked for yet, unless the disk is behind.
    ///
    /// While a device itself is connected, its log is asked from it alone: most likely it is pushing already what others
    /// say that they have. `anybody` is asked at the next tick.
    pub(crate) fn ask(&mut self, anybody: bool) {
        let wants = self.is_member() || self.log.is_empty();
        if !wants || self.commits.bytes() > STAGED_BYTES {
            return;
        }
        let idle = |id: &SessionId| {
            self.sessions.get(id).is_some_and(|s| s.question.is_none() && !s.offers.is_empty())
        };
        let sessions: Vec<_> = self.sessions.keys().copied().filter(idle).collect();
        for session in sessions {
            let ranges = self.ranges_of(session, anybody);
            if ranges.is_empty() {
                continue;
            }
            self.asked.extend(ranges.iter().map(|range| (range.tip.device, session)));
            let question = Question::new(&ranges, self.now);
            let mut credit = FIRST_CREDIT;
            self.session_mut(session, |peer| {
                peer.question = Some(question);
                credit = peer.credit;
                peer.credit = credit.saturating_mul(2).min(CREDIT);
            });
            self.send(session, &Frame::Want { ranges, credit });
        }
    }

    /// What a session offers and nobody else was asked for. Offers that are here by now are forgotten.
    fn ranges_of(&mut self, session: SessionId, anybody: bool) -> Vec<Range> {
        let mut ranges = Vec::new();
        let connected: BTreeSet<_> = self.sessions.values().map(|peer| peer.device).collect();
        let Some(peer) = self.sessions.get_mut(&session) else { return ranges };
        if self.log.current().device(peer.device).is_none() && !self.log.is_empty() {
            return ranges;
        }
        let journal = &self.journal;
        peer.offers.retain(|device, tips| {
            tips.retain(|(seq, hash)| !journal.contains(*device, *seq, *hash));
            !tips.is_empty()
        });
        let at = peer.device;
        let mine = |device: &DeviceId| anybody || *device == at || !connected.contains(device);
        let free = peer.offers.iter().filter(|(device, _)| !self.asked.contains_key(device) && mine(device));
        for (device, tips) in free {
            let have =
                journal.chain(*device).map(|chain| chain.locator(*device, LOCATOR)).unwrap_or_default();
            for (seq, hash) in tips {
                if ranges.len() < RANGES {
                    let tip = Tip { device: *device, seq: *seq, hash: *hash };
                    ranges.push(Range { tip, have: have.clone() });
                }
            }
        }
        ranges
    }

    /// A part of an answer came.
    pub(crate) fn heard(&mut self, session: SessionId, end: bool) {
        let now = self.now;
        let Some(peer) = self.sessions.get_mut(&session) else { return };
        let Some(question) = peer.question.as_mut() else { return };
        question.heard = now;
        if end && let Some(question) = peer.question.take() {
            self.answered(session, &question);
        }
    }

    fn answered(&mut self, session: SessionId, question: &Question) {
        self.asked.retain(|_, asked| *asked != session);
        // An answer that brought nothing new at all can't be followed by a better one.
        if !question.progress.is_empty() {
            return;
        }
        let journal = &self.journal;
        let Some(peer) = self.sessions.get_mut(&session) else { return };
        for (device, seq, hash) in &question.tips {
            if !journal.contains(*device, *seq, *hash) {
                peer.break_offer(*device, (*seq, *hash));
            }
        }
    }

    /// Questions that nobody answers are asked elsewhere.
    pub(crate) fn lose_patience(&mut self) {
        let now = self.now;
        let mut lost = Vec::new();
        for (id, peer) in &mut self.sessions {
            let Some(question) = &mut peer.question else { continue };
            // A clock that was set back begins to wait anew.
            question.heard = question.heard.min(now);
            if now.0 - question.heard.0 > PATIENCE_MILLIS {
                lost.extend(peer.question.take().map(|question| (*id, question)));
            }
        }
        for (session, question) in lost {
            self.answered(session, &Question { progress: BTreeSet::new(), ..question });
        }
    }

    /// A receipt of the very device at the other end names what can be had there.
    pub(crate) fn offered(&mut self, session: SessionId, heads: &[OpHash], tips: &[Tip]) {
        let strangers = self.strangers(heads, tips.iter().map(|tip| tip.device));
        let journal = &self.journal;
        let Some(peer) = self.sessions.get_mut(&session) else { return };
        let lacking = |tip: &&Tip| !journal.contains(tip.device, tip.seq, tip.hash);
        for tip in tips.iter().filter(lacking).filter(|tip| !strangers.contains(&tip.device)) {
            peer.offer(tip.device, (tip.seq, tip.hash));
        }
    }

    /// A whole frontier came: it offers what it names, and nothing else any more.
    pub(crate) fn offered_whole(&mut self, session: SessionId, heads: &[OpHash], tips: &[DeviceTips]) {
        self.session_mut(session, |peer| peer.offers.clear());
        let flat = |of: &DeviceTips| {
            let device = of.device;
            of.tips.iter().map(move |(seq, hash)| Tip { device, seq: *seq, hash: *hash }).collect::<Vec<_>>()
        };
        let tips: Vec<Tip> = tips.iter().flat_map(flat).collect();
        self.offered(session, heads, &tips);
    }

    /// Those of these devices that nobody ever let in, as far as that can be told: whoever names operations that aren't
    /// here, or can't be read here, may know better.
    fn strangers(&self, heads: &[OpHash], devices: impl Iterator<Item = DeviceId>) -> BTreeSet<DeviceId> {
        if self.log.frozen() || !heads.iter().all(|head| self.log.contains(head)) {
            return BTreeSet::new();
        }
        let known = |device: &DeviceId| {
            self.log.current().device(*device).is_some() || self.journal.chain(*device).is_some()
        };
        let mut strangers: BTreeSet<DeviceId> = devices.filter(|device| !known(device)).collect();
        if !strangers.is_empty() {
            // An admission that fell with a leave leaves entries behind.
            for (_, op) in self.log.iter() {
                if let OpBody::Admit(admission) = &op.body {
                    strangers.remove(&admission.device.id());
                }
            }
        }
        strangers
    }
}
