//! What a laptop comes back with from a disk that refused a commit and took a later one.
#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use snug_circle::{Acceptance, Admission, ContentKind, Envelope, Tip};
use snug_crypto::{DeviceSecret, SeededEntropy, Verified};
use snug_sync::{CircleSync, EntryRow, Local, Output, Restored, Row, SessionId};
use snug_types::{
    ChangeHash, DeviceId, DocumentId, DocumentRef, Encode, EntryHash, EpochId, InvitationId, OpHash, Seq,
    UnixMillis, Writer, from_bytes,
};
use std::collections::BTreeMap;

const NOW: UnixMillis = UnixMillis(1_000_000);
const PEER: SessionId = SessionId(1);

/// A laptop and its store, with rows by their keys.
struct Laptop {
    sync: CircleSync,
    secret: DeviceSecret,
    entropy: SeededEntropy,
    ops: BTreeMap<OpHash, Vec<u8>>,
    epochs: BTreeMap<EpochId, (Vec<u8>, Option<[u8; 32]>)>,
    entries: BTreeMap<(DeviceId, Seq, EntryHash), (DocumentRef, Vec<u8>)>,
    own: Option<Vec<u8>>,
}

fn copy(secret: &DeviceSecret) -> DeviceSecret {
    DeviceSecret::from_bytes(&secret.to_bytes())
}

impl Laptop {
    fn found() -> Self {
        let mut entropy = SeededEntropy::new(1);
        let secret = DeviceSecret::generate(&mut entropy);
        let (sync, _) = CircleSync::found(copy(&secret), &mut entropy, NOW);
        let (ops, epochs, entries) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut laptop = Self { sync, secret, entropy, ops, epochs, entries, own: None };
        laptop.settle();
        laptop
    }

    fn keep(&mut self, rows: Vec<Row>) {
        for row in rows {
            match row {
                Row::Op { hash, bytes } => _ = self.ops.insert(hash, bytes),
                Row::Epoch { id, announcement, secret } => {
                    self.epochs.insert(id, (announcement, secret));
                }
                Row::Entry { device, seq, hash, document, envelope, .. } => {
                    self.entries.insert((device, seq, hash), (document, envelope));
                }
                Row::Own { bytes } => self.own = Some(bytes),
                Row::Verdict { .. } | Row::Receipt { .. } | Row::Fork { .. } => {}
            }
        }
    }

    /// Does what is wanted, every commit at once.
    fn settle(&mut self) -> Vec<Output> {
        let mut outputs = Vec::new();
        while let Some(output) = self.sync.poll() {
            match output {
                Output::Persist { ticket, rows } => {
                    self.keep(rows);
                    self.sync.persisted(NOW, &mut self.entropy, ticket);
                }
                output => outputs.push(output),
            }
        }
        outputs
    }

    fn write(&mut self, n: u8) {
        let document = DocumentRef::first(DocumentId([5; 16]));
        let (kind, newest) = (ContentKind::Note, ChangeHash([n; 32]));
        let local = Local { document, kind, incarnation: 1, replica: 0, newest, payload: vec![n; 20] };
        self.sync.local(NOW, &mut self.entropy, local).unwrap();
    }

    fn restart(&mut self) {
        let entry =
            |((device, seq, hash), (document, _)): (&(DeviceId, Seq, EntryHash), &(DocumentRef, _))| {
                EntryRow { device: *device, seq: *seq, hash: *hash, document: *document }
            };
        let restored = Restored {
            ops: self.ops.values().cloned().collect(),
            epochs: self.epochs.values().cloned().collect(),
            entries: self.entries.iter().map(entry).collect(),
            own: self.own.clone(),
            ..Restored::default()
        };
        self.sync = CircleSync::restore(self.sync.circle(), copy(&self.secret), restored).unwrap();
    }

    /// The numbers of its entries, and whether they count.
    fn held(&self) -> Vec<(u64, bool)> {
        let mut held: Vec<_> =
            self.entries.keys().map(|(d, seq, hash)| (seq.0, self.sync.holds(*d, *seq, *hash))).collect();
        held.sort_unstable();
        held
    }
}

#[test]
fn an_entry_beyond_a_refused_one_is_never_taken_for_one_that_was_written_in_its_place() {
    let mut anna = Laptop::found();
    let bela = DeviceSecret::generate(&mut anna.entropy);
    let acceptance = Acceptance {
        circle: anna.sync.circle(),
        invitation: InvitationId([3; 16]),
        inviter: anna.sync.device(),
        device: bela.public(),
        challenge: [4; 32],
    };
    anna.sync.admit(NOW, Admission::of(&Verified::sign(acceptance, &bela).unwrap())).unwrap();
    anna.write(1);
    anna.settle();
    anna.write(2);
    anna.write(3);
    let mut waiting = std::iter::from_fn(|| anna.sync.poll()).collect::<Vec<_>>().into_iter();
    let (Some(Output::Persist { ticket, .. }), Some(Output::Persist { ticket: later, rows })) =
        (waiting.next(), waiting.next())
    else {
        panic!("two commits");
    };
    anna.keep(rows);
    anna.sync.persist_failed(NOW, ticket);
    anna.sync.persisted(NOW, &mut anna.entropy, later);
    assert_eq!(anna.held(), [(1, true), (3, false)], "it isn't in the log before the second is");

    anna.restart();
    assert_eq!(anna.held(), [(1, true), (3, false)]);
    anna.write(4);
    anna.settle();
    anna.restart();
    assert_eq!(anna.held(), [(1, true), (2, true), (3, false)]);
    anna.write(5);
    anna.settle();
    anna.restart();
    assert_eq!(anna.held(), [(1, true), (2, true), (3, false), (3, true)]);

    // And nobody is given it, though a read of the store finds it.
    anna.sync.peer_up(NOW, PEER, bela.id());
    anna.settle();
    let (device, seq, hash) =
        anna.entries.keys().rev().find(|k| anna.sync.holds(k.0, k.1, k.2)).copied().unwrap();
    let mut want = Writer::new();
    want.raw(&[1, 3]);
    want.u32(1);
    Tip { device, seq, hash }.encode(&mut want);
    want.u32(0);
    want.u32(u32::MAX);
    anna.sync.peer_frame(NOW, &mut anna.entropy, PEER, &want.finish());
    let asked = anna.settle();
    let Some(Output::Load { id, from: Seq(1), to: Seq(3), .. }) = asked.last() else { panic!("{asked:?}") };
    let read: Vec<_> = anna.entries.values().map(|(_, envelope)| envelope.clone()).collect();
    anna.sync.loaded(NOW, *id, read);
    let answer = anna.settle().into_iter().find_map(|output| match output {
        Output::Send { frame, .. } if frame[1] == 4 => Some(frame),
        _ => None,
    });
    let answer = answer.unwrap();
    let mut r = snug_types::Reader::new(&answer[2..]);
    let given: Vec<_> = (0..r.count("entries", 100).unwrap())
        .map(|_| from_bytes::<Envelope>(r.bytes("entry", 100_000).unwrap()).unwrap().seq)
        .collect();
    assert_eq!(given, [Seq(1), Seq(2), Seq(3)]);
}
