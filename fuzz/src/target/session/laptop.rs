//! The laptop under test: the core, a disk in memory, and what must be true of whatever the core puts out.

use crate::cast::{Cast, DOCUMENT, NOW, copy};
use snug_circle::{ContentKind, op_hash};
use snug_crypto::{DeviceSecret, SeededEntropy};
use snug_sync::{CircleSync, EntryRow, Local, Output, Restored, Row, SessionId, Ticket};
use snug_types::bound::FRAME_BYTES;
use snug_types::{ChangeHash, DeviceId, DocumentRef, EntryHash, EpochId, OpHash, Seq, UnixMillis, to_bytes};
use std::collections::{BTreeMap, VecDeque};

/// Outputs that one input may lead to. A frame asks for pages and answers, never for thousands.
const OUTPUTS: usize = 10_000;

#[derive(Default)]
struct Disk {
    ops: BTreeMap<OpHash, Vec<u8>>,
    epochs: BTreeMap<EpochId, (Vec<u8>, Option<[u8; 32]>)>,
    entries: BTreeMap<(DeviceId, Seq, EntryHash), (DocumentRef, Vec<u8>)>,
    receipts: BTreeMap<DeviceId, Vec<u8>>,
    forks: BTreeMap<DeviceId, Vec<u8>>,
    own: Option<Vec<u8>>,
}

/// One laptop and its one session.
pub struct Laptop {
    pub sync: CircleSync,
    secret: DeviceSecret,
    disk: Disk,
    waiting: VecDeque<(Ticket, Vec<Row>)>,
    /// True if commits wait to be settled, false if they are durable at once.
    slow: bool,
    session: u64,
    now: UnixMillis,
    entropy: SeededEntropy,
}

impl Laptop {
    /// Drives this core, with nothing on its disk, in a session with Mallory.
    pub fn new(sync: CircleSync, secret: &DeviceSecret, slow: bool) -> Self {
        let mut laptop = Self {
            sync,
            secret: copy(secret),
            disk: Disk::default(),
            waiting: VecDeque::new(),
            slow,
            session: 0,
            now: NOW,
            entropy: SeededEntropy::new(13),
        };
        laptop.reconnect();
        laptop
    }

    /// Anna's, with all that was written so far.
    pub fn member(cast: &Cast, slow: bool) -> Self {
        let mut disk = Disk::default();
        for op in &cast.ops {
            disk.keep(Row::Op { hash: op_hash(op.signed()), bytes: to_bytes(op.signed()) });
        }
        let announcement = to_bytes(cast.epoch.signed());
        disk.keep(Row::Epoch { id: cast.epoch_id(), announcement, secret: Some(*cast.secret().as_bytes()) });
        for (tip, envelope) in cast.written() {
            disk.entries.insert((tip.device, tip.seq, tip.hash), (DOCUMENT, envelope.clone()));
        }
        let sync = CircleSync::restore(cast.circle, copy(&cast.anna), disk.restored()).expect("sound rows");
        let mut laptop = Self::new(sync, &cast.anna, slow);
        laptop.disk = disk;
        laptop
    }

    /// A frame arrives.
    pub fn hear(&mut self, frame: &[u8]) {
        self.sync.peer_frame(self.now, &mut self.entropy, SessionId(self.session), frame);
        self.pump();
    }

    /// Time passes.
    pub fn tick(&mut self, seconds: u8) {
        self.now = self.now.plus(1000 * u64::from(seconds));
        self.sync.tick(self.now);
        self.pump();
    }

    /// Its person writes something.
    pub fn write(&mut self) {
        let edit = Local {
            document: DOCUMENT,
            kind: ContentKind::Note,
            incarnation: 1,
            replica: 0,
            newest: ChangeHash([8; 32]),
            payload: b"more".to_vec(),
        };
        let _ = self.sync.local(self.now, &mut self.entropy, edit);
        self.pump();
    }

    /// Its person leaves.
    pub fn leave(&mut self) {
        let _ = self.sync.leave(self.now);
        self.pump();
    }

    /// The connection breaks, and there is another.
    pub fn reconnect(&mut self) {
        self.sync.peer_gone(SessionId(self.session));
        self.meet();
        self.pump();
    }

    fn meet(&mut self) {
        self.session += 1;
        self.sync.peer_up(self.now, SessionId(self.session), Cast::get().mallory.id());
    }

    /// The disk syncs the oldest commits.
    pub fn settle(&mut self, most: usize) {
        for _ in 0..most {
            let Some((ticket, rows)) = self.waiting.pop_front() else { break };
            rows.into_iter().for_each(|row| self.disk.keep(row));
            self.sync.persisted(self.now, &mut self.entropy, ticket);
        }
        self.pump();
    }

    fn pump(&mut self) {
        let mut closed = false;
        for n in 0.. {
            let Some(output) = self.sync.poll() else { break };
            assert!(n < OUTPUTS, "one input leads to ever more");
            match output {
                Output::Persist { ticket, rows } => self.waiting.push_back((ticket, rows)),
                Output::Send { frame, .. } => assert!((1..=FRAME_BYTES).contains(&frame.len())),
                Output::Load { id, device, from, to, bytes } => {
                    let envelopes = self.disk.load(device, from, to, bytes);
                    self.sync.loaded(self.now, id, envelopes);
                }
                Output::Apply { entry } => {
                    let header = &entry.header;
                    let key = (header.device, header.seq, snug_circle::entry_hash(header));
                    assert!(self.disk.entries.contains_key(&key), "an entry was applied that isn't durable");
                }
                Output::Stopped { reason } => panic!("a peer made the laptop stop: {reason}"),
                Output::Close { .. } => closed = true,
                _ => {}
            }
            if !self.slow
                && let Some((ticket, rows)) = self.waiting.pop_front()
            {
                rows.into_iter().for_each(|row| self.disk.keep(row));
                self.sync.persisted(self.now, &mut self.entropy, ticket);
            }
        }
        if closed && self.sync.sessions().next().is_none() {
            // Who was sent away comes again; who isn't a member any more is sent away again, and that is that.
            self.meet();
            while let Some(output) = self.sync.poll() {
                if let Output::Persist { ticket, rows } = output {
                    self.waiting.push_back((ticket, rows));
                }
            }
        }
    }

    /// Everything becomes durable, and the laptop starts again: it knows what it knew.
    pub fn restart(mut self) {
        self.settle(usize::MAX);
        while !self.waiting.is_empty() {
            self.settle(1);
        }
        let again = CircleSync::restore(self.sync.circle(), copy(&self.secret), self.disk.restored())
            .expect("what is on the disk fits together");
        assert_eq!(again.membership(), self.sync.membership());
        assert_eq!(again.log().heads(), self.sync.log().heads());
        assert_eq!(again.stopped(), self.sync.stopped());
        for ((device, seq, _), (document, envelope)) in &self.disk.entries {
            assert_eq!(
                again.accepts(*device, *seq, *document),
                self.sync.accepts(*device, *seq, *document),
                "another verdict on {seq:?} of {device:?} after the start"
            );
            assert!(again.open(envelope).is_ok(), "a stored entry doesn't open");
        }
        let mut again = Self { sync: again, ..self };
        again.reconnect();
        again.tick(70);
    }
}

impl Disk {
    fn keep(&mut self, row: Row) {
        match row {
            Row::Op { hash, bytes } => _ = self.ops.insert(hash, bytes),
            Row::Epoch { id, announcement, secret } => {
                let secret = secret.or_else(|| self.epochs.get(&id).and_then(|(_, secret)| *secret));
                self.epochs.insert(id, (announcement, secret));
            }
            Row::Entry { device, seq, hash, document, envelope, .. } => {
                self.entries.insert((device, seq, hash), (document, envelope));
            }
            Row::Verdict { .. } => {}
            Row::Receipt { device, bytes } => _ = self.receipts.insert(device, bytes),
            Row::Fork { device, bytes } => _ = self.forks.insert(device, bytes),
            Row::Own { bytes } => self.own = Some(bytes),
        }
    }

    fn load(&self, device: DeviceId, from: Seq, to: Seq, bytes: usize) -> Vec<Vec<u8>> {
        let (mut taken, mut last, mut sum) = (Vec::new(), None, 0);
        for ((_, seq, _), (_, envelope)) in
            self.entries.iter().filter(|((d, s, _), _)| *d == device && (from..=to).contains(s))
        {
            if sum >= bytes && last != Some(*seq) {
                break;
            }
            sum += envelope.len();
            last = Some(*seq);
            taken.push(envelope.clone());
        }
        taken
    }

    fn restored(&self) -> Restored {
        let entry =
            |((device, seq, hash), (document, _)): (&(DeviceId, Seq, EntryHash), &(DocumentRef, Vec<u8>))| {
                EntryRow { device: *device, seq: *seq, hash: *hash, document: *document }
            };
        Restored {
            ops: self.ops.values().cloned().collect(),
            epochs: self.epochs.values().cloned().collect(),
            entries: self.entries.iter().map(entry).collect(),
            receipts: self.receipts.values().cloned().collect(),
            forks: self.forks.iter().map(|(device, bytes)| (*device, bytes.clone())).collect(),
            own: self.own.clone(),
        }
    }
}
