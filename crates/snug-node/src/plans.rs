//! Gatherings: what a person does with them.

use crate::content::{LISTED, done};
use crate::error::NodeError;
use crate::laptop::{Answered, Done};
use crate::owner::Owner;
use crate::view::{AnswerView, PlanSummary, PlanTime, PlanView};
use snug_circle::{ContentKind, member_page};
use snug_document::page::{self, Answer};
use snug_document::plan::{self, Plan};
use snug_document::{Edit, EditError, LiveDocument, ZonedTime};
use snug_types::{CircleId, DocumentId, DocumentRef, MemberId, Title, UnixMillis};
use std::collections::BTreeMap;

impl Owner {
    pub(crate) async fn plans(&mut self, id: CircleId) -> Answered<Vec<PlanSummary>> {
        self.member(id)?;
        let summaries = self.summaries(id, ContentKind::Plan).await?;
        let answers = match self.member(id)?.member() {
            Some(mine) => self.page_of(id, mine).await?.answers,
            None => BTreeMap::new(),
        };
        let mut plans = Vec::new();
        for (of, summary) in summaries.into_iter().take(LISTED) {
            plans.push(PlanSummary {
                id: of.0.document,
                title: summary.title,
                at: summary.at.as_ref().map(plan_time),
                place: summary.place.map(|place| place.to_string()),
                mine: answers.get(&of.0.document).copied(),
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
        at: Option<ZonedTime>,
        place: Option<&Title>,
    ) -> Answered<DocumentId> {
        let plan = Plan { title: title.clone(), place: place.cloned(), at };
        self.new_document(id, ContentKind::Plan, |actor, at| plan::create(actor, at, &plan)).await
    }

    pub(crate) async fn plan_edit(
        &mut self,
        id: CircleId,
        plan: DocumentId,
        edit: impl FnOnce(&mut LiveDocument, UnixMillis) -> Result<Option<Edit>, EditError>,
    ) -> Answered<()> {
        self.member(id)?;
        let of = self.find(id, ContentKind::Plan, plan).ok_or(NodeError::NotFound("gathering"))?;
        let ticket = self.edit(id, of, edit).await?;
        Ok(done((), id, ticket))
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
}

fn plan_time(at: &ZonedTime) -> PlanTime {
    PlanTime { local: at.local(), zone: at.zone().to_owned(), instant: at.starts() }
}
