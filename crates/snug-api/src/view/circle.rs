//! Circles and their people.

use super::Wish;
use crate::spelling;
use serde::{Deserialize, Serialize};
use snug_types::{CircleId, MemberId};
use std::path::PathBuf;
use ts_rs::TS;

/// What brings a circle together. It only picks gentle defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A situation in life: parenthood, caring, money.
    Life,
    /// A shared interest: reading, walking, a craft.
    Interest,
    /// Shared values.
    Values,
}

/// Something new, by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NewCircle {
    /// The circle.
    #[serde(with = "spelling::id")]
    #[ts(type = "string")]
    pub id: CircleId,
}

/// The circles of this laptop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Circles {
    /// By name.
    pub circles: Vec<Circle>,
    /// Wishes to join that aren't decided, and those that were refused since Snug was opened.
    pub joining: Vec<Wish>,
}

/// A circle in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Circle {
    /// The circle.
    #[serde(with = "spelling::id")]
    #[ts(type = "string")]
    pub id: CircleId,
    /// Its name; empty until its page is here.
    pub name: String,
    /// What brings it together; `null` until its page is here.
    pub kind: Option<Kind>,
    /// How it stands here.
    pub state: CircleState,
    /// How many laptops ask to come in and wait for this one's answer.
    pub asking: usize,
}

/// How a circle stands on this laptop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
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

/// A circle that was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Left {
    /// How many other people it has; `null` where this laptop can't know.
    pub others: Option<usize>,
}

/// The people of a circle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct People {
    /// By name; those who left as well.
    pub people: Vec<Person>,
}

/// Somebody in a circle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Person {
    /// Who, in this circle alone.
    #[serde(with = "spelling::id")]
    #[ts(type = "string")]
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
    #[ts(type = "string | null")]
    pub added_by: Option<MemberId>,
}

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Exported {
    /// The folder.
    pub folder: PathBuf,
    /// Notes, as Markdown.
    pub notes: usize,
    /// Gatherings, as calendar files.
    pub plans: usize,
}
