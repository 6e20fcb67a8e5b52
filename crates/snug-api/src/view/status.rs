//! This laptop, and who holds what.

use super::Wish;
use crate::spelling;
use serde::{Deserialize, Serialize};
use snug_types::{CircleId, DeviceId, MemberId, UnixMillis};
use std::net::SocketAddr;
use ts_rs::TS;

/// This laptop, and who holds what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Status {
    /// The name that its owner goes by where they chose no other.
    pub name: String,
    /// True while it can be found.
    pub online: bool,
    /// Laptops that it is connected to, over all circles.
    pub near: usize,
    /// Its circles, by name.
    pub circles: Vec<CircleStatus>,
    /// Its wishes to join that aren't decided, and those that were refused since it was opened.
    pub joining: Vec<Wish>,
}

/// Who holds what, in one circle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CircleStatus {
    /// The circle.
    #[serde(with = "spelling::id")]
    #[ts(type = "string")]
    pub id: CircleId,
    /// Its name; empty until its page is here.
    pub name: String,
    /// Current laptops of the circle, this one included.
    pub laptops: usize,
    /// Those that hold everything that is safe on this one, by their own signed word; this one included.
    pub holding: usize,
    /// The oldest word among those counted.
    #[serde(with = "spelling::maybe_millis")]
    #[ts(type = "number | null")]
    pub as_of: Option<UnixMillis>,
    /// Laptops of the circle that this one is connected to.
    pub near: usize,
    /// The circle's other laptops, one by one.
    pub others: Vec<OtherLaptop>,
    /// Where this laptop answers for the circle, for `--dial`.
    pub addresses: Vec<SocketAddr>,
    /// Laptops whose history split in two: copied, restored, or not honest.
    #[serde(with = "spelling::ids")]
    #[ts(type = "Array<string>")]
    pub split: Vec<DeviceId>,
    /// Why nothing can be written here, if so.
    pub stopped: Option<String>,
}

/// Another laptop of a circle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OtherLaptop {
    /// The laptop.
    #[serde(with = "spelling::id")]
    #[ts(type = "string")]
    pub device: DeviceId,
    /// Whose it is.
    pub person: String,
    /// True while it is connected.
    pub near: bool,
    /// When it last said that it holds all; `null` if it hasn't.
    #[serde(with = "spelling::maybe_millis")]
    #[ts(type = "number | null")]
    pub holds_all: Option<UnixMillis>,
}

/// "On N of M laptops, as of".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Holding {
    /// Current laptops of the circle.
    pub laptops: usize,
    /// Those that hold all of it, by their own signed word; this one included.
    pub holding: usize,
    /// The oldest word among those counted.
    #[serde(with = "spelling::maybe_millis")]
    #[ts(type = "number | null")]
    pub as_of: Option<UnixMillis>,
}

/// The laptops of a circle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Holders {
    /// Current laptops of the circle: this one first, then by whose they are.
    pub laptops: Vec<Holder>,
}

/// A laptop of a circle, and what it said to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Holder {
    /// The laptop.
    #[serde(with = "spelling::id")]
    #[ts(type = "string")]
    pub device: DeviceId,
    /// Whose it is.
    pub person: String,
    /// Who that is, in this circle alone.
    #[serde(with = "spelling::maybe_id")]
    #[ts(type = "string | null")]
    pub id: Option<MemberId>,
    /// True for this laptop.
    pub me: bool,
    /// True while it is connected; true for this one.
    pub near: bool,
    /// When it last said that it holds all that was asked about; `null` if it hasn't. For this laptop: now.
    #[serde(with = "spelling::maybe_millis")]
    #[ts(type = "number | null")]
    pub holds: Option<UnixMillis>,
}
