//! Receipts: what each device says that it holds, after its disk synced it; and from that, who holds what.
//!
//! A laptop issues one receipt for its whole durable frontier when that has moved and the outputs before it are taken: many
//! commits that end together make one receipt. Their bytes have a budget of their own; over it they wait for a tick.
//! Others' receipts are counted at once and kept with the next commit. They aren't passed on one by one: when it is quiet,
//! a summary finds out who lacks one.
//!
//! A receipt that names a place further on than ours is taken to go on from ours. Were it on another branch, that shows
//! when the branch arrives: what lies beyond the fork is quarantined then, and nobody is asked to hold it.
//!
//! Its time is whatever its device's clock says. What people are shown is no later than when it came here, so that a clock
//! that is ahead can't say "as of now" again and again.

use crate::bound::{
    BATCH_BYTES, FRAME_RECEIPTS, PASS_ON_MILLIS, RECEIPT_BURST, RECEIPT_BYTES_PER_SECOND, RECEIPT_NUMBERS,
};
use crate::circle_sync::{CircleSync, Own};
use crate::commits::Commit;
use crate::frame::{Frame, ReceiptNumber};
use crate::output::{CloseReason, Row, SessionId};
use snug_circle::{Membership, Receipt, Tip};
use snug_crypto::{Signed, Verified};
use snug_types::bound::FRONTIER_DEVICES;
use snug_types::{
    Decode, DecodeError, DeviceId, DocumentRef, Encode, OpHash, Reader, Seq, UnixMillis, Writer, to_bytes,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Everything in the circle, the membership included.
    Circle,
    /// One document.
    Document(DocumentRef),
}

/// Which laptops hold all that is durable on this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Current laptops of the circle.
    pub laptops: usize,
    /// Those that hold it, this one included.
    pub holding: usize,
    /// When the oldest receipt that was counted was signed, by its signer's clock, but not after it came here. Now, where
    /// only this laptop counts; none, where not even that does.
    pub as_of: Option<UnixMillis>,
    /// Every current laptop, and as of when it holds all of it; none if it isn't known to.
    pub devices: Vec<(DeviceId, Option<UnixMillis>)>,
}

/// A receipt, and the time that people are shown: its own, but not after it came here.
#[derive(Debug)]
pub(crate) struct Kept {
    receipt: Verified<Receipt>,
    shown: UnixMillis,
}

impl Kept {
    fn taken(receipt: Verified<Receipt>, now: UnixMillis) -> Self {
        let shown = receipt.at.min(now);
        Self { receipt, shown }
    }
}

impl Encode for Kept {
    fn encode(&self, w: &mut Writer) {
        self.receipt.signed().encode(w);
        self.shown.encode(w);
    }
}

/// From this laptop's own rows, which are taken at their word.
impl Decode for Kept {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { receipt: Verified::trusted(Signed::decode(r)?), shown: UnixMillis::decode(r)? })
    }
}

/// The newest receipt of each device.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    receipts: BTreeMap<DeviceId, Kept>,
    /// Receipts whose rows go with the next commit.
    unsaved: BTreeSet<DeviceId>,
    /// True if others' receipts came since the last round with everybody.
    fresh: bool,
    /// The last number used for an own receipt.
    number: u64,
    /// True if the durable frontier moved since the last own receipt.
    moved: bool,
    /// True if something came or was committed since the last tick.
    busy: bool,
    /// Bytes that may be issued now, and since when more were earned.
    budget: u64,
    earned: UnixMillis,
    /// When the last round with everybody began.
    passed_on: UnixMillis,
}

impl Ledger {
    pub(crate) fn moved(&mut self) {
        self.moved = true;
        self.busy = true;
    }

    /// True if the next receipt waits for a number that is reserved durably.
    pub(crate) fn needs_numbers(&self, own: &Own) -> bool {
        self.moved && self.number.saturating_add(1) >= own.receipts_reserved
    }

    pub(crate) fn has_unsaved(&self) -> bool {
        !self.unsaved.is_empty()
    }

    /// Who said something, and the number under which they last did.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = (DeviceId, u64)> {
        self.receipts.iter().map(|(device, kept)| (*device, kept.receipt.number))
    }

    /// Takes a receipt in if it is news.
    pub(crate) fn take(&mut self, kept: Kept) {
        let Receipt { device, number, .. } = *kept.receipt;
        if self.receipts.get(&device).is_none_or(|held| held.receipt.number < number) {
            self.receipts.insert(device, kept);
        }
    }

    /// Receipts of those who left say nothing any more.
    pub(crate) fn keep_current(&mut self, membership: &Membership) {
        self.receipts.retain(|device, _| membership.is_current(*device));
        self.unsaved.retain(|device| membership.is_current(*device));
    }

    /// Earns bytes as time passes; a clock that was set back earns none.
    pub(crate) fn earn(&mut self, now: UnixMillis) {
        let millis = now.0.saturating_sub(self.earned.0).min(60_000);
        self.budget = self.budget.saturating_add(millis * RECEIPT_BYTES_PER_SECOND / 1000).min(RECEIPT_BURST);
        self.earned = now;
    }

    /// The state after a start: own receipts go on above every number that may have been used.
    pub(crate) fn restore(&mut self, me: DeviceId, reserved: u64, tips: &[Tip], heads: &[OpHash]) {
        let own = self.receipts.get(&me).map(|kept| &kept.receipt);
        self.moved = own.is_none_or(|own| own.tips != tips || own.heads != heads);
        self.number = own.map_or(0, |own| own.number).max(reserved);
        self.budget = RECEIPT_BURST;
    }

    fn holds(&self, device: DeviceId, needed: &Needed<'_>) -> Option<UnixMillis> {
        let Kept { receipt, shown } = self.receipts.get(&device)?;
        let of = |device: DeviceId| {
            let from = receipt.tips.partition_point(|tip| tip.device < device);
            receipt.tips.iter().skip(from).take_while(move |tip| tip.device == device)
        };
        let reaches = |(device, seq): &(DeviceId, Seq)| {
            of(*device).any(|tip| {
                tip.seq > *seq || tip.seq == *seq && needed.sync.journal.contains(*device, tip.seq, tip.hash)
            })
        };
        let heads = needed.heads.iter().all(|head| needed.sync.log.covers(&receipt.heads, head));
        (heads && needed.ends.iter().all(reaches)).then_some(*shown)
    }

    pub(crate) fn holding(&self, scope: Scope, sync: &CircleSync) -> Holding {
        let (ends, heads) = match scope {
            Scope::Circle => (sync.journal.accepted_ends(), sync.durable_heads.as_slice()),
            Scope::Document(document) => (sync.journal.accepted_in(document), &[][..]),
        };
        let needed = Needed { ends, heads, sync };
        let now = sync.now;
        let as_of = |device: DeviceId| {
            if device == sync.me { Some(now) } else { self.holds(device, &needed).map(|at| at.min(now)) }
        };
        let current = sync.log.current().current_devices().map(|device| device.public.id());
        let devices: Vec<_> = current.map(|device| (device, as_of(device))).collect();
        let holding: Vec<_> = devices.iter().filter_map(|(_, at)| *at).collect();
        Holding {
            laptops: devices.len(),
            holding: holding.len(),
            as_of: holding.iter().min().copied(),
            devices,
        }
    }
}

/// What a receipt must cover.
struct Needed<'a> {
    ends: Vec<(DeviceId, Seq)>,
    heads: &'a [OpHash],
    sync: &'a CircleSync,
}

impl CircleSync {
    /// Says what is durable here, if that is news and somebody listens.
    pub(crate) fn issue_receipt(&mut self) {
        let ready = self.ledger.moved
            && !self.sessions.is_empty()
            && self.stopped.is_none()
            && self.log.current().is_current(self.me)
            && !self.ledger.needs_numbers(&self.own);
        if !ready {
            return;
        }
        let (number, mut tips) = (self.ledger.number + 1, self.journal.flat_tips());
        tips.truncate(FRONTIER_DEVICES);
        let heads = self.durable_heads.clone();
        let body = Receipt { circle: self.circle, device: self.me, number, at: self.now, heads, tips };
        let Ok(receipt) = Verified::sign(body, &self.secret) else { return };
        let frame = Frame::Receipts(vec![receipt.signed().clone()]);
        let sessions = self.current_sessions(None);
        let bytes = (to_bytes(&frame).len() * sessions.len()) as u64;
        // One that alone costs more than the whole budget is issued when that is full.
        if bytes.min(RECEIPT_BURST) > self.ledger.budget {
            return;
        }
        self.ledger.budget = self.ledger.budget.saturating_sub(bytes);
        self.ledger.number = number;
        self.ledger.moved = false;
        self.ledger.take(Kept::taken(receipt, self.now));
        self.ledger.unsaved.insert(self.me);
        for session in sessions {
            self.send(session, &frame);
        }
    }

    pub(crate) fn take_receipts(
        &mut self,
        session: SessionId,
        receipts: Vec<Signed<Receipt>>,
    ) -> Result<(), CloseReason> {
        for receipt in receipts {
            let device = receipt.body.device;
            if receipt.body.circle != self.circle {
                return Err(CloseReason::Dishonest("a receipt of another circle"));
            }
            // Known, or of somebody who left or hasn't been heard of: not worth a look at the signature.
            let number = receipt.body.number;
            let known = self.ledger.receipts.get(&device).is_some_and(|held| held.receipt.number >= number);
            if known || !self.log.current().is_current(device) {
                continue;
            }
            let now = self.now;
            let Some(peer) = self.sessions.get_mut(&session) else { return Ok(()) };
            if !peer.may_take_receipt(device, now) {
                peer.again = true;
                continue;
            }
            let receipt = receipt.verify();
            let receipt = receipt.map_err(|_| CloseReason::Dishonest("a receipt with a wrong signature"))?;
            if device == self.me {
                // Signed before an old backup came back: go on above it, or nobody would listen.
                self.ledger.number = self.ledger.number.max(number);
                self.ledger.moved = true;
                continue;
            }
            if self.sessions.get(&session).is_some_and(|peer| peer.device == device) {
                self.offered(session, &receipt.heads, &receipt.tips);
            }
            self.ledger.take(Kept::taken(receipt, now));
            self.ledger.unsaved.insert(device);
            self.ledger.fresh = true;
            self.ledger.busy = true;
            self.holdings_changed = true;
        }
        Ok(())
    }

    /// Gives a peer the receipts that it lacks.
    pub(crate) fn give_receipts(&mut self, session: SessionId, theirs: &[ReceiptNumber]) {
        let has = |device: DeviceId| {
            let found = theirs.binary_search_by_key(&device, |receipt| receipt.device).ok();
            found.and_then(|n| theirs.get(n)).map_or(0, |receipt| receipt.number)
        };
        let all = self.ledger.receipts.values().map(|kept| &kept.receipt);
        let lacking = all.filter(|receipt| receipt.number > has(receipt.device));
        let lacking: Vec<_> = lacking.map(|receipt| receipt.signed().clone()).collect();
        self.send_receipts(session, lacking);
    }

    /// Others' receipts came: when it is quiet, or was busy for long, a round with everybody finds who lacks them.
    pub(crate) fn pass_on_receipts(&mut self) {
        let quiet = !std::mem::take(&mut self.ledger.busy);
        let waited = self.now.0.abs_diff(self.ledger.passed_on.0);
        if !self.ledger.fresh || !quiet && waited < PASS_ON_MILLIS {
            return;
        }
        self.ledger.fresh = false;
        self.ledger.passed_on = self.now;
        for session in self.current_sessions(None) {
            self.begin_round(session);
        }
    }

    /// Sends receipts in frames of moderate size.
    fn send_receipts(&mut self, session: SessionId, receipts: Vec<Signed<Receipt>>) {
        let (mut frame, mut bytes) = (Vec::new(), 0);
        for receipt in receipts {
            let size = to_bytes(&receipt).len();
            if !frame.is_empty() && (bytes + size > BATCH_BYTES || frame.len() >= FRAME_RECEIPTS) {
                self.send(session, &Frame::Receipts(std::mem::take(&mut frame)));
                bytes = 0;
            }
            bytes += size;
            frame.push(receipt);
        }
        if !frame.is_empty() {
            self.send(session, &Frame::Receipts(frame));
        }
    }

    /// Reserves receipt numbers with a commit when few are left, and tells the store of strays that it doesn't know.
    pub(crate) fn reserve_receipts(&mut self, commit: &mut Commit) {
        let mut own = self.own.clone();
        if self.ledger.number.saturating_add(RECEIPT_NUMBERS / 2) >= own.receipts_reserved {
            own.receipts_reserved = self.ledger.number.saturating_add(RECEIPT_NUMBERS);
            commit.reserved = Some(own.receipts_reserved);
        }
        commit.strays = own.strays_unsaved;
        if own == self.own && !commit.strays {
            return;
        }
        commit.rows.push(Row::Own { bytes: to_bytes(&own) });
    }

    /// Rows of receipts go with whatever is committed next: to lose one costs nothing but its coming again.
    pub(crate) fn flush_receipts(&mut self, commit: &mut Commit) {
        for device in std::mem::take(&mut self.ledger.unsaved) {
            if let Some(kept) = self.ledger.receipts.get(&device) {
                commit.rows.push(Row::Receipt { device, bytes: to_bytes(kept) });
            }
        }
    }
}
