//! A round: two laptops find out whether, and in what, they differ, and each gives what the other lacks.
//!
//! A round begins when a session comes up, about once a minute after that, and whenever somebody has more to give than
//! fits one answer. Nobody asks for operations, epochs or receipts: who sees that they are lacking sends them.

use crate::bound::{PAGE_DEVICES, PAGE_EPOCHS, ROUND_BYTES, ROUND_EPOCHS, SESSIONS};
use crate::circle_sync::CircleSync;
use crate::frame::{DeviceTips, Frame, Page, ReceiptNumber};
use crate::output::{CloseReason, Output, SessionId, StopReason};
use crate::receive::Standing;
use crate::session::PeerSession;
use snug_circle::EpochGrant;
use snug_crypto::{Entropy, Signed, Verified, hash};
use snug_types::bound::FRONTIER_DEVICES;
use snug_types::{DeviceId, Encode, EpochId, OpHash, UnixMillis, Writer, to_bytes};

/// Domain of the one hash that two laptops compare.
const SUMMARY: &str = "snug v1 sync: summary of a frontier";

impl CircleSync {
    /// A connection to a device is up, and the device has proven itself on it.
    pub fn peer_up(&mut self, now: UnixMillis, session: SessionId, device: DeviceId) {
        self.see(now);
        if self.stopped == Some(StopReason::Disk) {
            return self.out(Output::Close { session, reason: CloseReason::Stopped });
        }
        if self.sessions.len() >= SESSIONS {
            return self.out(Output::Close { session, reason: CloseReason::TooManySessions });
        }
        self.sessions.insert(session, PeerSession::new(device, now));
        if self.standing(device) == Standing::Gone {
            return self.dismiss(session, device);
        }
        self.keep_heads_listed();
        // What changed while nobody listened.
        self.issue_receipt();
        self.begin_round(session);
    }

    /// A connection is down.
    pub fn peer_gone(&mut self, session: SessionId) {
        if self.forget(session) {
            self.ask(false);
        }
    }

    /// Forgets a session; true if there was one.
    pub(crate) fn forget(&mut self, session: SessionId) -> bool {
        self.waiting.forget(session);
        self.asked.retain(|_, asked| *asked != session);
        self.sessions.remove(&session).is_some()
    }

    /// Lets a device that left know that it is known, by the very operation, and ends the session.
    pub(crate) fn dismiss(&mut self, session: SessionId, device: DeviceId) {
        let gone = self.log.current().device(device).and_then(|device| device.gone);
        if let Some(op) = gone.and_then(|gone| self.log.get(&gone.by)) {
            let ops = vec![op.signed().clone()];
            self.send(session, &Frame::Ops { ops, more: false });
        }
        let page = Page { heads: self.durable_heads.clone(), ..Page::default() };
        self.send(session, &Frame::Frontier { page, last: true });
        self.close(session, CloseReason::NotCurrent);
    }

    /// Says what is held here, in one hash.
    pub(crate) fn begin_round(&mut self, session: SessionId) {
        let (summary, now) = (self.summary(), self.now);
        self.session_mut(session, |peer| {
            peer.told = false;
            peer.summary_at = now;
        });
        self.send(session, &Frame::Summary(summary));
    }

    pub(crate) fn again_if(&mut self, more: bool, session: SessionId) {
        if more {
            self.begin_round(session);
        }
    }

    /// Over all heads, and not only those that a frontier has room for: two laptops of which one misses an operation never
    /// take each other for equal.
    fn summary(&self) -> [u8; 32] {
        let heads: Vec<OpHash> = if self.commits.has_ops() {
            self.log.heads_of(|op| !self.commits.has_op(op)).into_iter().collect()
        } else {
            self.log.all_heads().iter().copied().collect()
        };
        let mut summed = Writer::new();
        summed.list(&heads);
        self.frontier().encode(&mut summed);
        hash(SUMMARY, &summed.finish())
    }

    /// What is durable here.
    fn frontier(&self) -> Page {
        let durable = |epoch: &EpochId| !self.commits.has_epoch(epoch);
        Page {
            heads: self.durable_heads.clone(),
            epochs: self.readable_epochs().filter(durable).collect(),
            tips: self.journal.tips().map(|(device, tips)| DeviceTips { device, tips }).collect(),
            receipts: self
                .ledger
                .numbers()
                .map(|(device, number)| ReceiptNumber { device, number })
                .collect(),
        }
    }

    pub(crate) fn take_summary(&mut self, session: SessionId, theirs: [u8; 32]) {
        self.session_mut(session, |peer| peer.told = false);
        if self.summary() != theirs {
            self.tell(session);
        }
    }

    /// Sends this laptop's frontier, once in a round. Strangers get an empty one: it asks for operations and tells nothing.
    fn tell(&mut self, session: SessionId) {
        let now = self.now;
        let Some(peer) = self.sessions.get_mut(&session) else { return };
        if std::mem::replace(&mut peer.told, true) {
            return;
        }
        if !peer.tells.take(now) {
            peer.again = true;
            return;
        }
        let standing = self.standing(self.sessions.get(&session).map_or(self.me, |peer| peer.device));
        let mut all = if standing == Standing::Current { self.frontier() } else { Page::default() };
        all.tips.truncate(FRONTIER_DEVICES);
        let mut epochs = all.epochs.chunks(PAGE_EPOCHS);
        let mut tips = all.tips.chunks(PAGE_DEVICES);
        let mut receipts = all.receipts.chunks(PAGE_DEVICES);
        let pages = epochs.len().max(tips.len()).max(receipts.len()).max(1);
        for n in 1..=pages {
            let page = Page {
                heads: if n == 1 { all.heads.clone() } else { Vec::new() },
                epochs: epochs.next().unwrap_or_default().to_vec(),
                tips: tips.next().unwrap_or_default().to_vec(),
                receipts: receipts.next().unwrap_or_default().to_vec(),
            };
            self.send(session, &Frame::Frontier { page, last: n == pages });
        }
    }

    pub(crate) fn take_frontier(
        &mut self,
        entropy: &mut dyn Entropy,
        session: SessionId,
        page: Page,
        last: bool,
    ) -> Result<(), CloseReason> {
        let Some(peer) = self.sessions.get_mut(&session) else { return Ok(()) };
        peer.add_page(page).ok_or(CloseReason::Dishonest("a frontier without an end"))?;
        if !last {
            return Ok(());
        }
        let theirs = std::mem::take(&mut peer.pages);
        if !peer.answers.take(self.now) {
            peer.again = true;
            return Ok(());
        }
        self.tell(session);
        self.give_ops(session, &theirs.heads);
        self.see_leave_delivered(&theirs.heads);
        let Some(device) = self.sessions.get(&session).map(|peer| peer.device) else { return Ok(()) };
        if self.standing(device) == Standing::Current && self.is_member() {
            self.give_epochs(entropy, session, device, &theirs.epochs);
            self.give_receipts(session, &theirs.receipts);
        }
        self.offered_whole(session, &theirs.heads, &theirs.tips);
        Ok(())
    }

    fn give_ops(&mut self, session: SessionId, theirs: &[OpHash]) {
        let missing = self.log.missing_from(theirs);
        let mut ops = Vec::new();
        let (mut bytes, mut more) = (0, false);
        for hash in missing.iter().filter(|hash| !self.commits.has_op(hash)) {
            let Some(op) = self.log.get(hash) else { continue };
            bytes += to_bytes(op.signed()).len();
            more = bytes > ROUND_BYTES && !ops.is_empty();
            if more {
                break;
            }
            ops.push(op.signed().clone());
        }
        if !ops.is_empty() {
            self.send(session, &Frame::Ops { ops, more });
        }
    }

    /// The epochs that a peer can't read: their announcements, and the secret sealed to its device where the announcement
    /// doesn't hold that already.
    fn give_epochs(
        &mut self,
        entropy: &mut dyn Entropy,
        session: SessionId,
        device: DeviceId,
        theirs: &[EpochId],
    ) {
        let lacking: Vec<EpochId> =
            self.readable_epochs().filter(|id| theirs.binary_search(id).is_err()).collect();
        let (mut announcements, mut grants) = (Vec::new(), Vec::new());
        let (mut bytes, mut more) = (0, false);
        for id in lacking.into_iter().filter(|id| !self.commits.has_epoch(id)) {
            let Some(announcement) = self.epochs.get(&id).map(|epoch| epoch.signed().clone()) else {
                continue;
            };
            bytes += to_bytes(&announcement).len();
            more = announcements.len() >= ROUND_EPOCHS || bytes > ROUND_BYTES && !announcements.is_empty();
            if more {
                break;
            }
            announcements.push(announcement);
            // Even where the announcement is sealed to the peer: whoever minted it may have sealed it badly.
            grants.extend(self.grant(entropy, id, device));
        }
        if !announcements.is_empty() {
            self.send(session, &Frame::Epochs { announcements, grants, more });
        }
    }

    /// To everybody whom it concerns: new operations.
    pub(crate) fn spread_ops(&mut self, from: Option<SessionId>, ops: &[OpHash]) {
        let signed = |hash: &OpHash| self.log.get(hash).map(|op| op.signed().clone());
        let ops: Vec<_> = ops.iter().filter_map(signed).collect();
        for session in self.current_sessions(from) {
            for ops in ops.chunks(OPS_IN_FRAME) {
                self.send(session, &Frame::Ops { ops: ops.to_vec(), more: false });
            }
        }
    }

    /// To everybody whom it concerns: a new epoch, and a grant of it to those who came after its heads.
    pub(crate) fn spread_epochs(
        &mut self,
        entropy: &mut dyn Entropy,
        from: Option<SessionId>,
        epochs: &[EpochId],
    ) {
        for session in self.current_sessions(from) {
            let Some(device) = self.sessions.get(&session).map(|peer| peer.device) else { continue };
            for id in epochs {
                let Some(epoch) = self.epochs.get(id).filter(|_| self.epochs.secret(id).is_some()) else {
                    continue;
                };
                let sealed =
                    epoch.recipients.binary_search_by_key(&device, |recipient| recipient.device).is_ok();
                let announcements = vec![epoch.signed().clone()];
                let grants =
                    if sealed { Vec::new() } else { self.grant(entropy, *id, device).into_iter().collect() };
                self.send(session, &Frame::Epochs { announcements, grants, more: false });
            }
        }
    }

    fn grant(&self, entropy: &mut dyn Entropy, id: EpochId, to: DeviceId) -> Option<Signed<EpochGrant>> {
        let granted = self.epochs.grant(&self.log, &self.secret, id, to, entropy);
        granted.ok().map(Verified::into_signed)
    }

    /// The epochs whose secrets are held, ascending.
    fn readable_epochs(&self) -> impl Iterator<Item = EpochId> {
        self.epochs.iter().filter(|(_, secret)| *secret).map(|(id, _)| *id)
    }

    /// The sessions with current devices, but for one.
    pub(crate) fn current_sessions(&self, but: Option<SessionId>) -> Vec<SessionId> {
        let current = |peer: &PeerSession| self.standing(peer.device) == Standing::Current;
        let of = self.sessions.iter().filter(|(id, peer)| Some(**id) != but && current(peer));
        of.map(|(id, _)| *id).collect()
    }

    pub(crate) fn send(&mut self, session: SessionId, frame: &Frame) {
        self.out(Output::Send { session, frame: to_bytes(frame) });
    }

    pub(crate) fn session_mut<T>(&mut self, id: SessionId, change: impl FnOnce(&mut PeerSession) -> T) {
        if let Some(peer) = self.sessions.get_mut(&id) {
            change(peer);
        }
    }
}

/// Operations in one pushed frame: the biggest fit it.
const OPS_IN_FRAME: usize = 12;
