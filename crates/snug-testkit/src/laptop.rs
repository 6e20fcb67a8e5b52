//! A laptop: the core, its documents, its disk and its clock.

use crate::chance::Chance;
use crate::disk::{Disk, StoredEntry};
use snug_circle::{ContentKind, Entry, actor_id};
use snug_crypto::DeviceSecret;
use snug_document::{Edit, LiveDocument, decode_changes, encode_changes};
use snug_sync::{CircleSync, CloseReason, Local, LocalError, Output, SessionId, StopReason, Ticket};
use snug_types::{ActorId, CircleId, DeviceId, DocumentId, DocumentRef, EntryHash, Seq, UnixMillis};
use std::collections::BTreeMap;

/// What a laptop told the person in front of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It is a member now.
    Admitted,
    /// Its leave reached somebody.
    LeaveDelivered,
    /// It stopped writing.
    Stopped(StopReason),
    /// A device forked.
    Fork(DeviceId),
    /// A session was ended by the core.
    Closed(CloseReason),
}

/// One simulated laptop.
#[derive(Debug)]
pub struct Laptop {
    /// The core.
    pub sync: CircleSync,
    /// Its disk.
    pub disk: Disk,
    /// How far its clock is off, in milliseconds.
    pub skew: i64,
    /// False while it is switched off.
    pub up: bool,
    /// What it told so far.
    pub events: Vec<Event>,
    /// Entries that it acknowledged as saved.
    pub acknowledged: Vec<(DeviceId, Seq, EntryHash)>,
    secret: DeviceSecret,
    documents: BTreeMap<DocumentRef, LiveDocument>,
    /// Local edits that aren't acknowledged yet.
    promised: BTreeMap<Ticket, Seq>,
    entropy: Chance,
}

/// What a laptop wants of the world after an input.
#[derive(Debug, Default)]
pub(crate) struct Wishes {
    pub(crate) frames: Vec<(SessionId, Vec<u8>)>,
    pub(crate) closed: Vec<SessionId>,
    pub(crate) holdings: bool,
}

impl Laptop {
    pub(crate) fn new(sync: CircleSync, secret: DeviceSecret, seed: u64) -> Self {
        Self {
            sync,
            disk: Disk::default(),
            skew: 0,
            up: true,
            events: Vec::new(),
            acknowledged: Vec::new(),
            secret,
            documents: BTreeMap::new(),
            promised: BTreeMap::new(),
            entropy: Chance::new(seed),
        }
    }

    /// A copy of this laptop's disk in another laptop: the same device twice.
    pub(crate) fn cloned(&self, seed: u64) -> Self {
        let mut copy = Self::new(CircleSync::joining(self.sync.circle(), self.secret()), self.secret(), seed);
        copy.disk = self.disk.clone();
        copy.restart();
        copy
    }

    /// Its keys.
    pub fn secret(&self) -> DeviceSecret {
        DeviceSecret::from_bytes(&self.secret.to_bytes())
    }

    /// Its device.
    pub fn device(&self) -> DeviceId {
        self.secret.id()
    }

    /// The actor of its edits.
    pub fn actor(&self) -> ActorId {
        actor_id(self.device(), 1, 0)
    }

    /// What its own clock shows.
    pub fn clock(&self, now: u64) -> UnixMillis {
        UnixMillis(now.saturating_add_signed(self.skew))
    }

    pub(crate) fn entropy(&mut self) -> &mut Chance {
        &mut self.entropy
    }

    /// Runs an input that needs time and randomness.
    pub fn input<T>(
        &mut self,
        now: u64,
        act: impl FnOnce(&mut CircleSync, UnixMillis, &mut Chance) -> T,
    ) -> T {
        let clock = self.clock(now);
        act(&mut self.sync, clock, &mut self.entropy)
    }

    /// Takes what the core puts out, and does what a laptop does by itself.
    pub(crate) fn pump(&mut self, now: u64) -> Wishes {
        let mut wishes = Wishes::default();
        while let Some(output) = self.sync.poll() {
            match output {
                Output::Persist { ticket, rows } => self.disk.write(ticket, rows),
                Output::Send { session, frame } => wishes.frames.push((session, frame)),
                Output::Load { id, device, from, to, bytes } => {
                    let envelopes = self.disk.load(device, from, to, bytes);
                    let clock = self.clock(now);
                    self.sync.loaded(clock, id, envelopes);
                }
                Output::Apply { entry } => self.apply(&entry),
                Output::Acknowledged { ticket } => self.acknowledge(ticket),
                Output::Rebuild { document } => self.build(document),
                Output::Close { session, reason } => {
                    wishes.closed.push(session);
                    self.events.push(Event::Closed(reason));
                }
                Output::HoldingsChanged => wishes.holdings = true,
                Output::Fork { device } => self.events.push(Event::Fork(device)),
                Output::Admitted => self.events.push(Event::Admitted),
                Output::LeaveDelivered => self.events.push(Event::LeaveDelivered),
                Output::Stopped { reason } => self.events.push(Event::Stopped(reason)),
                Output::MembershipChanged => {}
            }
        }
        wishes
    }

    fn acknowledge(&mut self, ticket: Ticket) {
        let Some(seq) = self.promised.remove(&ticket) else { return };
        let me = self.device();
        let range = (me, seq, EntryHash([0; 32]))..=(me, seq, EntryHash([255; 32]));
        let held = |key: &(DeviceId, Seq, EntryHash)| self.sync.holds(key.0, key.1, key.2);
        let found = self.disk.entries().range(range).map(|(key, _)| *key).find(held);
        self.acknowledged.push(found.expect("an edit was acknowledged that isn't durable"));
    }

    fn apply(&mut self, entry: &Entry) {
        let header = &entry.header;
        let durable =
            self.disk.entries().keys().any(|(device, seq, _)| (*device, *seq) == (header.device, header.seq));
        assert!(durable, "an entry was applied that isn't durable");
        let actor = self.actor();
        let document = self.documents.entry(header.document).or_insert_with(|| LiveDocument::new(actor));
        let changes = decode_changes(&entry.payload).expect("a payload that an honest laptop wrote");
        let applied = document.apply(&changes, header.actor);
        assert!(
            applied.quarantined.is_empty(),
            "an honest change was quarantined: {:?}",
            applied.quarantined
        );
    }

    /// Builds a document from the stored entries that count.
    fn build(&mut self, document: DocumentRef) {
        let mut live = LiveDocument::new(self.actor());
        for entry in self.stored(document) {
            let changes = decode_changes(&entry.payload).expect("a payload that an honest laptop wrote");
            live.apply(&changes, entry.header.actor);
        }
        self.documents.insert(document, live);
    }

    /// The entries of a document that count, opened, device after device, each in the order of its log.
    pub(crate) fn stored(&self, document: DocumentRef) -> Vec<Entry> {
        let counts = |device: DeviceId, seq: Seq| self.sync.accepts(device, seq, document);
        let of = |(key, e): &(&(DeviceId, Seq, EntryHash), &StoredEntry)| {
            e.document == document && counts(key.0, key.1)
        };
        let entries = self.held().filter(of);
        entries.map(|(_, e)| self.sync.open(&e.envelope).expect("a stored entry opens")).collect()
    }

    /// True if this entry is durable here, in its log.
    pub(crate) fn holds(&self, key: &(DeviceId, Seq, EntryHash)) -> bool {
        self.disk.entries().contains_key(key) && self.sync.holds(key.0, key.1, key.2)
    }

    /// The stored entries that are in a log: a refused commit may have cut others off.
    pub(crate) fn held(&self) -> impl Iterator<Item = (&(DeviceId, Seq, EntryHash), &StoredEntry)> {
        let held = |(device, seq, hash): &(DeviceId, Seq, EntryHash)| self.sync.holds(*device, *seq, *hash);
        self.disk.entries().iter().filter(move |(key, _)| held(key))
    }

    /// Starts again from what is durable.
    pub(crate) fn restart(&mut self) {
        let restored = CircleSync::restore(self.sync.circle(), self.secret(), self.disk.restored());
        self.sync = restored.expect("what is on the disk fits together");
        self.promised.clear();
        self.documents.clear();
        let documents: Vec<_> = self.held().map(|(_, entry)| entry.document).collect();
        for document in documents {
            if !self.documents.contains_key(&document) {
                self.build(document);
            }
        }
        self.up = true;
    }

    /// Makes a document and its first edit.
    pub(crate) fn make(
        &mut self,
        now: u64,
        make: impl FnOnce(ActorId, UnixMillis) -> (LiveDocument, Edit),
    ) -> Result<DocumentRef, LocalError> {
        let document = DocumentRef::first(DocumentId(snug_crypto::random(&mut self.entropy)));
        let (live, edit) = make(self.actor(), self.clock(now));
        self.write(now, document, &edit)?;
        self.documents.insert(document, live);
        Ok(document)
    }

    /// Edits a document; false if there is nothing to edit yet, or no leave to.
    pub(crate) fn edit(
        &mut self,
        now: u64,
        document: DocumentRef,
        change: impl FnOnce(&mut LiveDocument, UnixMillis) -> Option<Edit>,
    ) -> bool {
        let clock = self.clock(now);
        let Some(live) = self.documents.get_mut(&document) else { return false };
        let before = live.clone();
        let Some(edit) = change(live, clock) else { return false };
        let written = self.write(now, document, &edit);
        if written.is_err() {
            self.documents.insert(document, before);
        }
        written.is_ok()
    }

    fn write(&mut self, now: u64, document: DocumentRef, edit: &Edit) -> Result<(), LocalError> {
        let payload = encode_changes(&edit.changes);
        let (kind, newest) = (ContentKind::Note, edit.newest);
        let local = Local { document, kind, incarnation: 1, replica: 0, newest, payload };
        let seq = Seq(self.last_own().0 + 1);
        let ticket = self.input(now, |sync, clock, entropy| sync.local(clock, entropy, local))?;
        self.promised.insert(ticket, seq);
        Ok(())
    }

    /// The last number of its own log, waiting ones included.
    fn last_own(&self) -> Seq {
        let promised = self.promised.values().max().copied().unwrap_or_default();
        let me = self.device();
        let range = (me, Seq::ZERO, EntryHash([0; 32]))..=(me, Seq(u64::MAX), EntryHash([255; 32]));
        let mut own = self.disk.entries().range(range).rev().map(|(key, _)| key);
        let last = own.find(|(device, seq, hash)| self.sync.holds(*device, *seq, *hash));
        promised.max(last.map(|(_, seq, _)| *seq).unwrap_or_default())
    }

    /// A document, if it has it.
    pub fn document(&self, document: DocumentRef) -> Option<&LiveDocument> {
        self.documents.get(&document)
    }

    /// Which documents it has.
    pub fn documents(&self) -> Vec<DocumentRef> {
        self.documents.keys().copied().collect()
    }

    /// Which circle it is in.
    pub const fn circle(&self) -> CircleId {
        self.sync.circle()
    }
}
