//! What happens on a laptop, as a stream: `{"event":"near","circle":"…","person":"Anna"}`.

use crate::spelling;
use crate::view::JoinState;
use serde::{Deserialize, Serialize};
use snug_types::{CircleId, DeviceId, DocumentId, InvitationId};
use tokio::sync::mpsc;
use ts_rs::TS;

/// Events on their way to a listener, until the laptop closes.
pub type Events = mpsc::Receiver<Event>;

/// Events that wait for a slow listener before it misses some.
pub(crate) const WAITING_EVENTS: usize = 256;

/// Something that happened. It carries ids; whoever shows it asks for names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A laptop of this circle was met.
    Near {
        /// The circle.
        #[serde(with = "spelling::id")]
        #[ts(type = "string")]
        circle: CircleId,
        /// Whose laptop.
        person: String,
    },
    /// It went.
    Gone {
        /// The circle.
        #[serde(with = "spelling::id")]
        #[ts(type = "string")]
        circle: CircleId,
        /// Whose laptop.
        person: String,
    },
    /// A note, a gathering or a page of the circle changed, here or elsewhere.
    Changed {
        /// The circle.
        #[serde(with = "spelling::id")]
        #[ts(type = "string")]
        circle: CircleId,
        /// What changed.
        #[serde(with = "spelling::id")]
        #[ts(type = "string")]
        document: DocumentId,
    },
    /// How a circle stands here changed: it came, it went, writing in it stopped or goes on.
    Circle {
        /// The circle.
        #[serde(with = "spelling::id")]
        #[ts(type = "string")]
        circle: CircleId,
    },
    /// Who is in the circle changed.
    People {
        /// The circle.
        #[serde(with = "spelling::id")]
        #[ts(type = "string")]
        circle: CircleId,
    },
    /// What is known of who holds what changed.
    Holding {
        /// The circle.
        #[serde(with = "spelling::id")]
        #[ts(type = "string")]
        circle: CircleId,
    },
    /// Somebody asks to come in.
    Asks {
        /// The circle.
        #[serde(with = "spelling::id")]
        #[ts(type = "string")]
        circle: CircleId,
        /// Their laptop.
        #[serde(with = "spelling::id")]
        #[ts(type = "string")]
        device: DeviceId,
        /// What they call themselves.
        name: String,
    },
    /// What became of this laptop's invitations to a circle: one was made, taken back or used, somebody was answered.
    Invitations {
        /// The circle.
        #[serde(with = "spelling::id")]
        #[ts(type = "string")]
        circle: CircleId,
    },
    /// A wish to join began, goes on, or ended.
    Join {
        /// The invitation.
        #[serde(with = "spelling::id")]
        #[ts(type = "string")]
        join: InvitationId,
        /// How it stands now.
        #[serde(flatten)]
        state: JoinState,
    },
    /// A wish to join was given up.
    JoinForgotten {
        /// The invitation.
        #[serde(with = "spelling::id")]
        #[ts(type = "string")]
        join: InvitationId,
    },
    /// A laptop's history split in two: copied, restored, or not honest.
    Split {
        /// The circle.
        #[serde(with = "spelling::id")]
        #[ts(type = "string")]
        circle: CircleId,
        /// The laptop.
        #[serde(with = "spelling::id")]
        #[ts(type = "string")]
        device: DeviceId,
    },
    /// The listener was slow and missed some.
    Missed {
        /// How many.
        count: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Refusal;

    #[test]
    fn events_are_flat_objects_and_read_back() {
        let event =
            Event::Join { join: InvitationId([1; 16]), state: JoinState::Refused { reason: Refusal::Used } };
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(
            json,
            r#"{"event":"join","join":"01010101010101010101010101010101","state":"refused","reason":"used"}"#
        );
        assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event);
    }
}
