//! From what a laptop tells to what the api answers: field by field, so that neither changes the other unnoticed.

use crate::clock;
use crate::error::{ApiError, ErrorCode, plain_reason};
use crate::event::Event;
use crate::view;
use snug_document::{self as document, markdown, page};
use snug_node::{
    AnswerView, Asking, CircleState, CircleStatus, CircleView, HolderView, Holding, InvitationState,
    InvitationView, JoinState, JoinView, LaptopView, Network, NodeError, NoteHead, NoteSummary, NoteView,
    PersonView, PlanSummary, PlanTime, PlanView, Refusal,
};

impl From<NodeError> for ApiError {
    fn from(error: NodeError) -> Self {
        let code = match &error {
            NodeError::NoStore => ErrorCode::NoStore,
            NodeError::AlreadyThere => ErrorCode::AlreadyThere,
            NodeError::ForeignFolder => ErrorCode::ForeignFolder,
            NodeError::InUse => ErrorCode::InUse,
            NodeError::WrongPassphrase => ErrorCode::WrongPassphrase,
            NodeError::EmptyPassphrase => ErrorCode::EmptyPassphrase,
            NodeError::NewerStore => ErrorCode::NewerStore,
            NodeError::Damaged(_) | NodeError::DamagedCircle(_) => ErrorCode::DamagedStore,
            NodeError::DiskFull => ErrorCode::DiskFull,
            NodeError::Disk(_) => ErrorCode::DiskError,
            NodeError::NoCircle => ErrorCode::NoCircle,
            NodeError::NotAdmitted => ErrorCode::NotAdmitted,
            NodeError::Left => ErrorCode::Left,
            NodeError::NotFound(_) => ErrorCode::NotFound,
            NodeError::Text { .. } => ErrorCode::BadText,
            NodeError::TooLarge { .. } => ErrorCode::TooLarge,
            NodeError::NotALink => ErrorCode::NotALink,
            NodeError::DamagedLink => ErrorCode::DamagedLink,
            NodeError::NewerLink => ErrorCode::NewerLink,
            NodeError::AlreadyIn => ErrorCode::AlreadyIn,
            NodeError::InvitationEnded(_) => ErrorCode::InvitationEnded,
            NodeError::Expiry => ErrorCode::BadExpiry,
            NodeError::TooMany { .. } => ErrorCode::TooMany,
            NodeError::Frozen => ErrorCode::UpdateNeeded,
            NodeError::Stopped(_) => ErrorCode::Stopped,
            NodeError::Network(_) => ErrorCode::Network,
            NodeError::Export(_) => ErrorCode::ExportFolder,
            NodeError::Closed => ErrorCode::Closing,
            NodeError::Internal(_) => ErrorCode::Internal,
        };
        let message = match &error {
            NodeError::Damaged(what) => match damaged_part(what) {
                Some(part) => format!("{part} is damaged; everything was left as it is"),
                None => "what Snug keeps in this folder is damaged; it was left as it is".to_owned(),
            },
            error => plain_reason(error),
        };
        Self::new(code, message)
    }
}

/// Which part is damaged, where the words below say so. Those words themselves are for developers: how bytes end is
/// nothing that a person can mend.
fn damaged_part(what: &str) -> Option<&'static str> {
    const PARTS: [(&str, &str); 6] = [
        ("key file", "the key file of this folder"),
        ("database", "the database of this folder"),
        ("circle", "what this folder keeps of a circle"),
        ("entry", "what this folder keeps of a circle"),
        ("invitation", "an invitation in this folder"),
        ("wish to join", "a wish to join in this folder"),
    ];
    PARTS.iter().find(|(word, _)| what.contains(word)).map(|(_, part)| *part)
}

/// Enums of the same cases on both sides.
macro_rules! same_cases {
    ($($from:path => $to:path { $($case:ident),* })*) => {$(
        impl From<$from> for $to {
            fn from(told: $from) -> Self {
                match told { $( <$from>::$case => Self::$case, )* }
            }
        }
    )*};
}

same_cases! {
    CircleState => view::CircleState { Joining, Member, Leaving, Damaged }
    InvitationState => view::InvitationState { Open, Used, Withdrawn, Expired }
    Refusal => view::Refusal { Expired, Used, Withdrawn, Declined, Full, AlreadyIn, Other }
    page::CircleKind => view::Kind { Life, Interest, Values }
    view::Kind => page::CircleKind { Life, Interest, Values }
    page::Answer => view::Answer { Yes, IfNeedBe, NotThisTime }
    view::Answer => page::Answer { Yes, IfNeedBe, NotThisTime }
}

impl From<LaptopView> for view::OtherLaptop {
    fn from(told: LaptopView) -> Self {
        let LaptopView { device, person, near, holds_all } = told;
        Self { device, person, near, holds_all }
    }
}

impl From<CircleStatus> for view::CircleStatus {
    fn from(told: CircleStatus) -> Self {
        let CircleStatus { id, name, laptops, holding, as_of, near, others, addresses, split, stopped } =
            told;
        let others = others.into_iter().map(Into::into).collect();
        Self { id, name, laptops, holding, as_of, near, others, addresses, split, stopped }
    }
}

impl From<JoinView> for view::Wish {
    fn from(told: JoinView) -> Self {
        let JoinView { id, name, state } = told;
        Self { id, name, state: state.into() }
    }
}

impl From<CircleView> for view::Circle {
    fn from(told: CircleView) -> Self {
        let CircleView { id, name, kind, state, asking } = told;
        Self { id, name, kind: kind.map(Into::into), state: state.into(), asking }
    }
}

impl From<Asking> for view::Asking {
    fn from(told: Asking) -> Self {
        let Asking { device, name } = told;
        Self { device, name }
    }
}

impl From<InvitationView> for view::Invitation {
    fn from(told: InvitationView) -> Self {
        let InvitationView { id, state, expires, confirm, asking } = told;
        let asking = asking.into_iter().map(Into::into).collect();
        Self { id, state: state.into(), expires, confirm, asking }
    }
}

impl From<JoinState> for view::JoinState {
    fn from(told: JoinState) -> Self {
        match told {
            JoinState::Looking => Self::Looking,
            JoinState::Waiting => Self::Waiting,
            JoinState::Admitted(circle) => Self::Admitted { circle },
            JoinState::Refused(reason) => Self::Refused { reason: reason.into() },
        }
    }
}

impl From<PersonView> for view::Person {
    fn from(told: PersonView) -> Self {
        let PersonView { member, name, me, laptops, left, added_by } = told;
        Self { id: member, name, me, laptops, left, added_by }
    }
}

impl From<Holding> for view::Holding {
    fn from(told: Holding) -> Self {
        let Holding { laptops, holding, as_of } = told;
        Self { laptops, holding, as_of }
    }
}

impl From<Network> for view::Network {
    fn from(told: Network) -> Self {
        let Network { wanted, online, interfaces, given } = told;
        let interfaces =
            interfaces.into_iter().map(|(name, used)| view::NetworkInterface { name, used }).collect();
        Self { wanted, online, interfaces, given }
    }
}

impl From<NoteSummary> for view::NoteSummary {
    fn from(told: NoteSummary) -> Self {
        let NoteSummary { id, title, changed, away } = told;
        Self { id, title, changed, away }
    }
}

impl From<NoteHead> for view::NoteHead {
    fn from(told: NoteHead) -> Self {
        let NoteHead { id, title, away, changed, holding } = told;
        Self { id, title, changed, away, held: holding.into() }
    }
}

impl From<HolderView> for view::Holder {
    fn from(told: HolderView) -> Self {
        let HolderView { device, person, member, me, near, holds } = told;
        Self { device, person, id: member, me, near, holds }
    }
}

impl From<&document::Block> for view::Block {
    fn from(told: &document::Block) -> Self {
        let kind = match told.kind {
            document::Kind::Paragraph => view::BlockKind::Paragraph,
            document::Kind::Heading(level) => view::BlockKind::Heading { level },
            document::Kind::Item(document::Item { numbered, depth, begins }) => {
                view::BlockKind::Item { numbered, depth, begins }
            }
            document::Kind::Literal => view::BlockKind::Literal,
        };
        Self { kind, runs: told.runs.iter().map(Into::into).collect() }
    }
}

impl From<&document::Run> for view::Run {
    fn from(told: &document::Run) -> Self {
        let document::Marks { strong, em, link, literal } = &told.marks;
        let link = link.as_ref().map(|href| href.as_str().to_owned());
        Self { text: told.text.clone(), strong: *strong, em: *em, link, literal: *literal }
    }
}

impl From<NoteView> for view::Note {
    fn from(told: NoteView) -> Self {
        let NoteView { id, title, away, body, changed, holding } = told;
        let markdown = markdown::write(&body);
        let blocks = body.as_slice().iter().map(Into::into).collect();
        Self { id, title, markdown, blocks, changed, away, held: holding.into() }
    }
}

impl From<PlanTime> for view::PlanTime {
    fn from(told: PlanTime) -> Self {
        let PlanTime { local, zone, instant } = told;
        let clock::Shown { offset, twice } = clock::shown(&local, &zone, instant);
        Self { local, zone, instant, offset, twice }
    }
}

impl From<PlanSummary> for view::PlanSummary {
    fn from(told: PlanSummary) -> Self {
        let PlanSummary { id, title, at, place, mine, changed, away } = told;
        Self { id, title, at: at.map(Into::into), place, mine: mine.map(Into::into), changed, away }
    }
}

impl From<AnswerView> for view::PersonAnswer {
    fn from(told: AnswerView) -> Self {
        let AnswerView { member, person, me, answer } = told;
        Self { person, id: member, me, answer: answer.map(Into::into) }
    }
}

impl From<PlanView> for view::Plan {
    fn from(told: PlanView) -> Self {
        let PlanView { id, title, place, at, away, answers, changed, holding } = told;
        let answers = answers.into_iter().map(Into::into).collect();
        Self { id, title, at: at.map(Into::into), place, answers, changed, away, held: holding.into() }
    }
}

impl From<snug_node::Event> for Event {
    fn from(told: snug_node::Event) -> Self {
        use snug_node::Event as Told;
        match told {
            Told::Near { circle, person } => Self::Near { circle, person },
            Told::Gone { circle, person } => Self::Gone { circle, person },
            Told::Changed { circle, document } => Self::Changed { circle, document },
            Told::Circle { circle } => Self::Circle { circle },
            Told::People { circle } => Self::People { circle },
            Told::Holding { circle } => Self::Holding { circle },
            Told::Asks { circle, device, name } => Self::Asks { circle, device, name },
            Told::Invitations { circle } => Self::Invitations { circle },
            Told::Join { id, state } => Self::Join { join: id, state: state.into() },
            Told::JoinForgotten { id } => Self::JoinForgotten { join: id },
            Told::Split { circle, device } => Self::Split { circle, device },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_told_in_words_for_people() {
        for (what, told) in [
            (
                "its key file can't be read (the bytes end too early)",
                "the key file of this folder is damaged",
            ),
            (
                "a circle's log can't be read (not canonical: a set)",
                "what this folder keeps of a circle is damaged",
            ),
            ("the bytes end too early", "what Snug keeps in this folder is damaged"),
        ] {
            let error = ApiError::from(NodeError::Damaged(what.into()));
            assert_eq!(error.code, ErrorCode::DamagedStore);
            assert!(error.message.starts_with(told), "{what}: {}", error.message);
            assert!(!error.message.contains("bytes") && !error.message.contains("canonical"));
        }
    }
}
