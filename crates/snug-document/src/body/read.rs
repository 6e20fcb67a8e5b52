//! Reading a body out of Automerge. Total: whatever a merge, a later version or a hostile member put there is blocks.
//!
//! A block marker is a map inside the text. One of an unknown type is a paragraph; keys that are missing or of the
//! wrong type are left out; unknown marks are no marks; text before the first marker is a paragraph without one;
//! what is neither text nor a marker shows as `U+FFFC`, as Automerge itself shows it.

use super::blocks::{Block, Blocks, Href, Item, Kind, Marks, Run, formed};
use super::width;
use crate::schema::{block, map_number, map_text, mark};
use automerge::hydrate::Map;
use automerge::marks::MarkSet;
use automerge::{ObjId, ReadDoc, ScalarValue, Span};

/// A block, where it stands in the text, and what its marker says.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    /// The place of its marker; none for text before the first.
    pub(crate) marker: Option<usize>,
    /// The place of its first character.
    pub(crate) start: usize,
    /// What its marker says, before [`Blocks`] brings it into form.
    pub(crate) raw: Kind,
    /// The block in its form.
    pub(crate) block: Block,
}

/// The blocks of a text.
pub(crate) fn slots(doc: &impl ReadDoc, body: &ObjId) -> Vec<Slot> {
    let mut places: Vec<(Option<usize>, usize, Kind)> = Vec::new();
    let mut blocks: Vec<Block> = Vec::new();
    let mut at = 0;
    for span in doc.spans(body).into_iter().flatten() {
        match span {
            Span::Block(marker) => {
                let kind = kind(&marker);
                places.push((Some(at), at + 1, kind));
                blocks.push(Block { kind, runs: Vec::new() });
                at += 1;
            }
            Span::Text { text, marks } => {
                if blocks.is_empty() {
                    places.push((None, at, Kind::Paragraph));
                    blocks.push(Block { kind: Kind::Paragraph, runs: Vec::new() });
                }
                at += width(&text);
                let marks = marks.map_or_else(Marks::default, |m| self::marks(&m));
                if let Some(block) = blocks.last_mut() {
                    block.runs.push(Run { text, marks });
                }
            }
        }
    }
    let slot = |((marker, start, raw), block)| Slot { marker, start, raw, block };
    places.into_iter().zip(formed(blocks)).map(slot).collect()
}

/// The body that a text holds.
pub(crate) fn read(doc: &impl ReadDoc, body: &ObjId) -> Blocks {
    Blocks::new(slots(doc, body).into_iter().map(|s| s.block).collect())
}

fn kind(marker: &Map) -> Kind {
    let small = |key| map_number(marker, key).map(|n| u8::try_from(n).unwrap_or(u8::MAX));
    let item = |numbered| {
        Kind::Item(Item {
            numbered,
            depth: small(block::DEPTH).unwrap_or(0),
            begins: map_number(marker, block::BEGINS),
        })
    };
    match map_text(marker, block::TYPE).as_deref() {
        Some(block::HEADING) => Kind::Heading(small(block::LEVEL).unwrap_or(1)),
        Some(block::BULLET) => item(false),
        Some(block::NUMBER) => item(true),
        Some(block::LITERAL) => Kind::Literal,
        _ => Kind::Paragraph,
    }
}

fn marks(set: &MarkSet) -> Marks {
    let mut marks = Marks::default();
    for (name, value) in set.iter() {
        let on = *value == ScalarValue::Boolean(true);
        match (name, value) {
            (mark::STRONG, _) => marks.strong = on,
            (mark::EM, _) => marks.em = on,
            (mark::LITERAL, _) => marks.literal = on,
            (mark::LINK, ScalarValue::Str(target)) => marks.link = Href::new(target),
            _ => {}
        }
    }
    marks
}
