//! Notes and gatherings: what a person does in a circle.

use crate::ambient::{OsEntropy, now};
use crate::circle::DocumentKey;
use crate::content::{done, edit_error};
use crate::error::NodeError;
use crate::laptop::{Answered, Done, WrittenTime};
use crate::owner::Owner;
use crate::view::{AnswerView, NoteSummary, NoteView, PlanSummary, PlanTime, PlanView};
use snug_circle::{ContentKind, member_page};
use snug_crypto::random;
use snug_document::page::{self, Answer};
use snug_document::plan::Plan;
use snug_document::{Blocks, Edit, EditError, LiveDocument, ZonedTime, note, plan};
use snug_types::{ActorId, CircleId, DocumentId, DocumentRef, MemberId, Title, UnixMillis, bound};

impl Owner {
    pub(crate) async fn notes(&mut self, id: CircleId, away: bool) -> Answered<Vec<NoteSummary>> {
        self.member(id)?;
        let summaries = self.summaries(id, ContentKind::Note).await?;
        Ok(Done::now(
            summaries
                .into_iter()
                .filter(|(_, s)| away || !s.away)
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

    pub(crate) async fn plans(&mut self, id: CircleId) -> Answered<Vec<PlanSummary>> {
        self.member(id)?;
        let summaries = self.summaries(id, ContentKind::Plan).await?;
        let mut plans = Vec::with_capacity(summaries.len());
        for (of, summary) in summaries {
            let view = plan::view(self.document(id, of).await?);
            plans.push(PlanSummary {
                id: of.0.document,
                title: summary.title,
                at: view.at.as_ref().map(plan_time),
                place: view.place.map(|place| place.to_string()),
                changed: summary.changed,
                away: summary.away,
            });
        }
        Ok(Done::now(plans))
    }

    pub(crate) async fn plan(&mut self, id: CircleId, plan: DocumentId) -> Answered<PlanView> {
        let circle = self.member(id)?;
        let mine = circle.member();
        let members: Vec<MemberId> = circle
            .sync
            .membership()
            .members()
            .iter()
            .filter(|(_, m)| !m.left)
            .map(|(member, _)| *member)
            .collect();
        let of = self.find(id, ContentKind::Plan, plan).ok_or(NodeError::NotFound("gathering"))?;
        let view = plan::view(self.document(id, of).await?);
        let mut answers = Vec::with_capacity(members.len());
        for member in members {
            let page = self.page_of(id, member).await?;
            answers.push(AnswerView {
                member,
                person: self.name_of(id, member).await,
                me: mine == Some(member),
                answer: page.answers.get(&plan).copied(),
            });
        }
        answers.sort_by(|a, b| (&a.person, a.member).cmp(&(&b.person, b.member)));
        Ok(Done::now(PlanView {
            id: plan,
            title: view.title.to_string(),
            place: view.place.map(|place| place.to_string()),
            at: view.at.as_ref().map(plan_time),
            away: view.away,
            answers,
            changed: self.changed(id, of),
            holding: self.holding(id, of),
        }))
    }

    pub(crate) async fn plan_new(
        &mut self,
        id: CircleId,
        title: &Title,
        at: Option<WrittenTime>,
        place: Option<&Title>,
    ) -> Answered<DocumentId> {
        let when = match at {
            Some(written) => Some(
                ZonedTime::new(&written.local, &written.zone).map_err(|e| NodeError::Time(e.to_string()))?,
            ),
            None => None,
        };
        let plan = Plan { title: title.clone(), place: place.cloned(), at: when };
        self.new_document(id, ContentKind::Plan, |actor, at| plan::create(actor, at, &plan)).await
    }

    pub(crate) async fn plan_answer(
        &mut self,
        id: CircleId,
        plan: DocumentId,
        answer: Answer,
    ) -> Answered<()> {
        let member = self.member(id)?.member().ok_or(NodeError::NotAdmitted)?;
        self.find(id, ContentKind::Plan, plan).ok_or(NodeError::NotFound("gathering"))?;
        let of = (DocumentRef::first(member_page(id, member)), ContentKind::MemberPage);
        let ticket = self.edit(id, of, |page, at| page::answer(page, at, plan, Some(answer))).await?;
        Ok(done((), id, ticket))
    }

    async fn new_document(
        &mut self,
        id: CircleId,
        kind: ContentKind,
        create: impl FnOnce(ActorId, UnixMillis) -> Result<(LiveDocument, Edit), EditError>,
    ) -> Answered<DocumentId> {
        let circle = self.member(id)?;
        if circle.index.len() >= bound::DOCUMENTS {
            return Err(NodeError::TooMany {
                what: "notes and gatherings in this circle",
                bound: bound::DOCUMENTS,
            });
        }
        let document_id = DocumentId(random(&mut OsEntropy));
        let of = (DocumentRef::first(document_id), kind);
        let (document, edit) = create(circle.actor(), now()).map_err(edit_error)?;
        circle.loaded.insert(of, document);
        let ticket = circle.hand_in(of, &edit)?;
        self.pump(id).await;
        self.tell(crate::view::Event::Changed { circle: id, document: document_id });
        Ok(Done::when(document_id, id, ticket))
    }

    pub(crate) fn changed(&self, id: CircleId, of: DocumentKey) -> UnixMillis {
        self.circles.get(&id).and_then(|c| c.index.get(&of)).map(|known| known.changed).unwrap_or_default()
    }
}

fn plan_time(at: &ZonedTime) -> PlanTime {
    PlanTime { local: at.local(), zone: at.zone().to_owned(), instant: at.starts() }
}
