//! Circles, their people and what of them is exported.

use super::{Desk, a_name};
use crate::command::{CircleFound, CircleLeave, CircleList, Export, Handle, Holders, Interfaces, People};
use crate::error::ApiError;
use crate::find::whole;
use crate::view;
use snug_node::{NodeError, PersonView};

impl Handle<CircleFound> for Desk {
    async fn handle(&self, command: CircleFound) -> Result<view::NewCircle, ApiError> {
        let name = a_name(&command.name, "circle's name")?;
        let id = self.laptop.found_circle(name, command.kind.into()).await?;
        Ok(view::NewCircle { id })
    }
}

impl Handle<Interfaces> for Desk {
    async fn handle(&self, command: Interfaces) -> Result<view::Done, ApiError> {
        self.laptop.set_interfaces(command.names).await?;
        Ok(view::Done {})
    }
}

impl Handle<CircleList> for Desk {
    async fn handle(&self, _command: CircleList) -> Result<view::Circles, ApiError> {
        let circles = self.laptop.circles().await?;
        Ok(view::Circles {
            circles: circles.into_iter().map(Into::into).collect(),
            joining: self.joining().await?,
        })
    }
}

impl Handle<CircleLeave> for Desk {
    async fn handle(&self, command: CircleLeave) -> Result<view::Left, ApiError> {
        let circle = self.circle(&command.circle).await?;
        // Where the people can't be known, the circle can still be left.
        let other = |person: &&PersonView| !person.me && !person.left;
        let others = self.laptop.people(circle).await.ok().map(|people| people.iter().filter(other).count());
        self.laptop.leave_circle(circle).await?;
        Ok(view::Left { others })
    }
}

impl Handle<People> for Desk {
    async fn handle(&self, command: People) -> Result<view::People, ApiError> {
        let circle = self.circle(&command.circle).await?;
        let people = self.laptop.people(circle).await?;
        Ok(view::People { people: people.into_iter().map(Into::into).collect() })
    }
}

impl Handle<Holders> for Desk {
    async fn handle(&self, command: Holders) -> Result<view::Holders, ApiError> {
        let circle = self.circle(&command.circle).await?;
        let document = match command.document {
            Some(id) => Some(whole(&id).ok_or(NodeError::NotFound("note or gathering"))?),
            None => None,
        };
        let laptops = self.laptop.holders(circle, document).await?;
        Ok(view::Holders { laptops: laptops.into_iter().map(Into::into).collect() })
    }
}

impl Handle<Export> for Desk {
    async fn handle(&self, command: Export) -> Result<view::Exported, ApiError> {
        let circle = self.circle(&command.circle).await?;
        let counts = self.laptop.export(circle, command.folder.clone()).await?;
        Ok(view::Exported { folder: command.folder, notes: counts.notes, plans: counts.plans })
    }
}
