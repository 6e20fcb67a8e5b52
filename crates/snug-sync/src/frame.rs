//! What two laptops of a circle say to each other: one version byte, one tag, the fields in the canonical encoding.
//!
//! ```text
//! A                                     B
//! Summary ───────────────►◄─────────────── Summary     one hash each; equal: nothing more is said
//! Frontier ──────────────►◄────────────── Frontier     pages of what each holds, durable only
//! Ops, Epochs, Receipts ─►◄─ Receipts, Epochs, Ops     what the other lacks, in this order
//! Want ──────────────────►
//!                          ◄──────────────── Answer …  entries up to the credit, the last frame says so
//! Push ──────────────────►                             a new entry, as soon as it is durable
//!                          ◄─────────────── Receipts   the whole frontier, signed, after the disk synced it
//! ```
//! A laptop pushes its own entries to everybody and others' to those who once had to ask it for that device's; who gets
//! one twice says [`Prune`](Frame::Prune) (eager and lazy links, Leitão et al., Plumtree, SRDS 2007). Receipts are the lazy
//! announcement: whoever lacks what a receipt of this session's device names asks for it.

use crate::bound::{FRAME_ENTRIES, FRAME_RECEIPTS, LOCATOR, PAGE_DEVICES, PAGE_EPOCHS, RANGES};
use snug_circle::{EpochAnnouncement, EpochGrant, Op, Receipt, Tip};
use snug_crypto::Signed;
use snug_types::bound::{EPOCHS, HEADS, OPS, SEALED_ENTRY_BYTES, TIPS_PER_DEVICE};
use snug_types::{Decode, DecodeError, DeviceId, Encode, EntryHash, EpochId, OpHash, Reader, Seq, Writer};

/// The version of this conversation.
const VERSION: u8 = 1;

/// Bytes of an envelope: what is sealed, and what stands in the clear beside it.
const ENVELOPE_BYTES: usize = SEALED_ENTRY_BYTES + 1024;

/// One frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Frame {
    /// The hash of the whole frontier.
    Summary([u8; 32]),
    /// A page of the frontier; the last one says so.
    Frontier { page: Page, last: bool },
    /// A question for entries, answered up to so many bytes.
    Want { ranges: Vec<Range>, credit: u32 },
    /// A part of an answer; after the end the next question may come.
    Answer { envelopes: Vec<Vec<u8>>, end: bool },
    /// An entry that is new.
    Push { envelope: Vec<u8> },
    /// Membership operations, parents first. With `more`, the receiver begins another round.
    Ops { ops: Vec<Signed<Op>>, more: bool },
    /// Epochs that the receiver can't read, and their secrets for it.
    Epochs { announcements: Vec<Signed<EpochAnnouncement>>, grants: Vec<Signed<EpochGrant>>, more: bool },
    /// Receipts, one for each device.
    Receipts(Vec<Signed<Receipt>>),
    /// This device's entries come another way: don't push them.
    Prune(DeviceId),
}

/// A part of what a laptop holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// Heads of the membership log, ascending.
    pub(crate) heads: Vec<OpHash>,
    /// Epochs whose secrets it holds, ascending.
    pub(crate) epochs: Vec<EpochId>,
    /// The ends of every device's log, ascending by device.
    pub(crate) tips: Vec<DeviceTips>,
    /// The number of the newest receipt of each device, ascending by device.
    pub(crate) receipts: Vec<ReceiptNumber>,
}

/// The ends of one device's log: two or more prove a fork.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DeviceTips {
    pub(crate) device: DeviceId,
    pub(crate) tips: Vec<(Seq, EntryHash)>,
}

/// Which receipt of a device is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ReceiptNumber {
    pub(crate) device: DeviceId,
    pub(crate) number: u64,
}

/// The way to one entry: what the asker holds of that log, and the entry that it wants to reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) tip: Tip,
    pub(crate) have: Vec<Tip>,
}

/// Reads a set of things that are unique by a key of theirs.
fn ascending<T: Decode, K: Ord>(
    r: &mut Reader<'_>,
    what: &'static str,
    bound: usize,
    key: impl Fn(&T) -> K,
) -> Result<Vec<T>, DecodeError> {
    let items = r.list::<T>(what, bound)?;
    if items.is_sorted_by(|a, b| key(a) < key(b)) {
        Ok(items)
    } else {
        Err(DecodeError::NotCanonical("a set out of order"))
    }
}

impl Encode for DeviceTips {
    fn encode(&self, w: &mut Writer) {
        self.device.encode(w);
        w.u32(u32::try_from(self.tips.len()).unwrap_or(u32::MAX));
        for (seq, hash) in &self.tips {
            seq.encode(w);
            hash.encode(w);
        }
    }
}

impl Decode for DeviceTips {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let device = DeviceId::decode(r)?;
        let mut tips = Vec::new();
        for _ in 0..r.count("tips of a device", TIPS_PER_DEVICE)? {
            tips.push((Seq::decode(r)?, EntryHash::decode(r)?));
        }
        if !tips.is_sorted_by(|a, b| a < b) {
            return Err(DecodeError::NotCanonical("tips out of order"));
        }
        Ok(Self { device, tips })
    }
}

impl Encode for ReceiptNumber {
    fn encode(&self, w: &mut Writer) {
        self.device.encode(w);
        w.u64(self.number);
    }
}

impl Decode for ReceiptNumber {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { device: DeviceId::decode(r)?, number: r.u64()? })
    }
}

impl Encode for Range {
    fn encode(&self, w: &mut Writer) {
        self.tip.encode(w);
        w.list(&self.have);
    }
}

impl Decode for Range {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { tip: Tip::decode(r)?, have: r.list("places held", LOCATOR)? })
    }
}

impl Encode for Page {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.heads);
        w.list(&self.epochs);
        w.list(&self.tips);
        w.list(&self.receipts);
    }
}

impl Decode for Page {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            heads: r.set("heads", HEADS)?,
            epochs: r.set("epochs", PAGE_EPOCHS)?,
            tips: ascending(r, "devices", PAGE_DEVICES, |t: &DeviceTips| t.device)?,
            receipts: ascending(r, "receipts", PAGE_DEVICES, |n: &ReceiptNumber| n.device)?,
        })
    }
}

impl Encode for Frame {
    fn encode(&self, w: &mut Writer) {
        w.u8(VERSION);
        match self {
            Self::Summary(hash) => {
                w.u8(1);
                w.raw(hash);
            }
            Self::Frontier { page, last } => {
                w.u8(2);
                page.encode(w);
                w.bool(*last);
            }
            Self::Want { ranges, credit } => {
                w.u8(3);
                w.list(ranges);
                w.u32(*credit);
            }
            Self::Answer { envelopes, end } => {
                w.u8(4);
                w.u32(u32::try_from(envelopes.len()).unwrap_or(u32::MAX));
                for envelope in envelopes {
                    w.bytes(envelope);
                }
                w.bool(*end);
            }
            Self::Push { envelope } => push(w, envelope),
            Self::Ops { ops, more } => {
                w.u8(6);
                w.list(ops);
                w.bool(*more);
            }
            Self::Epochs { announcements, grants, more } => {
                w.u8(7);
                w.list(announcements);
                w.list(grants);
                w.bool(*more);
            }
            Self::Receipts(receipts) => {
                w.u8(8);
                w.list(receipts);
            }
            Self::Prune(device) => {
                w.u8(9);
                device.encode(w);
            }
        }
    }
}

fn push(w: &mut Writer, envelope: &[u8]) {
    w.u8(5);
    w.bytes(envelope);
}

/// The frame that pushes an envelope, written without taking the envelope.
pub(crate) fn push_frame(envelope: &[u8]) -> Vec<u8> {
    let mut w = Writer::new();
    w.u8(VERSION);
    push(&mut w, envelope);
    w.finish()
}

impl Decode for Frame {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let version = r.u8()?;
        if version != VERSION {
            return Err(DecodeError::UnknownTag { what: "version of the conversation", tag: version.into() });
        }
        Ok(match r.u8()? {
            1 => Self::Summary(r.array()?),
            2 => Self::Frontier { page: Page::decode(r)?, last: r.bool()? },
            3 => Self::Want { ranges: r.list("ranges", RANGES)?, credit: r.u32()? },
            4 => {
                let mut envelopes = Vec::new();
                for _ in 0..r.count("entries", FRAME_ENTRIES)? {
                    envelopes.push(r.bytes("bytes of an entry", ENVELOPE_BYTES)?.to_vec());
                }
                Self::Answer { envelopes, end: r.bool()? }
            }
            5 => Self::Push { envelope: r.bytes("bytes of an entry", ENVELOPE_BYTES)?.to_vec() },
            6 => Self::Ops { ops: r.list("operations", OPS)?, more: r.bool()? },
            7 => Self::Epochs {
                announcements: r.list("epochs", EPOCHS)?,
                grants: r.list("grants", EPOCHS)?,
                more: r.bool()?,
            },
            8 => Self::Receipts(r.list("receipts", FRAME_RECEIPTS)?),
            9 => Self::Prune(DeviceId::decode(r)?),
            tag => return Err(DecodeError::UnknownTag { what: "frame", tag: tag.into() }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use snug_types::{from_bytes, to_bytes};

    fn frames() -> Vec<Frame> {
        let (device, hash) = (DeviceId([1; 32]), EntryHash([2; 32]));
        let tip = Tip { device, seq: Seq(3), hash };
        let page = Page {
            heads: vec![OpHash([4; 32])],
            epochs: vec![EpochId([5; 32]), EpochId([6; 32])],
            tips: vec![DeviceTips { device, tips: vec![(Seq(3), hash), (Seq(3), EntryHash([9; 32]))] }],
            receipts: vec![ReceiptNumber { device, number: 7 }],
        };
        vec![
            Frame::Summary([8; 32]),
            Frame::Frontier { page, last: true },
            Frame::Want { ranges: vec![Range { tip, have: vec![tip] }], credit: 9 },
            Frame::Answer { envelopes: vec![vec![1, 2], vec![]], end: false },
            Frame::Push { envelope: vec![3] },
            Frame::Ops { ops: Vec::new(), more: true },
            Frame::Epochs { announcements: Vec::new(), grants: Vec::new(), more: false },
            Frame::Receipts(Vec::new()),
            Frame::Prune(device),
        ]
    }

    #[test]
    fn each_frame_has_one_spelling() {
        for frame in frames() {
            let bytes = to_bytes(&frame);
            assert_eq!(from_bytes::<Frame>(&bytes).as_ref(), Ok(&frame));
            for end in 0..bytes.len() {
                assert!(from_bytes::<Frame>(&bytes[..end]).is_err(), "cut at {end}: {frame:?}");
            }
            assert!(from_bytes::<Frame>(&[bytes.clone(), vec![0]].concat()).is_err());
            let newer = [vec![VERSION + 1], bytes[1..].to_vec()].concat();
            assert!(matches!(from_bytes::<Frame>(&newer), Err(DecodeError::UnknownTag { .. })));
        }
    }

    #[test]
    fn a_push_is_written_without_taking_the_envelope() {
        assert_eq!(push_frame(&[3]), to_bytes(&Frame::Push { envelope: vec![3] }));
    }

    #[test]
    fn lists_are_sets_and_bounded() {
        let device =
            |n: u8| DeviceTips { device: DeviceId([n; 32]), tips: vec![(Seq(1), EntryHash([n; 32]))] };
        let frontier =
            |tips| to_bytes(&Frame::Frontier { page: Page { tips, ..Page::default() }, last: true });
        assert!(from_bytes::<Frame>(&frontier(vec![device(1), device(2)])).is_ok());
        assert!(from_bytes::<Frame>(&frontier(vec![device(2), device(1)])).is_err());
        assert!(from_bytes::<Frame>(&frontier(vec![device(1), device(1)])).is_err());
        let many = (0..=TIPS_PER_DEVICE as u64).map(|n| (Seq(n), EntryHash([0; 32]))).collect();
        assert!(
            from_bytes::<Frame>(&frontier(vec![DeviceTips { device: DeviceId([1; 32]), tips: many }]))
                .is_err()
        );
    }
}
