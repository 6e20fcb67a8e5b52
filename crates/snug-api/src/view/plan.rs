//! Gatherings.

use super::Holding;
use crate::spelling;
use serde::{Deserialize, Serialize};
use snug_types::{DocumentId, MemberId, UnixMillis};
use ts_rs::TS;

/// The gatherings of a circle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Plans {
    /// By time, those without one last.
    pub plans: Vec<PlanSummary>,
}

/// A gathering in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanSummary {
    /// The gathering.
    #[serde(with = "spelling::id")]
    #[ts(type = "string")]
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// When it is.
    pub at: Option<PlanTime>,
    /// Where it is.
    pub place: Option<String>,
    /// What this laptop's owner answered; `null` if nothing.
    pub mine: Option<Answer>,
    /// When it last changed.
    #[serde(with = "spelling::millis")]
    #[ts(type = "number")]
    pub changed: UnixMillis,
    /// True if it was put away.
    pub away: bool,
}

/// A time in a zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanTime {
    /// The time on a clock there: `2026-12-01T18:00`.
    pub local: String,
    /// The zone, by its IANA name.
    pub zone: String,
    /// The instant.
    #[serde(with = "spelling::millis")]
    #[ts(type = "number")]
    pub instant: UnixMillis,
    /// How far the clocks there are from UTC then: `+02:00`.
    pub offset: Option<String>,
    /// True if the clocks there show this time twice, because they are put back; the first time is meant.
    pub twice: bool,
}

/// A gathering, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Plan {
    /// The gathering.
    #[serde(with = "spelling::id")]
    #[ts(type = "string")]
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
    #[ts(type = "number")]
    pub changed: UnixMillis,
    /// True if it was put away.
    pub away: bool,
    /// Who holds its latest words.
    #[serde(flatten)]
    pub held: Holding,
}

/// Somebody's answer to a gathering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PersonAnswer {
    /// Their name.
    pub person: String,
    /// Who, in this circle alone.
    #[serde(with = "spelling::id")]
    #[ts(type = "string")]
    pub id: MemberId,
    /// True for this laptop's owner.
    pub me: bool,
    /// Their answer; `null` is silence, and an answer too.
    pub answer: Option<Answer>,
}

/// An answer to a gathering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Gladly.
    Yes,
    /// If it helps the others.
    IfNeedBe,
    /// Not this time; no reason needed.
    NotThisTime,
}
