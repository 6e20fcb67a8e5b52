//! Gatherings.

use super::{Desk, a_title};
use crate::clock;
use crate::command::{Handle, PlanAnswer, PlanChange, PlanList, PlanNew, PlanPutAway, PlanShow, WrittenTime};
use crate::error::ApiError;
use crate::view;
use snug_document::ZonedTime;
use snug_types::Title;

impl Handle<PlanNew> for Desk {
    async fn handle(&self, command: PlanNew) -> Result<view::NewDocument, ApiError> {
        let circle = self.circle(&command.circle).await?;
        let title = a_title(&command.title, "title")?;
        let place = a_place(command.place)?;
        let at = a_time(command.at)?;
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

impl Handle<PlanChange> for Desk {
    async fn handle(&self, command: PlanChange) -> Result<view::Done, ApiError> {
        let (circle, plan) = self.plan(&command.circle, &command.plan).await?;
        let change = snug_node::PlanChange {
            title: command.title.map(|title| a_title(&title, "title")).transpose()?,
            place: command.place.map(a_place).transpose()?,
            at: command.at.map(a_time).transpose()?,
        };
        self.laptop.plan_change(circle, plan, change).await?;
        Ok(view::Done {})
    }
}

impl Handle<PlanPutAway> for Desk {
    async fn handle(&self, command: PlanPutAway) -> Result<view::Done, ApiError> {
        let (circle, plan) = self.plan(&command.circle, &command.plan).await?;
        self.laptop.plan_put_away(circle, plan, command.away).await?;
        Ok(view::Done {})
    }
}

impl Handle<PlanAnswer> for Desk {
    async fn handle(&self, command: PlanAnswer) -> Result<view::Done, ApiError> {
        let (circle, plan) = self.plan(&command.circle, &command.plan).await?;
        self.laptop.plan_answer(circle, plan, command.answer.into()).await?;
        Ok(view::Done {})
    }
}

fn a_place(place: Option<String>) -> Result<Option<Title>, ApiError> {
    place.map(|place| a_title(&place, "place")).transpose()
}

fn a_time(at: Option<WrittenTime>) -> Result<Option<ZonedTime>, ApiError> {
    at.map(|at| clock::read(&at.local, &at.zone)).transpose()
}
