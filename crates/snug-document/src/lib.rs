//! snug-document
pub mod admission;
pub mod body;
pub mod export;
pub mod guard;
mod history;
pub mod live;
pub mod markdown;
pub mod note;
pub mod page;
mod payload;
pub mod plan;
mod root;
mod schema;
mod snapshot;
pub mod time;

pub use body::{Block, Blocks, Href, Item, Kind, Marks, Run};
pub use live::{Applied, Edit, EditError, LiveDocument, Quarantined, Reason};
pub use payload::{decode_changes, encode_changes};
pub use snapshot::SnapshotError;
pub use time::{TimeError, ZonedTime};
