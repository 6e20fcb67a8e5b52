//! Every command, once: what is asked, and what is answered.
//!
//! A line of `commands!` makes the command's type, its place in [`Request`] and [`Response`], and the demand that
//! [`crate::Desk`] has a handler for it: a command without one doesn't compile. Circles, notes, gatherings, people and
//! invitations are named as a person names them, by exact name or by an id that may be shortened.

use crate::error::ApiError;
use crate::spelling;
use crate::view;
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use ts_rs::TS;

/// Something that a laptop can be asked.
pub trait Command: Into<Request> + Send {
    /// What it is answered with.
    type Answer: Send;

    /// The answer, if this response is one to such a command.
    fn answer(response: Response) -> Option<Self::Answer>;
}

/// Does what one kind of command asks.
pub(crate) trait Handle<C: Command> {
    fn handle(&self, command: C) -> impl Future<Output = Result<C::Answer, ApiError>> + Send;
}

macro_rules! commands {
    ($(
        $(#[$doc:meta])*
        $name:ident { $( $(#[$field_doc:meta])* $field:ident : $type:ty, )* } -> $answer:ty;
    )*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
            #[serde(deny_unknown_fields)]
            #[ts(optional_fields = nullable)]
            pub struct $name { $( $(#[$field_doc])* pub $field: $type, )* }

            impl From<$name> for Request {
                fn from(command: $name) -> Self {
                    Self::$name(command)
                }
            }

            impl Command for $name {
                type Answer = $answer;

                fn answer(response: Response) -> Option<$answer> {
                    match response {
                        Response::$name(answer) => Some(answer),
                        _ => None,
                    }
                }
            }
        )*

        /// A command on its way to a laptop: `{"command":"circle_list","with":{}}`.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[serde(tag = "command", content = "with", rename_all = "snake_case")]
        pub enum Request { $( $(#[$doc])* $name($name), )* }

        /// A laptop's answer: `{"command":"circle_list","answer":{"circles":[]}}`.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[serde(tag = "command", content = "answer", rename_all = "snake_case")]
        pub enum Response { $( $(#[$doc])* $name($answer), )* }

        impl crate::Desk {
            /// Hands each command to its handler.
            pub(crate) async fn dispatch(&self, request: Request) -> Result<Response, ApiError> {
                match request {
                    $( Request::$name(command) => {
                        Handle::<$name>::handle(self, command).await.map(Response::$name)
                    } )*
                }
            }
        }
    };
}

commands! {
    /// This laptop, laptops near, and which hold what, as of when.
    Status {
        /// Only this circle.
        circle: Option<String>,
    } -> view::Status;

    /// Founds a circle of one.
    CircleFound {
        /// Its name.
        name: String,
        /// What brings it together.
        kind: view::Kind,
    } -> view::NewCircle;

    /// Keeps the network interfaces that are used where `--interfaces` names none, from now on.
    Interfaces {
        /// Their names, all of them if there is none.
        names: Vec<String>,
    } -> view::Done;

    /// How this laptop stands on the network.
    Network {} -> view::Network;

    /// Switches the network on or off, now and at every start.
    NetworkSet {
        /// False to stay off it.
        wanted: bool,
    } -> view::Done;

    /// This laptop's owner.
    Me {} -> view::Me;

    /// Another name for them in circles to come. Every circle keeps the one that they have there.
    MeRename {
        /// The name.
        name: String,
    } -> view::Done;

    /// Another name for oneself in one circle.
    MemberRename {
        /// Which circle.
        circle: String,
        /// The name.
        name: String,
    } -> view::Done;

    /// Another name for a circle, for everybody in it.
    CircleRename {
        /// Which circle.
        circle: String,
        /// The name.
        name: String,
    } -> view::Done;

    /// The circles of this laptop.
    CircleList {} -> view::Circles;

    /// Leaves a circle, and lets go of what this laptop holds of it.
    CircleLeave {
        /// Which circle.
        circle: String,
    } -> view::Left;

    /// Makes an invitation for one person.
    Invite {
        /// To which circle.
        circle: String,
        /// How long it holds, in seconds.
        expires: u64,
        /// True if whoever asks must be confirmed.
        confirm: bool,
    } -> view::Invited;

    /// The invitations that this laptop answers for a circle.
    InviteList {
        /// Which circle.
        circle: String,
    } -> view::Invitations;

    /// Takes an invitation back.
    InviteWithdraw {
        /// Which circle.
        circle: String,
        /// Which invitation.
        invitation: String,
    } -> view::Withdrawn;

    /// Lets in somebody who asks.
    InviteConfirm {
        /// Which circle.
        circle: String,
        /// Who: the name that they ask under, or the id of their laptop.
        person: String,
    } -> view::Asking;

    /// Says no to somebody who asks: their laptop is told so.
    InviteDecline {
        /// Which circle.
        circle: String,
        /// Who: the name that they ask under, or the id of their laptop.
        person: String,
    } -> view::Done;

    /// Asks to join by a link. Asking again goes on with it.
    Join {
        /// The link.
        link: String,
        /// Another name than this laptop's.
        name: Option<String>,
        /// Addresses to try beside the search.
        dial: Vec<SocketAddr>,
    } -> view::Joining;

    /// How a wish to join stands.
    JoinStatus {
        /// The invitation, as [`Join`] answered it.
        join: String,
    } -> view::Joining;

    /// Gives a wish to join up, or takes note that it was refused.
    JoinForget {
        /// The invitation.
        join: String,
    } -> view::Done;

    /// The people of a circle.
    People {
        /// Which circle.
        circle: String,
    } -> view::People;

    /// The laptops of a circle, and what each said to hold.
    Holders {
        /// Which circle.
        circle: String,
        /// Only what of it is in this note or gathering, by its id.
        document: Option<String>,
    } -> view::Holders;

    /// A new note.
    NoteNew {
        /// In which circle.
        circle: String,
        /// Its title.
        title: String,
        /// Its body as Markdown.
        markdown: String,
    } -> view::NewDocument;

    /// The notes of a circle.
    NoteList {
        /// Which circle.
        circle: String,
        /// True to list those that were put away as well.
        away: bool,
    } -> view::Notes;

    /// A note, whole.
    NoteShow {
        /// In which circle.
        circle: String,
        /// Which note.
        note: String,
    } -> view::Note;

    /// A note without its body.
    NoteHead {
        /// In which circle.
        circle: String,
        /// Which note.
        note: String,
    } -> view::NoteHead;

    /// Another body, by the smallest edit that gets there.
    NoteEdit {
        /// In which circle.
        circle: String,
        /// Which note.
        note: String,
        /// The whole body as Markdown.
        markdown: String,
    } -> view::Done;

    /// Plain text in a last paragraph of its own.
    NoteAppend {
        /// In which circle.
        circle: String,
        /// Which note.
        note: String,
        /// The text.
        text: String,
    } -> view::Done;

    /// Another title.
    NoteRename {
        /// In which circle.
        circle: String,
        /// Which note.
        note: String,
        /// The title.
        title: String,
    } -> view::Done;

    /// Puts a note away, or brings it back.
    NotePutAway {
        /// In which circle.
        circle: String,
        /// Which note.
        note: String,
        /// True to put it away, false to bring it back.
        away: bool,
    } -> view::Done;

    /// A new gathering.
    PlanNew {
        /// In which circle.
        circle: String,
        /// Its title.
        title: String,
        /// When it is.
        at: Option<WrittenTime>,
        /// Where it is.
        place: Option<String>,
    } -> view::NewDocument;

    /// The gatherings of a circle.
    PlanList {
        /// Which circle.
        circle: String,
        /// True to list those that were put away as well.
        away: bool,
    } -> view::Plans;

    /// A gathering, whole, with everybody's answers.
    PlanShow {
        /// In which circle.
        circle: String,
        /// Which gathering.
        plan: String,
    } -> view::Plan;

    /// Another title, time or place. What isn't given stays as it is; a time or a place that is `null` is taken away.
    PlanChange {
        /// In which circle.
        circle: String,
        /// Which gathering.
        plan: String,
        /// Its title.
        title: Option<String>,
        /// When it is.
        #[serde(default, with = "spelling::given", skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "WrittenTime | null")]
        at: Option<Option<WrittenTime>>,
        /// Where it is.
        #[serde(default, with = "spelling::given", skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "string | null")]
        place: Option<Option<String>>,
    } -> view::Done;

    /// Puts a gathering away, or brings it back.
    PlanPutAway {
        /// In which circle.
        circle: String,
        /// Which gathering.
        plan: String,
        /// True to put it away, false to bring it back.
        away: bool,
    } -> view::Done;

    /// One's own answer to a gathering.
    PlanAnswer {
        /// In which circle.
        circle: String,
        /// Which gathering.
        plan: String,
        /// The answer.
        answer: view::Answer,
    } -> view::Done;

    /// Writes a circle into open files.
    Export {
        /// Which circle.
        circle: String,
        /// A folder that is empty or isn't there, by its whole path.
        folder: PathBuf,
    } -> view::Exported;
}

/// A gathering's time as somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WrittenTime {
    /// The time on a clock there: `2026-12-01T18:00`.
    pub local: String,
    /// The zone, by its IANA name: `Europe/Budapest`.
    pub zone: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_have_a_stable_spelling() {
        let request = Request::from(PlanAnswer {
            circle: "readers".into(),
            plan: "walk".into(),
            answer: view::Answer::IfNeedBe,
        });
        assert_eq!(
            serde_json::to_string(&request).unwrap(),
            r#"{"command":"plan_answer","with":{"circle":"readers","plan":"walk","answer":"if-need-be"}}"#
        );
        let unknown = r#"{"command":"circle_list","with":{"colour":"red"}}"#;
        assert!(
            serde_json::from_str::<Request>(unknown).is_err(),
            "a misspelled field must not be overlooked"
        );
    }

    #[test]
    fn an_answer_to_something_else_is_none() {
        assert_eq!(CircleList::answer(Response::NoteEdit(view::Done {})), None);
        assert_eq!(NoteEdit::answer(Response::NoteEdit(view::Done {})), Some(view::Done {}));
    }
}
