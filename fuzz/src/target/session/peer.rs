//! Mallory: she holds her own keys and those of whom she talked into it, and says what the fuzzer thinks of.

use super::super::membership::operation;
use crate::cast::{Cast, DOCUMENT, NOW, copy};
use crate::script::{Choices, Script};
use snug_circle::entry::NO_PREVIOUS;
use snug_circle::{
    ContentKind, EntryHeader, Envelope, Epochs, MembershipLog, Op, Receipt, Tip, actor_id, entry_hash,
    member_page, payload_hash,
};
use snug_crypto::{DeviceSecret, SeededEntropy, Verified};
use snug_types::{
    ChangeHash, DeviceId, DocumentId, DocumentRef, Encode, EntryHash, OpHash, Seq, UnixMillis, Writer,
    from_bytes, to_bytes,
};

/// How many kinds of frames [`Peer::frame`] makes.
pub const KINDS: usize = 11;
/// The version of the conversation.
const VERSION: u8 = 1;

/// What she signed and saw so far.
pub struct Peer {
    people: Vec<DeviceSecret>,
    ops: Vec<Verified<Op>>,
    tips: Vec<Tip>,
    envelopes: Vec<Vec<u8>>,
    entropy: SeededEntropy,
}

impl Peer {
    /// Mallory, Béla and a guest, who all say what she likes.
    pub fn new(cast: &Cast) -> Self {
        let people = [&cast.mallory, &cast.bela, &cast.newcomer].map(copy).into();
        let tips = cast.written().iter().map(|(tip, _)| *tip).collect();
        Self { people, ops: cast.ops.clone(), tips, envelopes: Vec::new(), entropy: SeededEntropy::new(14) }
    }

    /// A frame of this kind.
    pub fn frame(&mut self, kind: usize, choices: &mut Choices<'_>, log: &MembershipLog) -> Vec<u8> {
        let mut w = Writer::new();
        match kind {
            1 => {
                w.u8(1);
                w.raw(&[choices.byte(); 32]);
            }
            2 => self.frontier(&mut w, choices, log),
            3 => self.want(&mut w, choices),
            4 => {
                w.u8(4);
                let envelopes: Vec<_> = (0..choices.below(4)).map(|_| self.envelope(choices, log)).collect();
                w.u32(u32::try_from(envelopes.len()).unwrap_or(0));
                envelopes.iter().for_each(|envelope| w.bytes(envelope));
                w.bool(choices.flag());
            }
            5 => {
                w.u8(5);
                let envelope = self.envelope(choices, log);
                w.bytes(&envelope);
            }
            6 => {
                w.u8(6);
                let ops: Vec<_> = (0..=choices.below(3)).map(|_| self.op(choices, log)).collect();
                w.list(&ops.iter().map(|op| op.signed().clone()).collect::<Vec<_>>());
                w.bool(choices.flag());
            }
            7 => self.epochs(&mut w, choices, log),
            8 => self.receipts(&mut w, choices, log),
            9 => {
                w.u8(9);
                self.device(choices).encode(&mut w);
            }
            // What she heard others say.
            10 => {
                w.u8(6);
                w.list(&self.ops.iter().map(|op| op.signed().clone()).collect::<Vec<_>>());
                w.bool(false);
            }
            _ => return choices.chunk().to_vec(),
        }
        let mut frame = [vec![VERSION], w.finish()].concat();
        if choices.byte() == 255 {
            choices.edit(&mut frame);
        }
        frame
    }

    fn device(&self, choices: &mut Choices<'_>) -> DeviceId {
        match choices.below(5) {
            3 => Cast::get().anna.id(),
            4 => DeviceId([choices.byte(); 32]),
            n => self.people[n].id(),
        }
    }

    fn heads(&self, choices: &mut Choices<'_>, log: &MembershipLog) -> Vec<OpHash> {
        match choices.below(4) {
            0 => log.heads(),
            1 => self.ops.iter().map(|op| op.hash()).take(1).collect(),
            2 => vec![OpHash([choices.byte(); 32])],
            _ => {
                let n = choices.below(self.ops.len());
                vec![self.ops[n].hash()]
            }
        }
    }

    fn tip(&self, choices: &mut Choices<'_>) -> Tip {
        if choices.flag() {
            let (device, seq) = (self.device(choices), seq(choices));
            return Tip { device, seq, hash: EntryHash([choices.byte(); 32]) };
        }
        choices.one_of(&self.tips).unwrap_or(self.tips[0])
    }

    fn tips(&self, choices: &mut Choices<'_>) -> Vec<Tip> {
        let mut tips: Vec<_> = (0..choices.below(6)).map(|_| self.tip(choices)).collect();
        tips.sort_unstable();
        tips.dedup();
        tips
    }

    fn frontier(&self, w: &mut Writer, choices: &mut Choices<'_>, log: &MembershipLog) {
        w.u8(2);
        w.list(&self.heads(choices, log));
        w.list(&if choices.flag() { vec![Cast::get().epoch_id()] } else { Vec::new() });
        let tips = self.tips(choices);
        let mut devices: Vec<_> = tips.iter().map(|tip| tip.device).collect();
        devices.dedup();
        w.u32(u32::try_from(devices.len()).unwrap_or(0));
        for device in &devices {
            device.encode(w);
            let tips: Vec<_> = tips.iter().filter(|tip| tip.device == *device).take(4).collect();
            w.u32(u32::try_from(tips.len()).unwrap_or(0));
            for tip in tips {
                tip.seq.encode(w);
                tip.hash.encode(w);
            }
        }
        w.u32(u32::try_from(devices.len()).unwrap_or(0));
        for device in &devices {
            device.encode(w);
            w.u64(number(choices));
        }
        w.bool(choices.flag());
    }

    fn want(&self, w: &mut Writer, choices: &mut Choices<'_>) {
        w.u8(3);
        let ranges = choices.below(6);
        w.u32(u32::try_from(ranges).unwrap_or(0));
        for _ in 0..ranges {
            self.tip(choices).encode(w);
            w.list(&self.tips(choices));
        }
        w.u32(if choices.flag() { u32::MAX } else { u32::from(choices.byte()) });
    }

    /// An entry: new, on any branch, in any document, or one that was sent before.
    fn envelope(&mut self, choices: &mut Choices<'_>, log: &MembershipLog) -> Vec<u8> {
        let cast = Cast::get();
        if choices.below(4) == 3 && !self.envelopes.is_empty() {
            let n = choices.below(self.envelopes.len());
            return self.envelopes[n].clone();
        }
        let by = copy(&self.people[choices.below(self.people.len())]);
        let (seq, previous) = match choices.below(4) {
            0 => (Seq(1), NO_PREVIOUS),
            1 => (seq(choices), EntryHash([choices.byte(); 32])),
            // On from the end of what this device signed, or from anywhere in it: a fork.
            n => {
                let own: Vec<_> = self.tips.iter().filter(|tip| tip.device == by.id()).copied().collect();
                let tip = if n == 2 { own.last().copied() } else { choices.one_of(&own) };
                tip.map_or((Seq(1), NO_PREVIOUS), |tip| (Seq(tip.seq.0.saturating_add(1)), tip.hash))
            }
        };
        let kind = match choices.below(6) {
            0 => ContentKind::CirclePage,
            1 => ContentKind::MemberPage,
            2 => ContentKind::Plan,
            3 => ContentKind::Unknown(u16::from(choices.byte()) + 5),
            _ => ContentKind::Note,
        };
        let document = match choices.below(4) {
            0 => DocumentRef::first(snug_circle::circle_page(cast.circle)),
            1 => {
                let member = snug_circle::member_of_first(&by.public());
                DocumentRef::first(member_page(cast.circle, member))
            }
            2 => DocumentRef::first(DocumentId([choices.byte(); 16])),
            _ => DOCUMENT,
        };
        let (incarnation, replica) = (u32::from(choices.byte()), choices.byte());
        let payload = choices.chunk();
        let header = EntryHeader {
            circle: cast.circle,
            device: by.id(),
            seq,
            previous,
            document,
            kind,
            incarnation,
            replica,
            actor: actor_id(by.id(), incarnation, replica),
            newest: ChangeHash([choices.byte(); 32]),
            heads: self.heads(choices, log),
            payload: payload_hash(payload),
            at: UnixMillis(number(choices)),
        };
        let header = Verified::sign(header, &by).expect("the device's own");
        let e = &mut self.entropy;
        let Ok(envelope) = Envelope::seal(&header, payload, cast.epoch_id(), cast.secret(), e) else {
            return Vec::new();
        };
        self.tips.push(Tip { device: by.id(), seq, hash: entry_hash(&header) });
        self.envelopes.push(to_bytes(&envelope));
        to_bytes(&envelope)
    }

    fn op(&mut self, choices: &mut Choices<'_>, log: &MembershipLog) -> Verified<Op> {
        let op = operation(choices, log, &self.ops, &self.people);
        self.ops.push(op.clone());
        op
    }

    fn epochs(&mut self, w: &mut Writer, choices: &mut Choices<'_>, log: &MembershipLog) {
        w.u8(7);
        let cast = Cast::get();
        let by = copy(&self.people[choices.below(self.people.len())]);
        let mut hers = Epochs::new(cast.circle);
        let minted = hers.mint(log, &by, &mut self.entropy).ok();
        let mut announcement = minted.map(Verified::into_signed);
        if let Some(signed) = &mut announcement
            && choices.flag()
        {
            let mut body = to_bytes(&signed.body);
            choices.edit(&mut body);
            if let Ok(mut body) = from_bytes::<snug_circle::EpochAnnouncement>(&body) {
                body.author = by.id();
                *signed = Verified::sign(body, &by).expect("the device's own").into_signed();
            }
        }
        let to = self.device(choices);
        let held = hers.insert(log, &by, cast.epoch.clone()).is_ok();
        let grant = held.then(|| hers.grant(log, &by, cast.epoch_id(), to, &mut self.entropy));
        let grant = grant.and_then(Result::ok).map(Verified::into_signed);
        w.list(announcement.as_slice());
        w.list(grant.as_slice());
        w.bool(choices.flag());
    }

    fn receipts(&self, w: &mut Writer, choices: &mut Choices<'_>, log: &MembershipLog) {
        w.u8(8);
        let receipt = |choices: &mut Choices<'_>| {
            let by = &self.people[choices.below(self.people.len())];
            let receipt = Receipt {
                circle: Cast::get().circle,
                device: by.id(),
                number: number(choices),
                at: NOW,
                heads: self.heads(choices, log),
                tips: self.tips(choices),
            };
            Verified::sign(receipt, by).expect("the device's own").into_signed()
        };
        let receipts: Vec<_> = (0..=choices.below(3)).map(|_| receipt(choices)).collect();
        w.list(&receipts);
    }
}

/// Small ones, and those at the end of the line.
fn number(choices: &mut Choices<'_>) -> u64 {
    match choices.byte() {
        255 => u64::MAX,
        254 => u64::MAX - 1,
        n => n.into(),
    }
}

fn seq(choices: &mut Choices<'_>) -> Seq {
    Seq(number(choices))
}

/// Each kind of frame in plain, and a few that hang together.
pub fn seeds() -> Vec<Vec<u8>> {
    // A slow disk and a quick one, a member and a guest; then one deed after the other.
    let own = u8::try_from(super::OWN_DEEDS).unwrap_or(0);
    let kind = |kind: u8, rest: &[u8]| [&[own + kind], rest].concat();
    let on = [0, 2, 4, 3, 1, 0].as_slice();
    let entry = [on, &[0, 3, b'a', b'b', b'c', 9, 0, 3, 0]].concat();
    let fork = [&[0, 0, 0, 4, 3, 1, 0][..], &[0, 1, b'x', 9, 0, 3, 0]].concat();
    let raw = |bytes: &[u8]| Script::new().bytes(&[own]).chunk(bytes).finish();
    let ops = [&[0][..], &[0, 2, 0, 0, 1, 9, 0, 0, 0, 0]].concat();
    let deeds: Vec<Vec<u8>> = vec![
        raw(&[1, 1]),
        kind(1, &[7, 0]),
        kind(2, &[0, 1, 3, 0, 0, 0, 1, 1, 4, 9, 1, 1, 5, 1, 0]),
        kind(3, &[2, 0, 1, 0, 0, 0, 0, 1, 0]),
        kind(4, &[&[1][..], &entry, &[1, 0]].concat()),
        kind(5, &entry),
        kind(5, &fork),
        kind(6, &ops),
        kind(7, &[0, 0, 0, 0]),
        kind(8, &[0, 0, 5, 0, 2, 0, 0, 0, 1]),
        kind(9, &[1, 0]),
        kind(10, &[0]),
        vec![2],
        vec![3],
        vec![4],
        vec![1, 70],
    ];
    let mut seeds: Vec<_> = deeds.iter().map(|deed| [&[0, 0], &deed[..]].concat()).collect();
    for start in [[0, 0], [0, 1], [1, 0], [1, 1]] {
        seeds.push([&start[..], &deeds.concat(), &[0, 0, 0]].concat());
    }
    seeds
}
