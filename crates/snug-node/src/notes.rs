//! Notes: what a person does with them, and how any document begins.

use crate::ambient::{OsEntropy, now};
use crate::circle::DocumentKey;
use crate::content::{LISTED, REPLICA, done, edit_error};
use crate::error::NodeError;
use crate::laptop::{Answered, Done};
use crate::owner::Owner;
use crate::view::{NoteHead, NoteSummary, NoteView};
use snug_circle::ContentKind;
use snug_crypto::random;
use snug_document::{Blocks, Edit, EditError, LiveDocument, note};
use snug_types::{ActorId, CircleId, DocumentId, DocumentRef, Title, UnixMillis, bound};

impl Owner {
    pub(crate) async fn notes(&mut self, id: CircleId, away: bool) -> Answered<Vec<NoteSummary>> {
        self.member(id)?;
        let summaries = self.summaries(id, ContentKind::Note).await?;
        Ok(Done::now(
            summaries
                .into_iter()
                .filter(|(_, s)| away || !s.away)
                .take(LISTED)
                .map(|(of, s)| NoteSummary {
                    id: of.0.document,
                    title: s.title,
                    changed: s.changed,
                    away: s.away,
                })
                .collect(),
        ))
    }

    pub(crate) async fn note(&mut self, id: CircleId, note: DocumentId) -> Answered<NoteView> {
        self.member(id)?;
        let of = self.find(id, ContentKind::Note, note).ok_or(NodeError::NotFound("note"))?;
        let view = note::view(self.document(id, of).await?);
        Ok(Done::now(NoteView {
            id: note,
            title: view.title.to_string(),
            away: view.away,
            body: view.body,
            changed: self.changed(id, of),
            holding: self.holding(id, of),
        }))
    }

    /// A note without its body, from what lists show of it.
    pub(crate) async fn note_head(&mut self, id: CircleId, note: DocumentId) -> Answered<NoteHead> {
        self.member(id)?;
        let of = self.find(id, ContentKind::Note, note).ok_or(NodeError::NotFound("note"))?;
        let summary = self.summary(id, of).await?;
        Ok(Done::now(NoteHead {
            id: note,
            title: summary.title,
            away: summary.away,
            changed: summary.changed,
            holding: self.holding(id, of),
        }))
    }

    pub(crate) async fn note_new(
        &mut self,
        id: CircleId,
        title: &Title,
        body: &Blocks,
    ) -> Answered<DocumentId> {
        self.new_document(id, ContentKind::Note, |actor, at| note::create(actor, at, title, body)).await
    }

    pub(crate) async fn note_edit(
        &mut self,
        id: CircleId,
        note: DocumentId,
        edit: impl FnOnce(&mut LiveDocument, UnixMillis) -> Result<Option<Edit>, EditError>,
    ) -> Answered<()> {
        self.member(id)?;
        let of = self.find(id, ContentKind::Note, note).ok_or(NodeError::NotFound("note"))?;
        let ticket = self.edit(id, of, edit).await?;
        Ok(done((), id, ticket))
    }

    /// A document of this kind that wasn't there.
    pub(crate) async fn new_document(
        &mut self,
        id: CircleId,
        kind: ContentKind,
        create: impl FnOnce(ActorId, UnixMillis) -> Result<(LiveDocument, Edit), EditError>,
    ) -> Answered<DocumentId> {
        let circle = self.member(id)?;
        // Judged by what this laptop began: nobody else can use it up.
        if circle.index.begun(circle.me.id()) >= bound::DOCUMENTS {
            return Err(NodeError::TooMany {
                what: "notes and gatherings that this laptop began in this circle",
                bound: bound::DOCUMENTS,
            });
        }
        let document_id = DocumentId(random(&mut OsEntropy));
        let of = (DocumentRef::first(document_id), kind);
        let (document, edit) = create(circle.actor(), now()).map_err(edit_error)?;
        circle.loaded.insert(of, document);
        let ticket = circle.hand_in(of, REPLICA, &edit)?;
        self.pump(id).await;
        self.tell(crate::view::Event::Changed { circle: id, document: document_id });
        Ok(Done::when(document_id, id, ticket))
    }

    pub(crate) fn changed(&self, id: CircleId, of: DocumentKey) -> UnixMillis {
        self.circles.get(&id).and_then(|c| c.index.get(of)).map(|known| known.changed).unwrap_or_default()
    }
}
