//! One laptop: the owner of its state, which wires the store, the circles' cores and the network together.
//!
//! [`Laptop`] is a cheap handle; one task owns everything behind it. What a person does goes through here:
//!
//! ```text
//! Laptop::note_append ─▶ owner: LiveDocument ─▶ CircleSync::local ─▶ Store::submit ─▶ persisted ─▶ answered, and sent
//! network frame ─▶ CircleSync::peer_frame ─▶ Store::submit ─▶ persisted ─▶ receipt, LiveDocument, Event
//! ```
//!
//! Time and randomness are read here and passed down.

mod ambient;
mod circle;
mod content;
mod error;
mod export;
mod invite;
mod joining;
mod laptop;
mod leaving;
mod meeting;
mod names;
mod network;
mod online;
mod owner;
mod people;
mod private;
mod rooms;
mod rows;
mod unlock;
mod view;

pub use error::{Code, NodeError};
pub use laptop::{Laptop, WrittenTime};
pub use network::Network;
pub use online::{Interfaces, Online};
pub use snug_document::page::{Answer, CircleKind};
pub use unlock::Home;
pub use view::{
    AnswerView, Asking, CircleState, CircleStatus, CircleView, Event, Exported, Holding, InvitationState,
    InvitationView, JoinState, JoinView, LaptopView, NoteSummary, NoteView, PersonView, PlanSummary,
    PlanTime, PlanView, Refusal, Status,
};
