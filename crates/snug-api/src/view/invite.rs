//! Inviting, and being invited.

use crate::spelling;
use serde::{Deserialize, Serialize};
use snug_types::{CircleId, DeviceId, InvitationId, UnixMillis};
use ts_rs::TS;

/// A new invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Invited {
    /// The invitation.
    #[serde(with = "spelling::id")]
    #[ts(type = "string")]
    pub id: InvitationId,
    /// Its link: whoever holds it may ask to come in.
    pub link: String,
}

/// The invitations that this laptop answers for a circle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Invitations {
    /// All of them, ended ones too.
    pub invitations: Vec<Invitation>,
}

/// An invitation that this laptop answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Invitation {
    /// The invitation.
    #[serde(with = "spelling::id")]
    #[ts(type = "string")]
    pub id: InvitationId,
    /// How it stands.
    pub state: InvitationState,
    /// When it ends, by this laptop's clock.
    #[serde(with = "spelling::millis")]
    #[ts(type = "number")]
    pub expires: UnixMillis,
    /// True if whoever asks must be confirmed.
    pub confirm: bool,
    /// Who asks to come in.
    pub asking: Vec<Asking>,
}

/// How an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum InvitationState {
    /// Nobody has used it.
    Open,
    /// Somebody came in by it.
    Used,
    /// Taken back.
    Withdrawn,
    /// Its time is over.
    Expired,
}

/// Somebody who holds an invitation's link and asks to come in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Asking {
    /// Their laptop.
    #[serde(with = "spelling::id")]
    #[ts(type = "string")]
    pub device: DeviceId,
    /// What they call themselves.
    pub name: String,
}

/// An invitation that was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Withdrawn {
    /// True if that had been done before.
    pub already: bool,
}

/// A wish to join that stands: it goes on whenever this laptop is up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Wish {
    /// The invitation.
    #[serde(with = "spelling::id")]
    #[ts(type = "string")]
    pub id: InvitationId,
    /// The name that its owner asks under.
    pub name: String,
    /// How it stands.
    #[serde(flatten)]
    pub state: JoinState,
}

/// A wish to join, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Joining {
    /// The invitation.
    #[serde(with = "spelling::id")]
    #[ts(type = "string")]
    pub join: InvitationId,
    /// How it stands.
    #[serde(flatten)]
    pub state: JoinState,
}

/// How a wish to join stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum JoinState {
    /// The laptop that made the invitation wasn't met yet.
    Looking,
    /// It was met, and its owner is to confirm.
    Waiting,
    /// One is in.
    Admitted {
        /// The circle.
        #[serde(with = "spelling::id")]
        #[ts(type = "string")]
        circle: CircleId,
    },
    /// The invitation doesn't open the door.
    Refused {
        /// Why.
        reason: Refusal,
    },
}

/// Why an invitation doesn't open the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Its time is over.
    Expired,
    /// Somebody else came in by it.
    Used,
    /// It was taken back.
    Withdrawn,
    /// The one who invited said no.
    Declined,
    /// Too many ask by it already.
    Full,
    /// It leads to a circle that this laptop is in.
    AlreadyIn,
    /// For a reason that only a newer version knows.
    Other,
}
