//! How a laptop stands on the network, and who its owner is.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a laptop stands on the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Network {
    /// False where its owner switched it off.
    pub wanted: bool,
    /// True while it can be found at some address.
    pub online: bool,
    /// The interfaces that are here now, by name.
    pub interfaces: Vec<NetworkInterface>,
    /// True where whoever is running was started with a list of them: which are used can't be set then.
    pub given: bool,
}

/// An interface of this laptop's system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NetworkInterface {
    /// The system's name for it.
    pub name: String,
    /// True if it is one of those that Snug uses when it is on the network.
    pub used: bool,
}

/// This laptop's owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Me {
    /// The name that they go by where they choose no other.
    pub name: String,
}
