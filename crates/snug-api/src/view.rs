//! What commands answer: plain values with stable JSON keys, told in `docs/commands.md`.
//!
//! Ids are lower-case hexadecimal, times milliseconds since 1970 in UTC, what isn't known is `null`. Names and titles hold
//! nothing that deceives the eye; the bodies of notes are as their writers left them.

mod body;
mod circle;
mod invite;
mod network;
mod note;
mod plan;
mod status;

pub use body::{Block, BlockKind, Run};
pub use circle::{Circle, CircleState, Circles, Exported, Kind, Left, NewCircle, People, Person};
pub use invite::{
    Asking, Invitation, InvitationState, Invitations, Invited, JoinState, Joining, Refusal, Wish, Withdrawn,
};
pub use network::{Me, Network, NetworkInterface};
pub use note::{NewDocument, Note, NoteHead, NoteSummary, Notes};
pub use plan::{Answer, PersonAnswer, Plan, PlanSummary, PlanTime, Plans};
pub use status::{CircleStatus, Holder, Holders, Holding, OtherLaptop, Status};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// It is done, and there is nothing else to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Done {}
