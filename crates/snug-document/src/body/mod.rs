//! The body of a note: what it is, how it stands in Automerge, how it is changed.
//!
//! ```text
//! Markdown ⇄ Blocks ⇄ one Automerge text with block markers and marks
//!            blocks.rs            read.rs →
//!                                 ← update.rs (diff.rs)
//! ```

mod blocks;
mod diff;
mod read;
mod update;

pub use blocks::{Block, Blocks, HREF_BYTES, Href, Item, Kind, LIST_DEPTH, LIST_NUMBER, Marks, Run};
pub(crate) use read::read;
pub(crate) use update::{append, update};

use snug_types::bound::MARKDOWN_BYTES;

/// Bytes of text that one edit may bring.
pub(crate) const EDIT_BYTES: usize = MARKDOWN_BYTES;
/// Blocks that one edit may bring. Each takes some forty bytes of a change, so more never fit an entry; to find that out by
/// building them would take a hundred thousand short paragraphs many seconds.
pub(crate) const EDIT_BLOCKS: usize = 1 << 15;

/// How long a text is where Automerge counts, in UTF-16 code units.
pub(crate) fn width(text: &str) -> usize {
    text.encode_utf16().count()
}
