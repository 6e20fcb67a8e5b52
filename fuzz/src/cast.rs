//! The people of every fuzzed circle, always the same: Anna, whose laptop is under test, Béla, honest, and Mallory, a
//! member who signs whatever the fuzzer thinks of.

use snug_circle::entry::NO_PREVIOUS;
use snug_circle::{
    Acceptance, Admission, ContentKind, EntryHeader, Envelope, EpochAnnouncement, Epochs, MembershipLog, Op,
    Tip, actor_id, entry_hash, payload_hash,
};
use snug_crypto::{DeviceSecret, EpochSecret, SeededEntropy, Verified, random};
use snug_types::{
    ChangeHash, CircleId, DocumentId, DocumentRef, EntryHash, EpochId, InvitationId, OpHash, Seq, UnixMillis,
    to_bytes,
};
use std::sync::OnceLock;

/// When everything here happens.
pub const NOW: UnixMillis = UnixMillis(1_790_000_000_000);

/// A circle of three.
pub struct Cast {
    /// Which one.
    pub circle: CircleId,
    /// Whose laptop is under test; she founded the circle.
    pub anna: DeviceSecret,
    /// Honest.
    pub bela: DeviceSecret,
    /// A member, and hostile.
    pub mallory: DeviceSecret,
    /// Knocks and isn't a member.
    pub newcomer: DeviceSecret,
    /// The operations that made it so.
    pub ops: Vec<Verified<Op>>,
    /// The heads of their log.
    pub heads: Vec<OpHash>,
    /// The epoch that all three hold.
    pub epoch: Verified<EpochAnnouncement>,
}

impl Cast {
    /// The one circle.
    pub fn get() -> &'static Self {
        static CAST: OnceLock<Cast> = OnceLock::new();
        CAST.get_or_init(Self::gather)
    }

    fn gather() -> Self {
        let mut e = SeededEntropy::new(1);
        let [anna, bela, mallory, newcomer] = [(); 4].map(|()| DeviceSecret::generate(&mut e));
        let (mut log, founding) = MembershipLog::found(&anna, &mut e);
        let mut ops = vec![founding];
        for guest in [&bela, &mallory] {
            let admission = admission(log.circle(), &anna, guest, random(&mut e));
            let op = log.admit(&anna, admission).expect("Anna admits");
            log.insert(op.clone()).expect("what she admitted");
            ops.push(op);
        }
        let circle = log.circle();
        let epoch = Epochs::new(circle).mint(&log, &anna, &mut e).expect("Anna mints");
        Self { circle, anna, bela, mallory, newcomer, ops, heads: log.heads(), epoch }
    }

    /// The log of the three.
    pub fn log(&self) -> MembershipLog {
        let mut log = MembershipLog::new(self.circle);
        for op in &self.ops {
            log.insert(op.clone()).expect("an honest operation");
        }
        log
    }

    /// What Mallory holds of the epoch: its secret.
    pub fn secret(&self) -> &'static EpochSecret {
        static SECRET: OnceLock<EpochSecret> = OnceLock::new();
        SECRET.get_or_init(|| {
            let mut epochs = Epochs::new(self.circle);
            epochs.insert(&self.log(), &self.mallory, self.epoch.clone()).expect("an honest epoch");
            let secret = epochs.secret(&self.epoch.id()).expect("sealed to Mallory");
            EpochSecret::from_bytes(*secret.as_bytes())
        })
    }

    /// What the three wrote: Béla two entries, Anna and Mallory one each.
    pub fn written(&self) -> &'static [(Tip, Vec<u8>)] {
        static WRITTEN: OnceLock<Vec<(Tip, Vec<u8>)>> = OnceLock::new();
        WRITTEN.get_or_init(|| {
            let mut written = Vec::new();
            for (by, most) in [(&self.anna, 1), (&self.bela, 2), (&self.mallory, 1)] {
                let mut previous = NO_PREVIOUS;
                for seq in 1..=most {
                    let (hash, envelope) = self.entry(by, seq, previous, b"payload");
                    written.push((Tip { device: by.id(), seq: Seq(seq), hash }, to_bytes(&envelope)));
                    previous = hash;
                }
            }
            written
        })
    }

    /// The epoch's id.
    pub fn epoch_id(&self) -> EpochId {
        self.epoch.id()
    }

    /// An entry by this device.
    pub fn entry(
        &self,
        by: &DeviceSecret,
        seq: u64,
        previous: EntryHash,
        payload: &[u8],
    ) -> (EntryHash, Envelope) {
        let header = EntryHeader {
            circle: self.circle,
            device: by.id(),
            seq: Seq(seq),
            previous,
            document: DOCUMENT,
            kind: ContentKind::Note,
            incarnation: 1,
            replica: 0,
            actor: actor_id(by.id(), 1, 0),
            newest: ChangeHash([9; 32]),
            heads: self.heads.clone(),
            payload: payload_hash(payload),
            at: NOW,
        };
        let header = Verified::sign(header, by).expect("its own");
        let mut e = SeededEntropy::new(seq);
        let envelope = Envelope::seal(&header, payload, self.epoch_id(), self.secret(), &mut e);
        (entry_hash(&header), envelope.expect("a sound entry"))
    }
}

/// The document that everybody writes in.
pub const DOCUMENT: DocumentRef = DocumentRef::first(DocumentId([5; 16]));

/// The guest's wish to be let in by the host.
pub fn admission(
    circle: CircleId,
    host: &DeviceSecret,
    guest: &DeviceSecret,
    challenge: [u8; 32],
) -> Admission {
    let invitation = InvitationId([7; 16]);
    let acceptance = Acceptance { circle, invitation, inviter: host.id(), device: guest.public(), challenge };
    Admission::of(&Verified::sign(acceptance, guest).expect("the guest's own"))
}

/// The same keys again.
pub fn copy(secret: &DeviceSecret) -> DeviceSecret {
    DeviceSecret::from_bytes(&secret.to_bytes())
}
