//! Meeting plans: a title, a place, a time with its zone.
//!
//! The root map holds `title`, `place`, `at` (all text) and `away`. The time and its zone are one value, so that a
//! merge never pairs one member's hour with another's zone. Answers aren't here but on the page of whoever answers
//! (see [`page`](crate::page)), where nobody else can write.

use crate::live::{Edit, EditError, LiveDocument};
use crate::root::set_text;
use crate::schema::{self, key};
use crate::time::ZonedTime;
use snug_types::{ActorId, Title, UnixMillis};

/// What a plan without a title that can be shown is called.
pub const UNTITLED: &str = "Untitled";

/// What a new plan says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its title.
    pub title: Title,
    /// Where, if that is known.
    pub place: Option<Title>,
    /// When, if that is known.
    pub at: Option<ZonedTime>,
}

/// What is to be otherwise about a plan; what isn't given stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(clippy::option_option, reason = "what stays, what goes and what comes are three things")]
pub struct Change {
    /// Another title.
    pub title: Option<Title>,
    /// Another place, or none.
    pub place: Option<Option<Title>>,
    /// Another time, or none.
    pub at: Option<Option<ZonedTime>>,
}

/// A plan as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanView {
    /// Its title, or [`UNTITLED`].
    pub title: Title,
    /// Where.
    pub place: Option<Title>,
    /// When.
    pub at: Option<ZonedTime>,
    /// A time that is there and that this version can't read, such as one in a zone that is newer than it.
    pub at_as_written: Option<Title>,
    /// True if it was put away.
    pub away: bool,
}

/// A new plan, and the edit that makes it.
pub fn create(actor: ActorId, at: UnixMillis, plan: &Plan) -> Result<(LiveDocument, Edit), EditError> {
    let mut document = LiveDocument::new(actor);
    let edit = document.edit(at, |tx| {
        set_text(tx, key::TITLE, Some(plan.title.as_str()))?;
        set_text(tx, key::PLACE, plan.place.as_ref().map(Title::as_str))?;
        set_text(tx, key::AT, plan.at.as_ref().map(ToString::to_string).as_deref())
    })?;
    edit.map(|edit| (document, edit)).ok_or(EditError::NotHere)
}

/// The plan that a document holds, whatever it holds.
pub fn view(document: &LiveDocument) -> PlanView {
    let doc = &document.doc;
    let written = schema::text(doc, key::AT);
    let at = written.as_deref().and_then(ZonedTime::read);
    PlanView {
        title: Title::shown(&schema::text(doc, key::TITLE).unwrap_or_default(), UNTITLED),
        place: schema::text(doc, key::PLACE).and_then(|p| shown(&p)),
        at_as_written: if at.is_some() { None } else { written.and_then(|w| shown(&w)) },
        at,
        away: schema::truth(doc, key::AWAY),
    }
}

/// Changes a plan in one edit that touches nothing else. None if it is so already.
pub fn change(
    document: &mut LiveDocument,
    at: UnixMillis,
    change: &Change,
) -> Result<Option<Edit>, EditError> {
    if document.is_empty() {
        return Err(EditError::NotHere);
    }
    document.edit(at, |tx| {
        if let Some(title) = &change.title {
            set_text(tx, key::TITLE, Some(title.as_str()))?;
        }
        if let Some(place) = &change.place {
            set_text(tx, key::PLACE, place.as_ref().map(Title::as_str))?;
        }
        if let Some(time) = &change.at {
            set_text(tx, key::AT, time.as_ref().map(ToString::to_string).as_deref())?;
        }
        Ok(())
    })
}

/// Puts a plan away, or brings it back. None if it is so already.
pub fn put_away(document: &mut LiveDocument, at: UnixMillis, away: bool) -> Result<Option<Edit>, EditError> {
    document.put_truth(at, key::AWAY, away)
}

/// A foreign line as it is shown; none if nothing of it can be.
fn shown(text: &str) -> Option<Title> {
    let title = Title::shown(text, "");
    (!title.as_str().is_empty()).then_some(title)
}
