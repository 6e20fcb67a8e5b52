//! One proven connection to one device: what was said on it, and what it still owes.

use crate::bound::{
    BROKEN_OFFERS, FIRST_CREDIT, FRONTIER_BURST, FRONTIERS_PER_SECOND, OFFERED_TIPS, TAKEN_RECEIPT_BURST,
    TAKEN_RECEIPTS_PER_SECOND, WANT_BURST, WANTS_PER_SECOND,
};
use crate::frame::{Page, Range};
use crate::output::ReadId;
use snug_types::bound::{EPOCHS, FRONTIER_DEVICES};
use snug_types::{DeviceId, EntryHash, Seq, UnixMillis};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The state of one session.
#[derive(Debug)]
pub(crate) struct PeerSession {
    pub(crate) device: DeviceId,
    /// True once this laptop's frontier was sent in the present round.
    pub(crate) told: bool,
    /// Pages of the peer's frontier that came so far.
    pub(crate) pages: Page,
    /// Entries that the peer holds and this laptop doesn't.
    pub(crate) offers: BTreeMap<DeviceId, BTreeSet<(Seq, EntryHash)>>,
    /// Offers that it didn't make good.
    pub(crate) broken: BTreeSet<EntryHash>,
    /// Bytes that the next answer may bring.
    pub(crate) credit: u32,
    /// The question that it has to answer.
    pub(crate) question: Option<Question>,
    /// The question that this laptop answers.
    pub(crate) serving: Option<Serving>,
    /// Devices whose new entries it wants pushed.
    pub(crate) pushed: BTreeSet<DeviceId>,
    /// When the last summary went out.
    pub(crate) summary_at: UnixMillis,
    /// Frontiers that may be told.
    pub(crate) tells: Tokens,
    /// Frontiers that may be answered.
    pub(crate) answers: Tokens,
    /// Questions that may be begun to be answered.
    pub(crate) questions: Tokens,
    /// Receipts of each current device that may be looked at.
    receipts: BTreeMap<DeviceId, Tokens>,
    /// True while what was sent before still waits for the network.
    pub(crate) busy: bool,
    /// True if something was left out: a round begins at the next tick.
    pub(crate) again: bool,
}

/// What this laptop asked.
#[derive(Debug)]
pub(crate) struct Question {
    /// The devices asked for, with the entries to reach.
    pub(crate) tips: Vec<(DeviceId, Seq, EntryHash)>,
    /// Devices of which something new came.
    pub(crate) progress: BTreeSet<DeviceId>,
    /// When the last word of the answer came.
    pub(crate) heard: UnixMillis,
}

/// What this laptop answers.
#[derive(Debug)]
pub(crate) struct Serving {
    /// What is still to be read.
    pub(crate) left: VecDeque<Stretch>,
    /// False until it is its turn.
    pub(crate) begun: bool,
    /// Bytes that may still be sent.
    pub(crate) credit: u64,
    /// The read under way, and what it reads.
    pub(crate) reading: Option<(ReadId, Stretch)>,
}

/// A stretch of a device's log, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) device: DeviceId,
    pub(crate) from: Seq,
    pub(crate) to: Seq,
}

impl PeerSession {
    /// A session that just began.
    pub(crate) fn new(device: DeviceId, now: UnixMillis) -> Self {
        Self {
            device,
            told: false,
            pages: Page::default(),
            offers: BTreeMap::new(),
            broken: BTreeSet::new(),
            credit: FIRST_CREDIT,
            question: None,
            serving: None,
            pushed: BTreeSet::new(),
            summary_at: now,
            tells: Tokens::new(now, FRONTIER_BURST, FRONTIERS_PER_SECOND),
            answers: Tokens::new(now, FRONTIER_BURST, FRONTIERS_PER_SECOND),
            questions: Tokens::new(now, WANT_BURST, WANTS_PER_SECOND),
            receipts: BTreeMap::new(),
            busy: false,
            again: false,
        }
    }

    /// Adds a page of the peer's frontier; none if it is more than a frontier may hold.
    pub(crate) fn add_page(&mut self, page: Page) -> Option<()> {
        let all = &mut self.pages;
        if all.heads.is_empty() {
            all.heads = page.heads;
        }
        all.epochs.extend(page.epochs);
        all.tips.extend(page.tips);
        all.receipts.extend(page.receipts);
        let devices = all.tips.len().max(all.receipts.len());
        (all.epochs.len() <= EPOCHS && devices <= FRONTIER_DEVICES).then_some(())
    }

    /// Remembers that the peer holds an entry that this laptop may lack.
    pub(crate) fn offer(&mut self, device: DeviceId, tip: (Seq, EntryHash)) {
        let room = self.offers.len() < FRONTIER_DEVICES || self.offers.contains_key(&device);
        if room && !self.broken.contains(&tip.1) {
            let tips = self.offers.entry(device).or_default();
            tips.insert(tip);
            // Those with the lowest numbers are most likely behind the others.
            if tips.len() > OFFERED_TIPS {
                tips.pop_first();
            }
        }
    }

    /// Takes leave to look at a receipt of a current device; false if there is none.
    pub(crate) fn may_take_receipt(&mut self, device: DeviceId, now: UnixMillis) -> bool {
        let fresh = || Tokens::new(now, TAKEN_RECEIPT_BURST, TAKEN_RECEIPTS_PER_SECOND);
        self.receipts.entry(device).or_insert_with(fresh).take(now)
    }

    /// Remembers that the peer couldn't give what it had named.
    pub(crate) fn break_offer(&mut self, device: DeviceId, tip: (Seq, EntryHash)) {
        if let Some(tips) = self.offers.get_mut(&device) {
            tips.remove(&tip);
            if tips.is_empty() {
                self.offers.remove(&device);
            }
        }
        if self.broken.len() < BROKEN_OFFERS {
            self.broken.insert(tip.1);
        }
    }
}

/// Leave to do something costly, so many times at a run and so often after that.
#[derive(Debug)]
pub(crate) struct Tokens {
    left: u64,
    counted: UnixMillis,
    burst: u64,
    per_second: u64,
}

impl Tokens {
    const fn new(now: UnixMillis, burst: u64, per_second: u64) -> Self {
        Self { left: burst, counted: now, burst, per_second }
    }

    /// Takes one; false if none is left.
    pub(crate) fn take(&mut self, now: UnixMillis) -> bool {
        // A clock that was set back or far ahead earns a little, once.
        let seconds = now.0.abs_diff(self.counted.0) / 1000;
        if seconds > 0 {
            let earned = seconds.min(self.burst) * self.per_second;
            self.left = (self.left + earned).min(self.burst);
            self.counted = now;
        }
        let may = self.left > 0;
        self.left = self.left.saturating_sub(1);
        may
    }
}

impl Question {
    /// The question that these ranges ask.
    pub(crate) fn new(ranges: &[Range], now: UnixMillis) -> Self {
        let tips = ranges.iter().map(|r| (r.tip.device, r.tip.seq, r.tip.hash)).collect();
        Self { tips, progress: BTreeSet::new(), heard: now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_are_bounded_however_many_are_named() {
        let mut peer = PeerSession::new(DeviceId([0; 32]), UnixMillis(0));
        let device = |n: usize| {
            let mut id = [1; 32];
            id[..8].copy_from_slice(&n.to_be_bytes());
            DeviceId(id)
        };
        for n in 0..FRONTIER_DEVICES + 10 {
            peer.offer(device(n), (Seq(1), EntryHash([1; 32])));
        }
        assert_eq!(peer.offers.len(), FRONTIER_DEVICES);
        for n in 1..100_u8 {
            peer.offer(device(0), (Seq(u64::from(n)), EntryHash([n; 32])));
        }
        let last = (Seq(99), EntryHash([99; 32]));
        assert_eq!(peer.offers[&device(0)].len(), OFFERED_TIPS);
        assert!(peer.offers[&device(0)].contains(&last), "what goes furthest stays");
    }
}
