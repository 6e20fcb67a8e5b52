//! What commands answer: plain values with stable JSON keys, told in `docs/commands.md`.
//!
//! Ids are lower-case hexadecimal, times milliseconds since 1970 in UTC, what isn't known is `null`. Names and titles hold
//! nothing that deceives the eye; the bodies of notes are as their writers left them.

mod body;

pub use body::{Block, BlockKind, Run};

use crate::spelling;
use serde::{Deserialize, Serialize};
use snug_types::{CircleId, DeviceId, DocumentId, InvitationId, MemberId, UnixMillis};
use std::net::SocketAddr;

/// What brings a circle together. It only picks gentle defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A situation in life: parenthood, caring, money.
    Life,
    /// A shared interest: reading, walking, a craft.
    Interest,
    /// Shared values.
    Values,
}

/// An answer to a gathering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Gladly.
    Yes,
    /// If it helps the others.
    IfNeedBe,
    /// Not this time; no reason needed.
    NotThisTime,
}

/// It is done, and there is nothing else to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {}

/// Something new, by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCircle {
    /// The circle.
    #[serde(with = "spelling::id")]
    pub id: CircleId,
}

/// A new note or gathering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDocument {
    /// The note or gathering.
    #[serde(with = "spelling::id")]
    pub id: DocumentId,
}

/// This laptop, and who holds what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The name that its owner goes by where they chose no other.
    pub name: String,
    /// True while it can be found.
    pub online: bool,
    /// Laptops that it is connected to, over all circles.
    pub near: usize,
    /// Its circles, by name.
    pub circles: Vec<CircleStatus>,
    /// Its wishes to join that aren't decided.
    pub joining: Vec<Wish>,
}

/// Who holds what, in one circle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CircleStatus {
    /// The circle.
    #[serde(with = "spelling::id")]
    pub id: CircleId,
    /// Its name.
    pub name: String,
    /// Current laptops of the circle, this one included.
    pub laptops: usize,
    /// Those that hold everything that is safe on this one, by their own signed word; this one included.
    pub holding: usize,
    /// The oldest word among those counted.
    #[serde(with = "spelling::maybe_millis")]
    pub as_of: Option<UnixMillis>,
    /// Laptops of the circle that this one is connected to.
    pub near: usize,
    /// The circle's other laptops, one by one.
    pub others: Vec<OtherLaptop>,
    /// Where this laptop answers for the circle, for `--dial`.
    pub addresses: Vec<SocketAddr>,
    /// Laptops whose history split in two: copied, restored, or not honest.
    #[serde(with = "spelling::ids")]
    pub split: Vec<DeviceId>,
    /// Why nothing can be written here, if so.
    pub stopped: Option<String>,
}

/// Another laptop of a circle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherLaptop {
    /// The laptop.
    #[serde(with = "spelling::id")]
    pub device: DeviceId,
    /// Whose it is.
    pub person: String,
    /// True while it is connected.
    pub near: bool,
    /// When it last said that it holds all; `null` if it hasn't.
    #[serde(with = "spelling::maybe_millis")]
    pub holds_all: Option<UnixMillis>,
}

/// How a circle stands on this laptop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CircleState {
    /// Let in; what the others hold of it isn't here yet.
    Joining,
    /// A member.
    Member,
    /// Left; the word of it hasn't reached anybody yet.
    Leaving,
    /// What this laptop keeps of it can't be read; it is left as it is, and the other circles go on.
    Damaged,
}

/// The circles of this laptop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circles {
    /// By name.
    pub circles: Vec<Circle>,
    /// Wishes to join that aren't decided.
    pub joining: Vec<Wish>,
}

/// A wish to join that stands: it goes on whenever this laptop is up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The invitation.
    #[serde(with = "spelling::id")]
    pub id: InvitationId,
    /// The name that its owner asks under.
    pub name: String,
    /// How it stands.
    #[serde(flatten)]
    pub state: JoinState,
}

/// A circle that was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// How many other people it has; `null` where this laptop can't know.
    pub others: Option<usize>,
}

/// An invitation that was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// True if that had been done before.
    pub already: bool,
}

/// A circle in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circle {
    /// The circle.
    #[serde(with = "spelling::id")]
    pub id: CircleId,
    /// Its name.
    pub name: String,
    /// What brings it together; `null` until its page is here.
    pub kind: Option<Kind>,
    /// How it stands here.
    pub state: CircleState,
}

/// A new invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// The invitation.
    #[serde(with = "spelling::id")]
    pub id: InvitationId,
    /// Its link: whoever holds it may ask to come in.
    pub link: String,
}

/// How an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

/// The invitations that this laptop answers for a circle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitations {
    /// All of them, ended ones too.
    pub invitations: Vec<Invitation>,
}

/// An invitation that this laptop answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The invitation.
    #[serde(with = "spelling::id")]
    pub id: InvitationId,
    /// How it stands.
    pub state: InvitationState,
    /// When it ends, by this laptop's clock.
    #[serde(with = "spelling::millis")]
    pub expires: UnixMillis,
    /// True if whoever asks must be confirmed.
    pub confirm: bool,
    /// Who asks to come in.
    pub asking: Vec<Asking>,
}

/// Somebody who holds an invitation's link and asks to come in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asking {
    /// Their laptop.
    #[serde(with = "spelling::id")]
    pub device: DeviceId,
    /// What they call themselves.
    pub name: String,
}

/// A wish to join, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joining {
    /// The invitation.
    #[serde(with = "spelling::id")]
    pub join: InvitationId,
    /// How it stands.
    #[serde(flatten)]
    pub state: JoinState,
}

/// How a wish to join stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
        circle: CircleId,
    },
    /// The invitation doesn't open the door.
    Refused {
        /// Why.
        reason: Refusal,
    },
}

/// Why an invitation doesn't open the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

/// The people of a circle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// By name; those who left as well.
    pub people: Vec<Person>,
}

/// Somebody in a circle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who, in this circle alone.
    #[serde(with = "spelling::id")]
    pub id: MemberId,
    /// Their name in this circle.
    pub name: String,
    /// True for this laptop's owner.
    pub me: bool,
    /// How many laptops they have here.
    pub laptops: usize,
    /// True if they left.
    pub left: bool,
    /// Who let them in; `null` for the founder.
    #[serde(with = "spelling::maybe_id")]
    pub added_by: Option<MemberId>,
}

/// "On N of M laptops, as of".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// Current laptops of the circle.
    pub laptops: usize,
    /// Those that hold all of it, by their own signed word; this one included.
    pub holding: usize,
    /// The oldest word among those counted.
    #[serde(with = "spelling::maybe_millis")]
    pub as_of: Option<UnixMillis>,
}

/// The notes of a circle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes {
    /// Those that changed last come first.
    pub notes: Vec<NoteSummary>,
}

/// A note in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteSummary {
    /// The note.
    #[serde(with = "spelling::id")]
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// When it last changed, by the clock of whoever changed it.
    #[serde(with = "spelling::millis")]
    pub changed: UnixMillis,
    /// True if it was put away.
    pub away: bool,
}

/// A note, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The note.
    #[serde(with = "spelling::id")]
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its body as Markdown.
    pub markdown: String,
    /// Its body block after block.
    pub blocks: Vec<Block>,
    /// When it last changed.
    #[serde(with = "spelling::millis")]
    pub changed: UnixMillis,
    /// True if it was put away.
    pub away: bool,
    /// Who holds its latest words.
    #[serde(flatten)]
    pub held: Holding,
}

/// The gatherings of a circle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plans {
    /// By time, those without one last.
    pub plans: Vec<PlanSummary>,
}

/// A time in a zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanTime {
    /// The time on a clock there: `2026-12-01T18:00`.
    pub local: String,
    /// The zone, by its IANA name.
    pub zone: String,
    /// The instant.
    #[serde(with = "spelling::millis")]
    pub instant: UnixMillis,
    /// How far the clocks there are from UTC then: `+02:00`.
    pub offset: Option<String>,
    /// True if the clocks there show this time twice, because they are put back; the first time is meant.
    pub twice: bool,
}

/// A gathering in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSummary {
    /// The gathering.
    #[serde(with = "spelling::id")]
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// When it is.
    pub at: Option<PlanTime>,
    /// Where it is.
    pub place: Option<String>,
    /// When it last changed.
    #[serde(with = "spelling::millis")]
    pub changed: UnixMillis,
    /// True if it was put away.
    pub away: bool,
}

/// A gathering, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The gathering.
    #[serde(with = "spelling::id")]
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// When it is.
    pub at: Option<PlanTime>,
    /// Where it is.
    pub place: Option<String>,
    /// Current members, by name, and what they answered.
    pub answers: Vec<PersonAnswer>,
    /// When it last changed.
    #[serde(with = "spelling::millis")]
    pub changed: UnixMillis,
    /// True if it was put away.
    pub away: bool,
    /// Who holds its latest words.
    #[serde(flatten)]
    pub held: Holding,
}

/// Somebody's answer to a gathering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonAnswer {
    /// Their name.
    pub person: String,
    /// Who, in this circle alone.
    #[serde(with = "spelling::id")]
    pub id: MemberId,
    /// True for this laptop's owner.
    pub me: bool,
    /// Their answer; `null` is silence, and an answer too.
    pub answer: Option<Answer>,
}

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// The folder.
    pub folder: std::path::PathBuf,
    /// Notes, as Markdown.
    pub notes: usize,
    /// Gatherings, as calendar files.
    pub plans: usize,
}
