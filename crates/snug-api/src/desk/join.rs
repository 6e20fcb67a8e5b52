//! Inviting, and being invited.

use super::{Desk, a_name};
use crate::command::{Handle, Invite, InviteConfirm, InviteList, InviteWithdraw, Join, JoinStatus};
use crate::error::{ApiError, ErrorCode};
use crate::find::{Named, find, whole};
use crate::view;
use snug_node::{InvitationState, InvitationView};
use snug_types::InvitationId;
use std::time::Duration;

impl Handle<Invite> for Desk {
    async fn handle(&self, command: Invite) -> Result<view::Invited, ApiError> {
        let circle = self.circle(&command.circle).await?;
        let expires = Duration::from_secs(command.expires);
        let (id, link) = self.laptop.invite(circle, expires, command.confirm).await?;
        Ok(view::Invited { id, link })
    }
}

impl Handle<InviteList> for Desk {
    async fn handle(&self, command: InviteList) -> Result<view::Invitations, ApiError> {
        let circle = self.circle(&command.circle).await?;
        let invitations = self.laptop.invitations(circle).await?;
        Ok(view::Invitations { invitations: invitations.into_iter().map(Into::into).collect() })
    }
}

impl Handle<InviteWithdraw> for Desk {
    async fn handle(&self, command: InviteWithdraw) -> Result<view::Done, ApiError> {
        let circle = self.circle(&command.circle).await?;
        let invitation = if let Some(id) = whole(&command.invitation) {
            id
        } else {
            let ids: Vec<_> = self.laptop.invitations(circle).await?.iter().map(listed).collect();
            find(&command.invitation, &ids, "invitation", ErrorCode::NotFound)?
        };
        self.laptop.withdraw(circle, invitation).await?;
        Ok(view::Done {})
    }
}

/// An invitation has no name; among candidates it shows how it stands.
fn listed(invitation: &InvitationView) -> Named<InvitationId> {
    let name = match invitation.state {
        InvitationState::Open => "an open invitation",
        InvitationState::Used => "a used invitation",
        InvitationState::Withdrawn => "a withdrawn invitation",
        InvitationState::Expired => "an expired invitation",
    };
    Named { id: invitation.id, name: name.to_owned(), aside: true }
}

impl Handle<InviteConfirm> for Desk {
    async fn handle(&self, command: InviteConfirm) -> Result<view::Asking, ApiError> {
        let circle = self.circle(&command.circle).await?;
        let mut asking: Vec<_> = self
            .laptop
            .invitations(circle)
            .await?
            .into_iter()
            .filter(|invitation| invitation.state == InvitationState::Open)
            .flat_map(|invitation| invitation.asking)
            .map(|asks| Named { id: asks.device, name: asks.name, aside: false })
            .collect();
        // One laptop may ask by several links.
        asking.sort_by_key(|asks| asks.id);
        asking.dedup_by_key(|asks| asks.id);
        if asking.is_empty() {
            return Err(ApiError::new(
                ErrorCode::NotFound,
                "nobody is asking to come in; both laptops must be online at the same time for that",
            ));
        }
        let device = match whole(&command.person) {
            Some(device) => device,
            None => find(&command.person, &asking, "asking person", ErrorCode::NotFound)?,
        };
        self.laptop.confirm(circle, device).await?;
        let name =
            asking.into_iter().find(|asks| asks.id == device).map(|asks| asks.name).unwrap_or_default();
        Ok(view::Asking { device, name })
    }
}

impl Handle<Join> for Desk {
    async fn handle(&self, command: Join) -> Result<view::Joining, ApiError> {
        let name = command.name.map(|name| a_name(&name, "name")).transpose()?;
        let join = self.laptop.join(command.link.trim(), name, command.dial).await?;
        let state = self.laptop.join_state(join).await?.into();
        Ok(view::Joining { join, state })
    }
}

impl Handle<JoinStatus> for Desk {
    async fn handle(&self, command: JoinStatus) -> Result<view::Joining, ApiError> {
        let join = whole(&command.join).ok_or_else(|| {
            ApiError::new(ErrorCode::NotFound, "there is no such wish to join on this laptop")
        })?;
        let state = self.laptop.join_state(join).await?.into();
        Ok(view::Joining { join, state })
    }
}
