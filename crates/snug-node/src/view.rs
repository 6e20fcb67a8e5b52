//! What a laptop tells about itself, its circles and what is in them: plain values, made anew for each question.

use snug_document::Blocks;
use snug_document::page::{Answer, CircleKind};
use snug_types::{CircleId, DeviceId, DocumentId, InvitationId, MemberId, UnixMillis};
use std::net::SocketAddr;

/// How a circle stands on this laptop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CircleState {
    /// Asked to join; not yet admitted.
    Joining,
    /// A member.
    Member,
    /// Left; the word of it hasn't reached anybody yet.
    Leaving,
    /// Its rows can't be read here. They are left as they are, and the other circles go on.
    Damaged,
}

/// A circle in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CircleView {
    /// Which circle.
    pub id: CircleId,
    /// Its name, as its page has it; empty until that is here.
    pub name: String,
    /// Its kind, once its page is here.
    pub kind: Option<CircleKind>,
    /// How it stands here.
    pub state: CircleState,
    /// Laptops that ask to come in and wait for an answer of this one.
    pub asking: usize,
}

/// What is known of who holds what, in one circle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CircleStatus {
    /// Which circle.
    pub id: CircleId,
    /// Its name; empty until its page is here.
    pub name: String,
    /// Current laptops of the circle, this one included.
    pub laptops: usize,
    /// How many of them hold everything that is durable here, by their signed receipts; this one included.
    pub holding: usize,
    /// The oldest word among those counted; now where this laptop counts alone.
    pub as_of: Option<UnixMillis>,
    /// Laptops of the circle that this one is connected to.
    pub near: usize,
    /// Laptops of other people, and what is known of them.
    pub others: Vec<LaptopView>,
    /// Where this laptop answers for the circle, for `--dial`.
    pub addresses: Vec<SocketAddr>,
    /// Devices whose logs split in two: cloned, restored or hostile.
    pub split: Vec<DeviceId>,
    /// Why nothing can be written here, if so.
    pub stopped: Option<String>,
}

/// Another laptop of a circle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaptopView {
    /// Its key in this circle.
    pub device: DeviceId,
    /// Whose it is.
    pub person: String,
    /// True while it is connected.
    pub near: bool,
    /// When it last said that it holds everything that is durable here; none if it hasn't.
    pub holds_all: Option<UnixMillis>,
}

/// This laptop, and each of its circles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The name that its owner goes by where they chose no other.
    pub name: String,
    /// True while it can be found.
    pub online: bool,
    /// Connected laptops, over all circles.
    pub near: usize,
    /// Its circles, by name.
    pub circles: Vec<CircleStatus>,
}

/// How an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationState {
    /// Nobody has used it.
    Open,
    /// Somebody was admitted by it.
    Used,
    /// Taken back.
    Withdrawn,
    /// Its time is over.
    Expired,
}

/// Somebody who holds an invitation's link and asks to come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The key that their laptop made for this circle.
    pub device: DeviceId,
    /// What they call themselves.
    pub name: String,
}

/// An invitation that this laptop answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationView {
    /// Which.
    pub id: InvitationId,
    /// How it stands.
    pub state: InvitationState,
    /// When it ends, by this laptop's clock.
    pub expires: UnixMillis,
    /// True if whoever asks must be confirmed.
    pub confirm: bool,
    /// Who asks.
    pub asking: Vec<Asking>,
}

/// How a wish to join stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JoinState {
    /// The laptop that made the invitation wasn't met yet.
    Looking,
    /// It was met, and its owner is to confirm.
    Waiting,
    /// Admitted.
    Admitted(CircleId),
    /// Refused, and why.
    Refused(Refusal),
}

/// A link that this laptop follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinView {
    /// The invitation that it belongs to.
    pub id: InvitationId,
    /// What this laptop's owner is called there.
    pub name: String,
    /// How it stands.
    pub state: JoinState,
}

/// Why an invitation doesn't open the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// Somebody in a circle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonView {
    /// Which member.
    pub member: MemberId,
    /// Their name in this circle.
    pub name: String,
    /// True for this laptop's owner.
    pub me: bool,
    /// Their current laptops.
    pub laptops: usize,
    /// True if they left.
    pub left: bool,
    /// Who admitted them; none for the founder.
    pub added_by: Option<MemberId>,
}

/// A note in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSummary {
    /// Which note.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// When it last changed, by the clock of whoever changed it.
    pub changed: UnixMillis,
    /// True if it was put away.
    pub away: bool,
}

/// A note, whole.
#[derive(Debug, Clone, PartialEq)]
pub struct NoteView {
    /// Which note.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// True if it was put away.
    pub away: bool,
    /// Its body, block after block.
    pub body: Blocks,
    /// When it last changed.
    pub changed: UnixMillis,
    /// Who holds its latest words.
    pub holding: Holding,
}

/// A note without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteHead {
    /// Which note.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// True if it was put away.
    pub away: bool,
    /// When it last changed.
    pub changed: UnixMillis,
    /// Who holds its latest words.
    pub holding: Holding,
}

/// A laptop of a circle, and what it said to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderView {
    /// Its key in this circle.
    pub device: DeviceId,
    /// Whose it is.
    pub person: String,
    /// Which member that is.
    pub member: Option<MemberId>,
    /// True for this laptop.
    pub me: bool,
    /// True while it is connected; this one always is.
    pub near: bool,
    /// When it last said that it holds all that was asked about; none if it hasn't.
    pub holds: Option<UnixMillis>,
}

/// "On N of M laptops, as of".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// Current laptops of the circle.
    pub laptops: usize,
    /// Those that hold all of it.
    pub holding: usize,
    /// The oldest word among those counted.
    pub as_of: Option<UnixMillis>,
}

/// A gathering in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanSummary {
    /// Which gathering.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// When it is, as its organiser wrote it.
    pub at: Option<PlanTime>,
    /// Where it is.
    pub place: Option<String>,
    /// What this laptop's owner answered.
    pub mine: Option<Answer>,
    /// When it last changed.
    pub changed: UnixMillis,
    /// True if it was put away.
    pub away: bool,
}

/// A time in a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanTime {
    /// The time on a clock there: `2026-12-01T18:00`.
    pub local: String,
    /// The zone, by its IANA name.
    pub zone: String,
    /// The instant.
    pub instant: UnixMillis,
}

/// Somebody's answer to a gathering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerView {
    /// Which member.
    pub member: MemberId,
    /// Their name.
    pub person: String,
    /// True for this laptop's owner.
    pub me: bool,
    /// Their answer, and none is an answer too.
    pub answer: Option<Answer>,
}

/// A gathering, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanView {
    /// Which gathering.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// Where it is.
    pub place: Option<String>,
    /// When it is.
    pub at: Option<PlanTime>,
    /// True if it was put away.
    pub away: bool,
    /// The answers of current members, by name.
    pub answers: Vec<AnswerView>,
    /// When it last changed.
    pub changed: UnixMillis,
    /// Who holds its latest words.
    pub holding: Holding,
}

/// What an export wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    /// Notes, as Markdown.
    pub notes: usize,
    /// Gatherings with a time, as calendar files.
    pub plans: usize,
}

/// What happened on this laptop. Carries ids; whoever shows it asks for names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A laptop of this circle was met.
    Near {
        /// The circle.
        circle: CircleId,
        /// Whose laptop.
        person: String,
    },
    /// It went.
    Gone {
        /// The circle.
        circle: CircleId,
        /// Whose laptop.
        person: String,
    },
    /// A document changed, here or elsewhere.
    Changed {
        /// The circle.
        circle: CircleId,
        /// The document.
        document: DocumentId,
    },
    /// How a circle stands here changed: it came, it went, writing in it stopped or goes on.
    Circle {
        /// The circle.
        circle: CircleId,
    },
    /// Who is in the circle changed.
    People {
        /// The circle.
        circle: CircleId,
    },
    /// What is known of who holds what changed.
    Holding {
        /// The circle.
        circle: CircleId,
    },
    /// Somebody asks to join.
    Asks {
        /// The circle.
        circle: CircleId,
        /// The laptop that asks.
        device: DeviceId,
        /// What they call themselves.
        name: String,
    },
    /// What became of this laptop's invitations to a circle: one was made, taken back or used, somebody was answered.
    Invitations {
        /// The circle.
        circle: CircleId,
    },
    /// A wish to join began, goes on or ended.
    Join {
        /// The invitation.
        id: InvitationId,
        /// How it stands now.
        state: JoinState,
    },
    /// A wish to join was given up.
    JoinForgotten {
        /// The invitation.
        id: InvitationId,
    },
    /// A laptop's log split in two.
    Split {
        /// The circle.
        circle: CircleId,
        /// The laptop.
        device: DeviceId,
    },
}
