//! Anna's laptop, and what a test does to it.

use snug_circle::{
    Acceptance, Admission, ContentKind, EntryHeader, Envelope, Receipt, actor_id, entry_hash, payload_hash,
};
use snug_crypto::{DeviceSecret, EpochSecret, SeededEntropy, Verified, random};
use snug_sync::{CircleSync, CloseReason, Local, Output, Row, SessionId, Ticket};
use snug_types::{
    ChangeHash, DeviceId, DocumentId, DocumentRef, EntryHash, EpochId, InvitationId, Seq, UnixMillis, Writer,
    to_bytes,
};

pub(crate) const NOW: UnixMillis = UnixMillis(1_000_000);
pub(crate) const PEER: SessionId = SessionId(1);
pub(crate) const NOTE: DocumentRef = DocumentRef::first(DocumentId([5; 16]));

/// Anna's laptop, and Bela's keys: Bela is a member whose laptop the test plays, honest or not.
pub(crate) struct Scene {
    pub(crate) anna: CircleSync,
    pub(crate) bela: DeviceSecret,
    pub(crate) entropy: SeededEntropy,
    pub(crate) epoch: EpochId,
    pub(crate) secret: EpochSecret,
}

pub(crate) fn local(payload: Vec<u8>) -> Local {
    let (kind, newest) = (ContentKind::Note, ChangeHash([1; 32]));
    Local { document: NOTE, kind, incarnation: 1, replica: 0, newest, payload }
}

pub(crate) fn drain(sync: &mut CircleSync) -> Vec<Output> {
    std::iter::from_fn(|| sync.poll()).collect()
}

/// What it gives out, with every commit done at once.
pub(crate) fn run(sync: &mut CircleSync, entropy: &mut SeededEntropy) -> Vec<Output> {
    let mut all = Vec::new();
    while let Some(output) = sync.poll() {
        if let Output::Persist { ticket, .. } = &output {
            sync.persisted(NOW, entropy, *ticket);
        }
        all.push(output);
    }
    all
}

pub(crate) fn admit(anna: &mut CircleSync, newcomer: &DeviceSecret, entropy: &mut SeededEntropy) {
    let acceptance = Acceptance {
        circle: anna.circle(),
        invitation: InvitationId([3; 16]),
        inviter: anna.device(),
        device: newcomer.public(),
        challenge: random(entropy),
    };
    anna.admit(NOW, Admission::of(&Verified::sign(acceptance, newcomer).unwrap())).unwrap();
}

impl Scene {
    pub(crate) fn new() -> Self {
        let mut entropy = SeededEntropy::new(1);
        let (anna, bela) = (DeviceSecret::generate(&mut entropy), DeviceSecret::generate(&mut entropy));
        let (mut anna, _) = CircleSync::found(anna, &mut entropy, NOW);
        admit(&mut anna, &bela, &mut entropy);
        anna.local(NOW, &mut entropy, local(vec![0; 10])).unwrap();
        let outputs = run(&mut anna, &mut entropy);
        let epoch = outputs.iter().find_map(|output| match output {
            Output::Persist { rows, .. } => rows.iter().find_map(|row| match row {
                Row::Epoch { id, secret: Some(secret), .. } => Some((*id, EpochSecret::from_bytes(*secret))),
                _ => None,
            }),
            _ => None,
        });
        let (epoch, secret) = epoch.unwrap();
        let mut scene = Self { anna, bela, entropy, epoch, secret };
        scene.connect();
        scene
    }

    /// Lets another one in: their device.
    pub(crate) fn admit(&mut self) -> DeviceId {
        let other = DeviceSecret::generate(&mut self.entropy);
        admit(&mut self.anna, &other, &mut self.entropy);
        run(&mut self.anna, &mut self.entropy);
        other.id()
    }

    pub(crate) fn connect(&mut self) {
        self.anna.peer_up(NOW, PEER, self.bela.id());
        run(&mut self.anna, &mut self.entropy);
    }

    pub(crate) fn header(&self, seq: u64, previous: EntryHash) -> EntryHeader {
        EntryHeader {
            circle: self.anna.circle(),
            device: self.bela.id(),
            seq: Seq(seq),
            previous,
            document: NOTE,
            kind: ContentKind::Note,
            incarnation: 1,
            replica: 0,
            actor: actor_id(self.bela.id(), 1, 0),
            newest: ChangeHash([2; 32]),
            heads: self.anna.log().heads(),
            payload: payload_hash(b"changes"),
            at: NOW,
        }
    }

    /// A chain of Bela's entries, sealed.
    pub(crate) fn chain(&mut self, entries: u64) -> Vec<(EntryHash, Vec<u8>)> {
        let mut previous = EntryHash([0; 32]);
        (1..=entries)
            .map(|seq| {
                let header = self.header(seq, previous);
                previous = entry_hash(&header);
                (previous, self.seal(header))
            })
            .collect()
    }

    pub(crate) fn seal(&mut self, header: EntryHeader) -> Vec<u8> {
        let header = Verified::sign(header, &self.bela).unwrap();
        to_bytes(&Envelope::seal(&header, b"changes", self.epoch, &self.secret, &mut self.entropy).unwrap())
    }

    /// What Anna does with a frame of Bela's, before any commit is done.
    pub(crate) fn frame(&mut self, frame: &[u8]) -> Vec<Output> {
        self.anna.peer_frame(NOW, &mut self.entropy, PEER, frame);
        drain(&mut self.anna)
    }

    pub(crate) fn pushed(&mut self, envelope: &[u8]) -> Vec<Output> {
        self.frame(&push(envelope))
    }

    pub(crate) fn persist(&mut self, ticket: Ticket) -> Vec<Output> {
        self.anna.persisted(NOW, &mut self.entropy, ticket);
        drain(&mut self.anna)
    }
}

pub(crate) fn push(envelope: &[u8]) -> Vec<u8> {
    let mut w = Writer::new();
    w.u8(1);
    w.u8(5);
    w.bytes(envelope);
    w.finish()
}

pub(crate) fn receipts(receipt: &Verified<Receipt>) -> Vec<u8> {
    let mut w = Writer::new();
    w.u8(1);
    w.u8(8);
    w.list([receipt.signed()]);
    w.finish()
}

pub(crate) fn closed(outputs: &[Output]) -> bool {
    outputs.iter().any(|output| matches!(output, Output::Close { reason: CloseReason::Dishonest(_), .. }))
}

pub(crate) fn persists(outputs: &[Output]) -> Option<Ticket> {
    outputs.iter().find_map(|output| match output {
        Output::Persist { ticket, .. } => Some(*ticket),
        _ => None,
    })
}
