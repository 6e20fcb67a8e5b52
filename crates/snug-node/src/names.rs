//! Other names: for oneself on this laptop, for oneself in one circle, for a circle.

use crate::content::done;
use crate::error::NodeError;
use crate::laptop::{Answered, Done};
use crate::owner::{Owner, setting};
use snug_circle::{ContentKind, circle_page, member_page};
use snug_document::page;
use snug_store::Write;
use snug_types::{CircleId, DocumentRef, Name};

impl Owner {
    /// Every circle keeps the name that its owner goes by there.
    pub(crate) async fn rename_me(&mut self, name: Name) -> Answered<()> {
        let value = name.as_str().into();
        self.store.commit(vec![Write::PutSetting { name: setting::NAME.into(), value }]).await?;
        self.name = name;
        Ok(Done::now(()))
    }

    pub(crate) async fn rename_member(&mut self, id: CircleId, name: Name) -> Answered<()> {
        let circle = self.member(id)?;
        let member = circle.member().ok_or(NodeError::NotAdmitted)?;
        // Kept before it is written: the page is made to say it at every start.
        let before = std::mem::replace(&mut circle.name, name.to_string());
        let row = circle.row();
        if let Err(error) = self.store.commit(vec![Write::PutCircle(row)]).await {
            self.member(id)?.name = before;
            return Err(error.into());
        }
        let of = (DocumentRef::first(member_page(id, member)), ContentKind::MemberPage);
        let ticket = self.edit(id, of, |page, at| page::set_name(page, at, &name)).await?;
        Ok(done((), id, ticket))
    }

    pub(crate) async fn rename_circle(&mut self, id: CircleId, name: &Name) -> Answered<()> {
        self.member(id)?;
        let of = (DocumentRef::first(circle_page(id)), ContentKind::CirclePage);
        let ticket = self.edit(id, of, |page, at| page::set_name(page, at, name)).await?;
        Ok(done((), id, ticket))
    }
}
