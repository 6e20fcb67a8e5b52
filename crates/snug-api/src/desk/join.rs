//! Inviting, and being invited.

use super::{Desk, a_name};
use crate::command::{
    Handle, Invite, InviteConfirm, InviteDecline, InviteList, InviteWithdraw, Join, JoinForget, JoinStatus,
};
use crate::error::{ApiError, ErrorCode};
use crate::find::{INVITATION, Named, find, shortened, whole};
use crate::view;
use snug_node::{InvitationState, InvitationView, NodeError};
use snug_types::{CircleId, DeviceId, InvitationId};
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
    async fn handle(&self, command: InviteWithdraw) -> Result<view::Withdrawn, ApiError> {
        let circle = self.circle(&command.circle).await?;
        let invitations = self.laptop.invitations(circle).await?;
        let id = if let Some(id) = whole(&command.invitation) {
            id
        } else {
            let ids: Vec<_> = invitations.iter().map(listed).collect();
            find(&command.invitation, &ids, INVITATION, ErrorCode::NotFound)?
        };
        let withdrawn = |i: &InvitationView| i.id == id && i.state == InvitationState::Withdrawn;
        let already = invitations.iter().any(withdrawn);
        self.laptop.withdraw(circle, id).await?;
        Ok(view::Withdrawn { already })
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
        let asks = self.who_asks(circle, &command.person).await?;
        self.laptop.confirm(circle, asks.device).await?;
        Ok(asks)
    }
}

impl Handle<InviteDecline> for Desk {
    async fn handle(&self, command: InviteDecline) -> Result<view::Done, ApiError> {
        let circle = self.circle(&command.circle).await?;
        let asks = self.who_asks(circle, &command.person).await?;
        self.laptop.decline(circle, asks.device).await?;
        Ok(view::Done {})
    }
}

impl Desk {
    /// Who of those who ask to come in is meant, by name or by the id of their laptop.
    async fn who_asks(&self, circle: CircleId, person: &str) -> Result<view::Asking, ApiError> {
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
            return Err(ApiError::new(ErrorCode::NotFound, "nobody asks to come into this circle now"));
        }
        let device = match whole(person) {
            Some(device) => device,
            None => match find(person, &asking, "person who asks", ErrorCode::NotFound) {
                Err(error) if error.code == ErrorCode::NotFound => {
                    return Err(nobody_called(person, &asking));
                }
                found => found?,
            },
        };
        let name =
            asking.into_iter().find(|asks| asks.id == device).map(|asks| asks.name).unwrap_or_default();
        Ok(view::Asking { device, name })
    }
}

/// Nobody asks under this name; others do.
fn nobody_called(person: &str, asking: &[Named<DeviceId>]) -> ApiError {
    const SAID: usize = 5;
    let names: Vec<&str> = asking.iter().take(SAID).map(|asks| asks.name.as_str()).collect();
    let more = if asking.len() > SAID { " and others" } else { "" };
    let who = names.join(", ");
    let person = shortened(person.trim());
    ApiError::new(
        ErrorCode::NotFound,
        format!("nobody called “{person}” asks to come in; who asks now: {who}{more}"),
    )
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
        let join = whole(&command.join).ok_or_else(no_such_wish)?;
        let state = self.laptop.join_state(join).await?.into();
        Ok(view::Joining { join, state })
    }
}

impl Handle<JoinForget> for Desk {
    async fn handle(&self, command: JoinForget) -> Result<view::Done, ApiError> {
        let join = if let Some(join) = whole(&command.join) {
            join
        } else {
            let asked_as = |name: String| format!("asked as {name}");
            let wishes = self.laptop.joins().await?.into_iter();
            let wishes: Vec<_> =
                wishes.map(|wish| Named { id: wish.id, name: asked_as(wish.name), aside: true }).collect();
            find(&command.join, &wishes, INVITATION, ErrorCode::NotFound)?
        };
        match self.laptop.forget_join(join).await {
            Err(NodeError::NotFound(_)) => Err(no_such_wish()),
            forgotten => Ok(forgotten.map(|()| view::Done {})?),
        }
    }
}

fn no_such_wish() -> ApiError {
    ApiError::new(ErrorCode::NotFound, "there is no such wish to join on this laptop")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_name_is_told_who_asks() {
        let asks = |byte, name: &str| Named { id: DeviceId([byte; 32]), name: name.into(), aside: false };
        let error = nobody_called(" Bne ", &[asks(1, "Ben"), asks(2, "Cleo")]);
        assert_eq!(
            (error.code, error.message.as_str()),
            (ErrorCode::NotFound, "nobody called “Bne” asks to come in; who asks now: Ben, Cleo")
        );
        let many: Vec<_> = (0..9).map(|byte| asks(byte, "Ben")).collect();
        assert!(nobody_called("x", &many).message.ends_with("Ben and others"));
    }
}
