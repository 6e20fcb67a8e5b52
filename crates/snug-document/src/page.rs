//! Pages: what a circle says of itself, and what a member does.
//!
//! A circle's page holds `name` and `kind`. A member's page holds `name` and, for each plan answered,
//! `answer/` and the plan's id: all values of the root map, so that a page needs no founding change and two laptops of
//! one member may begin it at the same time. Only a member's own laptops write their page; the rule is kept where
//! entries are checked.

use crate::live::{Edit, EditError, LiveDocument};
use crate::root::set_text;
use crate::schema::{self, key};
use automerge::{ROOT, ReadDoc};
use snug_types::{ActorId, DocumentId, Name, UnixMillis};
use std::collections::BTreeMap;

/// What a circle without a name that can be shown is called.
pub const UNNAMED_CIRCLE: &str = "A circle";
/// What a member without a name that can be shown is called.
pub const UNNAMED_MEMBER: &str = "Someone";

/// What a circle is about. It only picks gentle defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum CircleKind {
    /// A life situation.
    #[default]
    Life,
    /// A shared interest.
    Interest,
    /// Shared values.
    Values,
}

impl CircleKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Life, Self::Interest, Self::Values];

    /// The word for it in documents and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Life => "life",
            Self::Interest => "interest",
            Self::Values => "values",
        }
    }

    /// The kind that a word means.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }
}

/// An answer to a plan. Silence is one too, and isn't written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// Yes.
    Yes,
    /// If need be.
    IfNeedBe,
    /// Not this time.
    NotThisTime,
}

impl Answer {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Yes, Self::IfNeedBe, Self::NotThisTime];

    /// The word for it in documents and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::IfNeedBe => "if-need-be",
            Self::NotThisTime => "not-this-time",
        }
    }

    /// The answer that a word means.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.as_str() == word)
    }
}

/// A circle's page as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CirclePage {
    /// Its name, or [`UNNAMED_CIRCLE`].
    pub name: Name,
    /// What it is about; none where this version doesn't know the word.
    pub kind: Option<CircleKind>,
}

/// A member's page as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberPage {
    /// Their name, or [`UNNAMED_MEMBER`].
    pub name: Name,
    /// Their answers, by plan.
    pub answers: BTreeMap<DocumentId, Answer>,
}

/// A circle's page, and the edit that makes it.
pub fn create_circle(
    actor: ActorId,
    at: UnixMillis,
    name: &Name,
    kind: CircleKind,
) -> Result<(LiveDocument, Edit), EditError> {
    let mut document = LiveDocument::new(actor);
    let edit = document.edit(at, |tx| {
        set_text(tx, key::NAME, Some(name.as_str()))?;
        set_text(tx, key::KIND, Some(kind.as_str()))
    })?;
    edit.map(|edit| (document, edit)).ok_or(EditError::NotHere)
}

/// A member's page, and the edit that makes it.
pub fn create_member(actor: ActorId, at: UnixMillis, name: &Name) -> Result<(LiveDocument, Edit), EditError> {
    let mut document = LiveDocument::new(actor);
    let edit = set_name(&mut document, at, name)?;
    edit.map(|edit| (document, edit)).ok_or(EditError::NotHere)
}

/// The circle's page that a document holds, whatever it holds.
pub fn circle(document: &LiveDocument) -> CirclePage {
    let doc = &document.doc;
    CirclePage {
        name: Name::shown(&schema::text(doc, key::NAME).unwrap_or_default(), UNNAMED_CIRCLE),
        kind: schema::text(doc, key::KIND).and_then(|k| CircleKind::from_word(&k)),
    }
}

/// The member's page that a document holds, whatever it holds.
pub fn member(document: &LiveDocument) -> MemberPage {
    let doc = &document.doc;
    let answer = |key: String| {
        let plan: DocumentId = key.strip_prefix(key::ANSWER)?.parse().ok()?;
        Some((plan, Answer::from_word(&schema::text(doc, &key)?)?))
    };
    MemberPage {
        name: Name::shown(&schema::text(doc, key::NAME).unwrap_or_default(), UNNAMED_MEMBER),
        answers: doc.keys(ROOT).filter_map(answer).collect(),
    }
}

/// Gives a circle or a member another name. None if they have it.
pub fn set_name(document: &mut LiveDocument, at: UnixMillis, name: &Name) -> Result<Option<Edit>, EditError> {
    document.edit(at, |tx| set_text(tx, key::NAME, Some(name.as_str())))
}

/// Says what a circle is about. None if that is said already.
pub fn set_kind(
    document: &mut LiveDocument,
    at: UnixMillis,
    kind: CircleKind,
) -> Result<Option<Edit>, EditError> {
    document.edit(at, |tx| set_text(tx, key::KIND, Some(kind.as_str())))
}

/// Answers a plan on a member's page, or takes the answer back. None if it is so already.
pub fn answer(
    document: &mut LiveDocument,
    at: UnixMillis,
    plan: DocumentId,
    answer: Option<Answer>,
) -> Result<Option<Edit>, EditError> {
    document.edit(at, |tx| set_text(tx, &format!("{}{plan}", key::ANSWER), answer.map(Answer::as_str)))
}
