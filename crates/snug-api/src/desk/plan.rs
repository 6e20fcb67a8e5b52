//! Gatherings.

use super::{Desk, a_title};
use crate::clock;
use crate::command::{Handle, PlanAnswer, PlanList, PlanNew, PlanShow};
use crate::error::ApiError;
use crate::view;
use snug_node::WrittenTime;

impl Handle<PlanNew> for Desk {
    async fn handle(&self, command: PlanNew) -> Result<view::NewDocument, ApiError> {
        let circle = self.circle(&command.circle).await?;
        let title = a_title(&command.title, "title")?;
        let place = command.place.map(|place| a_title(&place, "place")).transpose()?;
        if let Some(at) = &command.at {
            clock::check(&at.local, &at.zone)?;
        }
        let at = command.at.map(|at| WrittenTime { local: at.local, zone: at.zone });
        let id = self.laptop.plan_new(circle, title, at, place).await?;
        Ok(view::NewDocument { id })
    }
}

impl Handle<PlanList> for Desk {
    async fn handle(&self, command: PlanList) -> Result<view::Plans, ApiError> {
        let circle = self.circle(&command.circle).await?;
        let mut plans: Vec<view::PlanSummary> = self
            .laptop
            .plans(circle)
            .await?
            .into_iter()
            .map(Into::into)
            .filter(|plan: &view::PlanSummary| command.away || !plan.away)
            .collect();
        let instant = |plan: &view::PlanSummary| plan.at.as_ref().map(|at| at.instant);
        plans.sort_by_key(|plan| (instant(plan).is_none(), instant(plan), plan.id));
        Ok(view::Plans { plans })
    }
}

impl Handle<PlanShow> for Desk {
    async fn handle(&self, command: PlanShow) -> Result<view::Plan, ApiError> {
        let (circle, plan) = self.plan(&command.circle, &command.plan).await?;
        Ok(self.laptop.plan(circle, plan).await?.into())
    }
}

impl Handle<PlanAnswer> for Desk {
    async fn handle(&self, command: PlanAnswer) -> Result<view::Done, ApiError> {
        let (circle, plan) = self.plan(&command.circle, &command.plan).await?;
        self.laptop.plan_answer(circle, plan, command.answer.into()).await?;
        Ok(view::Done {})
    }
}
macro_rules! soon { ($($c:ident => $v:ident),*) => {$(impl Handle<crate::command::$c> for Desk {
    async fn handle(&self, _command: crate::command::$c) -> Result<view::$v, ApiError> {
        Err(ApiError::new(crate::error::ErrorCode::Unsupported, "not yet")) } })*} }
soon! { NoteHead => NoteHead, Holders => Holders, PlanChange => Done, PlanPutAway => Done, InviteDecline => Done }
