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
mod editing;
mod error;
mod export;
mod index;
mod invite;
mod joining;
mod laptop;
mod leaving;
mod loaded;
mod meeting;
mod names;
mod network;
mod news;
mod notes;
mod online;
mod owner;
mod people;
mod plans;
mod private;
mod rows;
mod unlock;
mod view;

pub use editing::OpenNote;
pub use error::{Code, NodeError};
pub use laptop::Laptop;
pub use network::Network;
pub use news::{EndReason, NoteNews, NoteStream};
pub use online::{Interfaces, Online};
pub use snug_document::page::{Answer, CircleKind};
pub use snug_document::plan::Change as PlanChange;
pub use unlock::Home;
pub use view::{
    AnswerView, Asking, CircleState, CircleStatus, CircleView, Event, Exported, HolderView, Holding,
    InvitationState, InvitationView, JoinState, JoinView, LaptopView, NoteHead, NoteSummary, NoteView,
    PersonView, PlanSummary, PlanTime, PlanView, Refusal, Status,
};
