//! The documents of a circle: notes, plans and pages, held in Automerge and guarded against what others send.
//!
//! ```text
//! markdown ⇄ body ┐
//!            note ┤
//!            plan ┼→ live (one Automerge document) → Edit { raw changes } → sealed, signed, sent by others
//!            page ┘        ↑ admission ← guard ← raw changes out of entries
//! export ← views
//! ```
//!
//! Nothing here does I/O, reads a clock or draws a random number: actors and times come from the caller.
//!
//! # What is in the documents
//!
//! Flat on purpose. What merges is either one text or single values of the root map, so that there is no merge whose
//! result can't be shown; every view is a total function of whatever a document holds, and every foreign line is tamed
//! by [`Name::shown`](snug_types::Name::shown) or [`Title::shown`](snug_types::Title::shown).
//!
//! | document | root map |
//! | --- | --- |
//! | note | `title` text · `away` true · `body` Text |
//! | plan | `title`, `place` text · `at` text, `2026-12-01T18:00[Europe/Budapest]` · `away` true |
//! | circle's page | `name` text · `kind` text: `life`, `interest`, `values` |
//! | member's page | `name` text · `answer/` + plan's id: `yes`, `if-need-be`, `not-this-time` |
//!
//! Values are scalar strings, never text objects, except `body`.
//!
//! **A body** is one Automerge Text, always opened as UTF-16, with block markers (`split_block`) and marks, so that the
//! window can edit the same document through `@automerge/automerge`. Names are those of Automerge's rich text schema
//! where it has them; blocks are flat scalars of the marker's own map, without its `attrs` and `parents`, so that each
//! merges by itself:
//!
//! | marker's `type` | other keys | is |
//! | --- | --- | --- |
//! | `paragraph` | | a paragraph |
//! | `heading` | `level` 1–6 | a heading |
//! | `unordered-list-item` | `depth` 0–8 (absent: 0), `begins` | a bullet |
//! | `ordered-list-item` | `depth`, `begins`: the first number of a new list | a numbered item |
//! | `markdown` | | literal Markdown, its text verbatim |
//!
//! | mark | value | at its end | is |
//! | --- | --- | --- | --- |
//! | `strong`, `em` | true | grows | bold, italic |
//! | `link` | the target | doesn't | a link |
//! | `markdown` | true | doesn't | literal inline Markdown |
//!
//! # Example
//!
//! ```
//! use snug_document::{LiveDocument, markdown, note};
//! use snug_types::{ActorId, Title, UnixMillis};
//!
//! let (anna, ben, now) = (ActorId([1; 16]), ActorId([2; 16]), UnixMillis(1_790_000_000_000));
//! let body = markdown::parse("Bring *tea*.")?;
//! let (mut hers, edit) = note::create(anna, now, &Title::new("Walk")?, &body)?;
//!
//! let mut his = LiveDocument::new(ben);
//! let changes: Vec<&[u8]> = edit.changes.iter().map(Vec::as_slice).collect();
//! assert!(his.apply(&changes, anna).changed());
//!
//! note::append(&mut his, now, "And cake.")?;
//! assert_eq!(markdown::write(&note::view(&his).body), "Bring *tea*.\n\nAnd cake.\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod admission;
mod body;
pub mod export;
pub mod guard;
mod history;
mod live;
pub mod markdown;
pub mod note;
pub mod page;
mod payload;
pub mod plan;
mod replica;
mod root;
mod schema;
mod snapshot;
mod time;

pub use body::{Block, Blocks, HREF_BYTES, Href, Item, Kind, LIST_DEPTH, LIST_NUMBER, Marks, Run};
pub use live::{Applied, Edit, EditError, LiveDocument, Quarantined, Reason, WAITING_BYTES};
pub use payload::{decode_changes, encode_changes, payloads_of};
pub use replica::Unfit;
pub use snapshot::SnapshotError;
pub use time::{TimeError, ZonedTime};
