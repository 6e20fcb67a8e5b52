//! Notes.

use super::{Block, Holding};
use crate::spelling;
use serde::{Deserialize, Serialize};
use snug_types::{DocumentId, UnixMillis};
use ts_rs::TS;

/// A new note or gathering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NewDocument {
    /// The note or gathering.
    #[serde(with = "spelling::id")]
    #[ts(type = "string")]
    pub id: DocumentId,
}

/// The notes of a circle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Notes {
    /// Those that changed last come first.
    pub notes: Vec<NoteSummary>,
}

/// A note in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NoteSummary {
    /// The note.
    #[serde(with = "spelling::id")]
    #[ts(type = "string")]
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// When it last changed, by the clock of whoever changed it.
    #[serde(with = "spelling::millis")]
    #[ts(type = "number")]
    pub changed: UnixMillis,
    /// True if it was put away.
    pub away: bool,
}

/// A note without its body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NoteHead {
    /// The note.
    #[serde(with = "spelling::id")]
    #[ts(type = "string")]
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// When it last changed.
    #[serde(with = "spelling::millis")]
    #[ts(type = "number")]
    pub changed: UnixMillis,
    /// True if it was put away.
    pub away: bool,
    /// Who holds its latest words.
    #[serde(flatten)]
    pub held: Holding,
}

/// A note, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Note {
    /// The note.
    #[serde(with = "spelling::id")]
    #[ts(type = "string")]
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its body as Markdown.
    pub markdown: String,
    /// Its body block after block.
    pub blocks: Vec<Block>,
    /// When it last changed.
    #[serde(with = "spelling::millis")]
    #[ts(type = "number")]
    pub changed: UnixMillis,
    /// True if it was put away.
    pub away: bool,
    /// Who holds its latest words.
    #[serde(flatten)]
    pub held: Holding,
}
