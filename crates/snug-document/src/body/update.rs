//! Changing a body in Automerge with the smallest edit that gets there, so that what others write at the same time
//! survives beside it.
//!
//! ```text
//! blocks against blocks (diff) → in what differs: words and markers (diff) → in those: the characters between what is equal at both ends
//!   → splices, the last first → what the markers say → marks, only where they differ
//! ```
//!
//! A paragraph that is cut in two keeps its characters and gets a marker between them; a paragraph that becomes a
//! heading keeps everything and its marker says something else.

use super::blocks::{Block, Blocks, Form, Kind, Marks, formed};
use super::diff::diff;
use super::read::{Slot, slots};
use super::{EDIT_BLOCKS, width};
use crate::live::EditError;
use crate::schema::{block, mark};
use automerge::marks::{ExpandMark, Mark};
use automerge::transaction::{Transactable, Transaction};
use automerge::{AutomergeError, ObjId, ReadDoc, ScalarValue};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

type Done = Result<(), AutomergeError>;

/// Makes a text hold these blocks.
///
/// # Errors
/// [`EditError::TooLarge`] where more than [`EDIT_BLOCKS`] come; nothing is built of them then.
pub(crate) fn update(tx: &mut Transaction<'_>, body: &ObjId, new: &Blocks) -> Result<(), EditError> {
    let old = slots(tx, body);
    if Blocks::new(old.iter().map(|s| s.block.clone()).collect()) == *new {
        return Ok(());
    }
    splice(tx, body, &old, new.as_slice())?;
    let mut now = slots(tx, body);
    if set_kinds(tx, body, &now, new.as_slice())? {
        // What was a literal block may have marks that only show now.
        now = slots(tx, body);
    }
    Ok(set_marks(tx, body, &now, new.as_slice())?)
}

/// Adds paragraphs of plain text at the end, one for each line.
///
/// # Errors
/// [`EditError::TooLarge`] where they are more than [`EDIT_BLOCKS`].
pub(crate) fn append(tx: &mut Transaction<'_>, body: &ObjId, text: &str) -> Result<(), EditError> {
    bound(text.lines().count())?;
    let paragraphs: Vec<Block> = formed(text.lines().map(|line| Block::plain(Kind::Paragraph, line)));
    for paragraph in &paragraphs {
        let at = tx.length(body);
        let marker = tx.split_block(body, at)?;
        set_kind(tx, &marker, None, Kind::Paragraph)?;
        tx.splice_text(body, at + 1, 0, &paragraph.text())?;
    }
    // What the text before them is marked with may reach over its end.
    let now = slots(tx, body);
    Ok(set_marks(tx, body, &now[now.len().saturating_sub(paragraphs.len())..], &paragraphs)?)
}

fn bound(blocks: usize) -> Result<(), EditError> {
    if blocks > EDIT_BLOCKS { Err(EditError::TooLarge) } else { Ok(()) }
}

/// A marker or a word, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Token<'a> {
    Marker,
    Word(&'a str),
}

impl Token<'_> {
    fn width(&self) -> usize {
        match self {
            Self::Marker => 1,
            Self::Word(word) => width(word),
        }
    }
}

fn tokens<'a>(out: &mut Vec<Token<'a>>, marker: bool, text: &'a str) {
    if marker {
        out.push(Token::Marker);
    }
    out.extend(text.split_word_bounds().map(Token::Word));
}

/// One change of the text: so much goes, this comes.
struct Splice<'a> {
    at: usize,
    old: Vec<Token<'a>>,
    new: Vec<Token<'a>>,
}

/// Makes characters and markers those of the new blocks.
fn splice(tx: &mut Transaction<'_>, body: &ObjId, old: &[Slot], new: &[Block]) -> Result<(), EditError> {
    // Equal are blocks of equal text: kinds and marks come later.
    let texts = |blocks: Vec<&Block>| blocks.into_iter().map(Block::text).collect::<Vec<_>>();
    let old_texts = texts(old.iter().map(|s| &s.block).collect());
    let new_texts = texts(new.iter().collect());
    // A first block without a marker needs one, so it isn't equal to any.
    let old_keys: Vec<_> = old.iter().zip(&old_texts).map(|(s, t)| (s.marker.is_some(), t)).collect();
    let new_keys: Vec<_> = new_texts.iter().map(|t| (true, t)).collect();

    let mut splices = Vec::new();
    for (o, n) in diff(&old_keys, &new_keys) {
        let end = old.last().map_or(0, |s| s.start + width(&s.block.text()));
        let mut at = old.get(o.start).map_or(end, |s| s.marker.unwrap_or(s.start));
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for i in o {
            tokens(&mut before, old[i].marker.is_some(), &old_texts[i]);
        }
        for i in n {
            tokens(&mut after, true, &new_texts[i]);
        }
        let mut done = 0;
        for (o, n) in diff(&before, &after) {
            at += before[done..o.start].iter().map(Token::width).sum::<usize>();
            done = o.start;
            splices.push(Splice { at, old: before[o].to_vec(), new: after[n].to_vec() });
        }
    }
    bound(splices.iter().flat_map(|s| &s.new).filter(|token| **token == Token::Marker).count())?;
    for splice in splices.iter().rev() {
        splice.make(tx, body)?;
    }
    Ok(())
}

impl Splice<'_> {
    fn make(&self, tx: &mut Transaction<'_>, body: &ObjId) -> Done {
        let [old, new] = [&self.old, &self.new].map(|tokens| stretches(tokens));
        if let ([Some(old)], [Some(new)]) = (&old[..], &new[..]) {
            return replace(tx, body, self.at, old, new);
        }
        for stretch in &old {
            match stretch {
                None => tx.join_block(body, self.at)?,
                Some(text) => tx.splice_text(body, self.at, signed(width(text)), "")?,
            }
        }
        let mut at = self.at;
        for stretch in &new {
            match stretch {
                None => {
                    let marker = tx.split_block(body, at)?;
                    set_kind(tx, &marker, None, Kind::Paragraph)?;
                    at += 1;
                }
                Some(text) => {
                    tx.splice_text(body, at, 0, text)?;
                    at += width(text);
                }
            }
        }
        Ok(())
    }
}

/// Markers (none) and the text between them.
fn stretches(tokens: &[Token<'_>]) -> Vec<Option<String>> {
    let mut stretches: Vec<Option<String>> = Vec::new();
    for token in tokens {
        match (token, stretches.last_mut()) {
            (Token::Marker, _) => stretches.push(None),
            (Token::Word(word), Some(Some(text))) => text.push_str(word),
            (Token::Word(word), _) => stretches.push(Some((*word).to_owned())),
        }
    }
    stretches
}

/// Replaces only what lies between the equal beginnings and ends of two texts.
fn replace(tx: &mut Transaction<'_>, body: &ObjId, at: usize, old: &str, new: &str) -> Done {
    let prefix: usize =
        old.graphemes(true).zip(new.graphemes(true)).take_while(|(o, n)| o == n).map(|(o, _)| o.len()).sum();
    let (old_rest, new_rest) = (&old[prefix..], &new[prefix..]);
    let suffix: usize = old_rest
        .graphemes(true)
        .rev()
        .zip(new_rest.graphemes(true).rev())
        .take_while(|(o, n)| o == n)
        .map(|(o, _)| o.len())
        .sum();
    let gone = &old_rest[..old_rest.len() - suffix];
    let comes = &new_rest[..new_rest.len() - suffix];
    tx.splice_text(body, at + width(&old[..prefix]), signed(width(gone)), comes)
}

fn signed(n: usize) -> isize {
    isize::try_from(n).unwrap_or(isize::MAX)
}

/// Makes the markers say what the new blocks are, where they don't. True if one didn't.
fn set_kinds(
    tx: &mut Transaction<'_>,
    body: &ObjId,
    now: &[Slot],
    new: &[Block],
) -> Result<bool, AutomergeError> {
    let mut changed = false;
    // What a marker means depends on the lists that are open before it: on those of the new body, not of the old one.
    let mut form = Form::default();
    for (slot, block) in now.iter().zip(new) {
        let empty = block.runs.is_empty();
        let means = form.clone().kind(slot.raw, empty);
        form.kind(block.kind, empty);
        if means == block.kind {
            continue;
        }
        let Some(marker) = slot.marker else { continue };
        if let Some((_, id)) = tx.get(body, marker)? {
            set_kind(tx, &id, Some(slot.raw), block.kind)?;
            changed = true;
        }
    }
    Ok(changed)
}

/// What a marker says, key by key.
fn words(kind: Kind) -> [(&'static str, Option<ScalarValue>); 4] {
    let number = |n: u32| Some(ScalarValue::Uint(u64::from(n)));
    let (name, level, depth, begins) = match kind {
        Kind::Paragraph => (block::PARAGRAPH, None, None, None),
        Kind::Heading(level) => (block::HEADING, number(level.into()), None, None),
        Kind::Item(item) => {
            let name = if item.numbered { block::NUMBER } else { block::BULLET };
            let depth = if item.depth == 0 { None } else { number(item.depth.into()) };
            (name, None, depth, item.begins.and_then(number))
        }
        Kind::Literal => (block::LITERAL, None, None, None),
    };
    [(block::TYPE, Some(name.into())), (block::LEVEL, level), (block::DEPTH, depth), (block::BEGINS, begins)]
}

fn set_kind(tx: &mut Transaction<'_>, marker: &ObjId, old: Option<Kind>, new: Kind) -> Done {
    let old = old.map(words);
    for (i, (key, value)) in words(new).into_iter().enumerate() {
        if old.as_ref().is_some_and(|old| old[i].1 == value) {
            continue;
        }
        match value {
            Some(value) => tx.put(marker, key, value)?,
            None if tx.get(marker, key)?.is_some() => tx.delete(marker, key)?,
            None => {}
        }
    }
    Ok(())
}

/// Bold and italic go on where one types at their end; links and literal Markdown don't.
fn expand(name: &str) -> ExpandMark {
    match name {
        mark::STRONG | mark::EM => ExpandMark::After,
        _ => ExpandMark::None,
    }
}

const MARKS: [&str; 4] = [mark::STRONG, mark::EM, mark::LINK, mark::LITERAL];

fn values(marks: &Marks) -> [ScalarValue; 4] {
    let truth = |on| if on { ScalarValue::Boolean(true) } else { ScalarValue::Null };
    let link = marks.link.as_ref().map_or(ScalarValue::Null, |h| h.as_str().into());
    [truth(marks.strong), truth(marks.em), link, truth(marks.literal)]
}

/// Makes the marks those of the new blocks, where they aren't. The texts are equal by now.
fn set_marks(tx: &mut Transaction<'_>, body: &ObjId, now: &[Slot], new: &[Block]) -> Done {
    let mut wrong: Vec<(usize, Range<usize>, ScalarValue)> = Vec::new();
    for (slot, block) in now.iter().zip(new) {
        for (name, wrong_here) in wrong_marks(slot, block).into_iter().enumerate() {
            wrong.extend(wrong_here.into_iter().map(|(range, value)| (name, range, value)));
        }
    }
    for (name, range, value) in wrong {
        let name = MARKS[name];
        if value == ScalarValue::Null {
            tx.unmark(body, name, range.start, range.end, expand(name))?;
        } else {
            tx.mark(body, Mark::new(name.to_owned(), value, range.start, range.end), expand(name))?;
        }
    }
    Ok(())
}

/// For each mark the places in a block where it differs from what it should be.
fn wrong_marks(slot: &Slot, block: &Block) -> [Vec<(Range<usize>, ScalarValue)>; 4] {
    let runs = |block: &Block| -> Vec<(usize, [ScalarValue; 4])> {
        block.runs.iter().map(|r| (width(&r.text), values(&r.marks))).collect()
    };
    let mut wrong: [Vec<(Range<usize>, ScalarValue)>; 4] = Default::default();
    let (is, should) = (runs(&slot.block), runs(block));
    let (mut i, mut s) = (is.iter(), should.iter());
    let (mut is, mut should) = (i.next().cloned(), s.next().cloned());
    let mut at = slot.start;
    while let (Some((is_left, is_marks)), Some((should_left, should_marks))) = (&mut is, &mut should) {
        let step = (*is_left).min(*should_left);
        for (name, wrong) in wrong.iter_mut().enumerate() {
            if is_marks[name] != should_marks[name] {
                match wrong.last_mut() {
                    Some((range, value)) if range.end == at && *value == should_marks[name] => {
                        range.end = at + step;
                    }
                    _ => wrong.push((at..at + step, should_marks[name].clone())),
                }
            }
        }
        at += step;
        *is_left -= step;
        *should_left -= step;
        if *is_left == 0 {
            is = i.next().cloned();
        }
        if matches!(should, Some((0, _))) {
            should = s.next().cloned();
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown;
    use automerge::{Automerge, ObjType, ROOT, TextEncoding};

    /// What is refused was counted, not built.
    #[test]
    fn too_many_blocks_are_refused_before_they_are_made() {
        let mut doc = Automerge::new_with_encoding(TextEncoding::Utf16CodeUnit);
        let mut tx = doc.transaction();
        let body = tx.put_object(ROOT, "body", ObjType::Text).unwrap();
        update(&mut tx, &body, &markdown::parse("a\n").unwrap()).unwrap();
        let made = tx.pending_ops();
        let many = markdown::parse(&"a\n\n".repeat(EDIT_BLOCKS + 2)).unwrap();
        assert_eq!(update(&mut tx, &body, &many), Err(EditError::TooLarge));
        assert_eq!(append(&mut tx, &body, &"a\n".repeat(EDIT_BLOCKS + 1)), Err(EditError::TooLarge));
        assert_eq!(tx.pending_ops(), made);
    }

    /// A merge can leave a list with depths that skip one. What such a marker means changes with the items before it.
    #[test]
    fn depths_that_skip_one_are_set_right() {
        let mut doc = Automerge::new_with_encoding(TextEncoding::Utf16CodeUnit);
        let mut tx = doc.transaction();
        let body = tx.put_object(ROOT, "body", ObjType::Text).unwrap();
        for (depth, text) in [(0, "a"), (2, "c")] {
            let at = tx.length(&body);
            let marker = tx.split_block(&body, at).unwrap();
            tx.put(&marker, block::TYPE, block::BULLET).unwrap();
            tx.put(&marker, block::DEPTH, ScalarValue::Uint(depth)).unwrap();
            tx.splice_text(&body, at + 1, 0, text).unwrap();
        }
        let wanted = markdown::parse("- a\n  - x\n- c\n").unwrap();
        update(&mut tx, &body, &wanted).unwrap();
        let held = Blocks::new(slots(&tx, &body).into_iter().map(|slot| slot.block).collect());
        assert_eq!(markdown::write(&held), markdown::write(&wanted));
    }
}
