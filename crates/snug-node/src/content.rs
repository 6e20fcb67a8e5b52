//! Documents of a circle: loading them, editing them, and what lists show of them.
//!
//! An edit goes `LiveDocument` → `CircleSync::local` (sign, seal) → store → acknowledged. An entry of somebody else comes
//! from the core verified and durable; it is applied if its document is in memory, and found in the store otherwise.

use crate::ambient::{OsEntropy, now};
use crate::circle::{Circle, DocumentKey, Summary};
use crate::error::NodeError;
use crate::index::Indexed;
use crate::laptop::{Answered, Done};
use crate::owner::{Owner, local_error};
use crate::view::Event;
use snug_circle::{ContentKind, Entry, actor_id};
use snug_document::{Edit, EditError, LiveDocument, decode_changes, encode_changes, note, plan};
use snug_store::{Position, SnapshotRow, Write};
use snug_sync::{Local, Ticket};
use snug_types::{
    ActorId, CircleId, Decode, DecodeError, DeviceId, DocumentId, Encode, Reader, Seq, UnixMillis, Writer,
    bound, from_bytes, to_bytes,
};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Which life of this laptop's store writes. A restored copy begins another, with a device of its own.
pub(crate) const INCARNATION: u32 = 0;
/// The core's replica; windows have others.
pub(crate) const REPLICA: u8 = 0;
/// Bytes of envelopes that are read at once while a document is loaded.
const PAGE_BYTES: usize = 4 << 20;
/// Entries that a loading may have to read before it saves the document: some tens of milliseconds.
const SNAPSHOT_ENTRIES: usize = 256;
/// Documents that a list names, the newest ones: at 1.2 kB for each of the longest titles, an answer that a client takes.
pub(crate) const LISTED: usize = 50_000;
/// Summaries that are made between two other jobs of the owner, and how long that may take before it is the others' turn.
const SLICE: usize = 16;
const SLICE_TIME: Duration = Duration::from_millis(5);

impl Circle {
    /// The actor of what the core edits itself.
    pub(crate) fn actor(&self) -> ActorId {
        actor_id(self.me.id(), INCARNATION, REPLICA)
    }

    /// Hands an edit of one of this laptop's replicas to the core, and tells the others of it.
    pub(crate) fn hand_in(&mut self, of: DocumentKey, replica: u8, edit: &Edit) -> Result<Ticket, NodeError> {
        let (document, kind) = of;
        let payload = encode_changes(&edit.changes);
        let local = Local { document, kind, incarnation: INCARNATION, replica, newest: edit.newest, payload };
        let at = now();
        match self.sync.local(at, &mut OsEntropy, local) {
            Ok(ticket) => {
                self.index.count_in(of, self.me.id(), at);
                self.writing.insert(ticket, of);
                if let Some(held) = self.loaded.held(of) {
                    held.windows.tell(&edit.changes, replica);
                }
                Ok(ticket)
            }
            Err(error) => {
                // What is in memory is more than what will ever be on the disk.
                self.loaded.forget(of);
                Err(local_error(error))
            }
        }
    }
}

impl Owner {
    /// A document, loaded if it wasn't; an empty one where nothing of it is here.
    pub(crate) async fn document(
        &mut self,
        id: CircleId,
        of: DocumentKey,
    ) -> Result<&mut LiveDocument, NodeError> {
        let circle = self.circles.get(&id).ok_or(NodeError::NoCircle)?;
        if !circle.loaded.contains(of) {
            // An own edit that isn't in the store yet would be missing, and its number would be given twice.
            while self.circles.get(&id).is_some_and(|c| c.writing.values().any(|d| *d == of)) {
                self.next_commit().await;
            }
            let loaded = self.load(id, of).await?;
            let circle = self.circles.get_mut(&id).ok_or(NodeError::NoCircle)?;
            circle.loaded.insert(of, loaded);
        }
        let circle = self.circles.get_mut(&id).ok_or(NodeError::NoCircle)?;
        let held = circle.loaded.held(of);
        held.map(|held| &mut held.document)
            .ok_or_else(|| NodeError::Internal("a document was let go at once".into()))
    }

    /// Builds a document from what was saved of it and the entries stored since: one call for each actor's run, so that
    /// many small changes cost about what one large one does.
    async fn load(&mut self, id: CircleId, of: DocumentKey) -> Result<LiveDocument, NodeError> {
        let (of, kind) = of;
        let saved = self.store.snapshot(id, of).await?;
        let circle = self.circles.get(&id).ok_or(NodeError::NoCircle)?;
        let (mut document, mut covered) = saved
            .and_then(|row| from_snapshot(circle, kind, &row))
            .unwrap_or_else(|| (LiveDocument::new(circle.actor()), Covered::of(kind)));
        let mut payloads: BTreeMap<ActorId, Vec<Vec<u8>>> = BTreeMap::new();
        let (mut read, mut aside) = (0, false);
        loop {
            let page = self.store.entries_of_document(id, of, covered.position, PAGE_BYTES).await?;
            let circle = self.circles.get(&id).ok_or(NodeError::NoCircle)?;
            for stored in &page.entries {
                covered.position = stored.position;
                let head = &stored.entry.head;
                if ContentKind::from(head.kind) != kind {
                    continue;
                }
                let stray = !circle.sync.holds(head.device, head.seq, head.hash);
                if stray || !circle.sync.accepts(head.device, head.seq, of) {
                    aside = true;
                    continue;
                }
                let entry = circle
                    .sync
                    .open(&stored.entry.envelope)
                    .map_err(|e| NodeError::Damaged(format!("an entry can't be opened ({e})")))?;
                let newest = covered.newest.entry(head.device).or_default();
                *newest = head.seq.max(*newest);
                payloads.entry(entry.header.actor).or_default().push(entry.payload);
                read += 1;
            }
            if !page.more {
                break;
            }
        }
        for (actor, payloads) in &payloads {
            let mut changes: Vec<&[u8]> = Vec::new();
            for payload in payloads {
                match decode_changes(payload) {
                    Ok(of_entry) => changes.extend(of_entry),
                    Err(error) => tracing::warn!(%error, "an entry's changes can't be read and stay aside"),
                }
            }
            report(&document.apply(&changes, *actor));
        }
        // What stayed aside may count one day, and would be missed behind the position of a saved document.
        if read >= SNAPSHOT_ENTRIES
            && !aside
            && let Ok(bytes) = document.save()
        {
            let snapshot = SnapshotRow { document: of, bytes, covered: to_bytes(&covered) };
            // To lose it costs time at the next loading, and nothing else.
            let _ = self.store.submit(vec![Write::PutSnapshot { circle: id, snapshot }], |_| {}).await;
        }
        Ok(document)
    }

    /// Somebody else's entry, verified and durable.
    pub(crate) fn apply(&mut self, id: CircleId, entry: &Entry) {
        let header = &entry.header;
        let Some(circle) = self.circles.get_mut(&id) else { return };
        let of = (header.document, header.kind);
        circle.index.count_in(of, header.device, header.at);
        if let Some(held) = circle.loaded.held(of) {
            match decode_changes(&entry.payload) {
                Ok(changes) => {
                    let applied = held.document.apply(&changes, header.actor);
                    report(&applied);
                    held.windows.end_actor(header.actor);
                    held.windows.tell(&applied.taken, REPLICA);
                }
                Err(error) => tracing::warn!(%error, "an entry's changes can't be read and stay aside"),
            }
        }
        self.tell(Event::Changed { circle: id, document: header.document.document });
    }

    /// Makes an edit of a document that is here and hands it in; none if there was nothing to change.
    pub(crate) async fn edit(
        &mut self,
        id: CircleId,
        of: DocumentKey,
        edit: impl FnOnce(&mut LiveDocument, UnixMillis) -> Result<Option<Edit>, EditError>,
    ) -> Result<Option<Ticket>, NodeError> {
        let document = self.document(id, of).await?;
        let Some(edit) = edit(document, now()).map_err(edit_error)? else { return Ok(None) };
        let circle = self.circles.get_mut(&id).ok_or(NodeError::NoCircle)?;
        let ticket = circle.hand_in(of, REPLICA, &edit)?;
        self.pump(id).await;
        self.tell(Event::Changed { circle: id, document: of.0.document });
        Ok(Some(ticket))
    }

    /// The document of this kind with this id, in the generation that counts: the lowest.
    pub(crate) fn find(&self, id: CircleId, kind: ContentKind, document: DocumentId) -> Option<DocumentKey> {
        let circle = self.circles.get(&id)?;
        circle.index.keys().find(|(of, of_kind)| of.document == document && *of_kind == kind)
    }

    /// What lists show of one document.
    pub(crate) async fn summary(&mut self, id: CircleId, of: DocumentKey) -> Result<Summary, NodeError> {
        let known = self.circles.get(&id).and_then(|c| c.index.get(of));
        Ok(self.made_summary(id, of, known.ok_or(NodeError::NotFound("document"))?).await?.0)
    }

    /// What lists show of a document, and true if it had to be made anew.
    async fn made_summary(
        &mut self,
        id: CircleId,
        of: DocumentKey,
        known: Indexed,
    ) -> Result<(Summary, bool), NodeError> {
        let circle = self.circles.get(&id).ok_or(NodeError::NoCircle)?;
        if let Some(summary) = circle.summaries.get(&of).filter(|summary| summary.entries == known.entries) {
            return Ok((summary.clone(), false));
        }
        let document = self.document(id, of).await?;
        let (title, away, at, place) = if of.1 == ContentKind::Plan {
            let view = plan::view(document);
            (view.title, view.away, view.at, view.place)
        } else {
            let (title, away) = note::head(document);
            (title, away, None, None)
        };
        let title = title.to_string();
        let summary = Summary { entries: known.entries, title, changed: known.changed, away, at, place };
        if let Some(circle) = self.circles.get_mut(&id) {
            circle.summaries.insert(of, summary.clone());
        }
        Ok((summary, true))
    }

    /// What lists show of every document of a kind, made anew where more was written since.
    pub(crate) async fn summaries(
        &mut self,
        id: CircleId,
        kind: ContentKind,
    ) -> Result<Vec<(DocumentKey, Summary)>, NodeError> {
        let documents = self.of_kind(id, kind)?;
        let mut summaries = Vec::with_capacity(documents.len());
        let mut news = Vec::new();
        for (of, known) in documents {
            let (summary, made) = self.made_summary(id, of, known).await?;
            if made {
                news.push(Write::PutSummary { circle: id, summary: summary.row(of) });
            }
            summaries.push((of, summary));
        }
        self.keep_summaries(news).await;
        summaries.sort_by(|a, b| (b.1.changed, a.0).cmp(&(a.1.changed, b.0)));
        Ok(summaries)
    }

    /// Makes some of the summaries that a list of this kind needs, of documents after this one. Answers the last one that it
    /// made, or none when all are there.
    pub(crate) async fn summarize(
        &mut self,
        id: CircleId,
        kind: ContentKind,
        after: Option<DocumentKey>,
    ) -> Answered<Option<DocumentKey>> {
        let begun = Instant::now();
        let circle = self.member(id)?;
        let seen = |of: DocumentKey, known: Indexed| {
            circle.summaries.get(&of).is_some_and(|summary| summary.entries == known.entries)
        };
        let lacking = circle.index.after(after).filter(|(of, known)| of.1 == kind && !seen(*of, *known));
        let lacking: Vec<_> = lacking.take(SLICE + 1).collect();
        let (mut news, mut last) = (Vec::new(), None);
        for (of, known) in lacking.iter().take(SLICE) {
            let (summary, _) = self.made_summary(id, *of, *known).await?;
            news.push(Write::PutSummary { circle: id, summary: summary.row(*of) });
            last = Some(*of);
            if begun.elapsed() > SLICE_TIME {
                break;
            }
        }
        let more = news.len() < lacking.len();
        self.keep_summaries(news).await;
        Ok(Done::now(last.filter(|_| more)))
    }

    /// The documents of a kind; of several generations the lowest counts.
    fn of_kind(&self, id: CircleId, kind: ContentKind) -> Result<Vec<(DocumentKey, Indexed)>, NodeError> {
        let circle = self.circles.get(&id).ok_or(NodeError::NoCircle)?;
        let mut documents: Vec<_> = circle.index.after(None).filter(|((_, of), _)| *of == kind).collect();
        documents.dedup_by_key(|((of, _), _)| of.document);
        Ok(documents)
    }

    /// Keeps summaries for the next start alone: to lose one costs its being made again.
    async fn keep_summaries(&mut self, news: Vec<Write>) {
        if !news.is_empty() {
            let _ = self.store.submit(news, |_| {}).await;
        }
    }
}

/// What a saved document was made from.
struct Covered {
    /// The kind of its entries.
    kind: u16,
    /// The last entry, in the order of storing.
    position: Position,
    /// The newest entry of each device.
    newest: BTreeMap<DeviceId, Seq>,
}

impl Covered {
    fn of(kind: ContentKind) -> Self {
        Self { kind: kind.into(), position: Position::default(), newest: BTreeMap::new() }
    }
}

impl Encode for Covered {
    fn encode(&self, w: &mut Writer) {
        w.u16(self.kind);
        w.u64(self.position.0);
        w.u32(u32::try_from(self.newest.len()).unwrap_or(u32::MAX));
        for (device, seq) in &self.newest {
            device.encode(w);
            seq.encode(w);
        }
    }
}

impl Decode for Covered {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let kind = r.u16()?;
        let position = Position(r.u64()?);
        let mut newest = BTreeMap::new();
        for _ in 0..r.count("devices", bound::FRONTIER_DEVICES)? {
            newest.insert(DeviceId::decode(r)?, Seq::decode(r)?);
        }
        Ok(Self { kind, position, newest })
    }
}

/// A document as it was saved, if that can be read and all that it was made from still counts.
fn from_snapshot(circle: &Circle, kind: ContentKind, row: &SnapshotRow) -> Option<(LiveDocument, Covered)> {
    let covered: Covered = from_bytes(&row.covered).ok()?;
    let counts = covered.kind == u16::from(kind)
        && covered.newest.iter().all(|(device, seq)| circle.sync.accepts(*device, *seq, row.document));
    let document = LiveDocument::load(circle.actor(), &row.bytes).ok()?;
    counts.then_some((document, covered))
}

/// Done when the edit is durable, or at once if there was none.
pub(crate) fn done<T>(value: T, circle: CircleId, ticket: Option<Ticket>) -> Done<T> {
    Done { value, after: ticket.map(|ticket| (circle, ticket)) }
}

fn report(applied: &snug_document::Applied) {
    if !applied.quarantined.is_empty() {
        tracing::warn!(
            changes = applied.quarantined.len(),
            "changes that don't fit their document stay aside"
        );
    }
}

pub(crate) fn edit_error(error: EditError) -> NodeError {
    match error {
        EditError::NotHere => NodeError::NotFound("document, or its beginning hasn't arrived"),
        EditError::TooLarge => NodeError::TooLarge {
            found: snug_types::bound::PAYLOAD_BYTES + 1,
            bound: snug_types::bound::PAYLOAD_BYTES,
        },
        EditError::Behind => NodeError::Stopped("changes of this very laptop aren't all here".into()),
        EditError::Document(why) => NodeError::Internal(why),
    }
}
