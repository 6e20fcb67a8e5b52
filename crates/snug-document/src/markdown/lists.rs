//! Lists in: items that hold a paragraph and lists become items; any other list stays literal, whole.

use super::inline;
use super::parse::{Piece, length};
use crate::body::{Block, Item, Kind, LIST_DEPTH};
use pulldown_cmark::{Event, Tag};

/// The items of a list, given what is inside it; none if one of them holds something else.
pub(super) fn items(source: &str, first: Option<u64>, inner: &[Piece<'_>]) -> Option<Vec<Block>> {
    let mut blocks = Vec::new();
    list(source, first, 0, inner, &mut blocks)?;
    Some(blocks)
}

fn list(
    source: &str,
    first: Option<u64>,
    depth: u8,
    inner: &[Piece<'_>],
    blocks: &mut Vec<Block>,
) -> Option<()> {
    if depth >= LIST_DEPTH {
        return None;
    }
    let mut begins = Some(first.map_or(Some(1), |n| u32::try_from(n).ok())?);
    let mut rest = inner;
    while !rest.is_empty() {
        let n = length(rest);
        let kind = Kind::Item(Item { numbered: first.is_some(), depth, begins: begins.take() });
        item(source, kind, depth, rest.get(1..n.saturating_sub(1))?, blocks)?;
        rest = &rest[n..];
    }
    Some(())
}

fn item(source: &str, kind: Kind, depth: u8, inner: &[Piece<'_>], blocks: &mut Vec<Block>) -> Option<()> {
    // A loose item holds a paragraph, a tight one its text itself.
    let (text, mut rest) = if let Some((Event::Start(Tag::Paragraph), _)) = inner.first() {
        let n = length(inner);
        (inner.get(1..n - 1)?, &inner[n..])
    } else {
        let mut n = 0;
        while n < inner.len() && !is_block(&inner[n].0) {
            n += length(&inner[n..]);
        }
        inner.split_at(n)
    };
    blocks.push(Block { kind, runs: inline::runs(source, text, false) });
    while let Some((event, _)) = rest.first() {
        let Event::Start(Tag::List(first)) = event else { return None };
        let n = length(rest);
        list(source, *first, depth + 1, rest.get(1..n - 1)?, blocks)?;
        rest = &rest[n..];
    }
    Some(())
}

/// True if an event begins or is a block.
fn is_block(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => !matches!(
            tag,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
        ),
        Event::Rule | Event::Html(_) => true,
        _ => false,
    }
}
