//! Markdown in and out: `CommonMark` with `GitHub`'s tables, strikethrough, tasks and footnotes recognised.
//!
//! ```text
//! Markdown → pulldown-cmark's events → blocks           parse.rs, inline.rs (in), lists.rs (in)
//! blocks   → escaped text between the right delimiters  write.rs, spans.rs (out), escape.rs (out)
//! ```
//!
//! What Snug has a block or a mark for becomes one. Everything else stays as its own literal text, verbatim: as a
//! [literal block](crate::Kind::Literal) (quotes, code, tables, HTML, rules, footnotes, link definitions, lists whose
//! items hold more than a paragraph and lists) or under a [literal mark](crate::Marks::literal) (inline code, images,
//! HTML, strikethrough, hard breaks, task boxes, links that have a title or lead somewhere Snug doesn't open).
//!
//! `parse(write(b)) == b` for every body without literals. Literal text that somebody edited until it isn't what it
//! was is written as plain text: it never takes its surroundings along. Two spellings of nothing carry what Markdown
//! can't say: `<!-- -->` alone is an empty paragraph, and inside a line it stands between marks that would run together.

mod escape;
mod inline;
mod lists;
mod parse;
mod spans;
mod write;

pub use parse::{MarkdownError, parse};
pub use write::write;

/// The comment that says nothing.
const NOTHING: &str = "<!-- -->";
