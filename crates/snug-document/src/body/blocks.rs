//! The body of a note: flat blocks of marked text.
//!
//! A body is a list of [`Block`]s, one after the other, never one inside the other: an item of a list says how deep it
//! stands, and whoever shows it derives the tree from that. [`Blocks::new`] brings any list into the one form in which
//! a body is compared, written and shown; it can't fail, so neither can any document that a merge makes.

use std::fmt;

/// Levels of nested lists.
pub const LIST_DEPTH: u8 = 9;
/// The largest number of a numbered item: `CommonMark` reads nine digits.
pub const LIST_NUMBER: u32 = 999_999_999;
/// Bytes of a link's target.
pub const HREF_BYTES: usize = 2048;

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A paragraph.
    Paragraph,
    /// A heading of level 1 to 6.
    Heading(u8),
    /// An item of a list.
    Item(Item),
    /// Markdown that Snug has no block for yet, as it was written: quotes, code, tables, HTML.
    Literal,
}

/// An item of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item {
    /// Numbered; otherwise a bullet.
    pub numbered: bool,
    /// How many lists hold the list that it is in.
    pub depth: u8,
    /// Some where a list begins with it that doesn't begin by itself or doesn't count from 1: the first number.
    /// Bullets count from 1.
    pub begins: Option<u32>,
}

/// One block.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Block {
    /// What it is.
    pub kind: Kind,
    /// Its text, in runs of equal marks.
    pub runs: Vec<Run>,
}

/// Text under the same marks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Run {
    /// The text; never empty inside [`Blocks`].
    pub text: String,
    /// Its marks.
    pub marks: Marks,
}

/// The marks of a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Marks {
    /// Bold.
    pub strong: bool,
    /// Italic.
    pub em: bool,
    /// A link.
    pub link: Option<Href>,
    /// Inline Markdown that Snug has no mark for yet, as it was written: code, images, HTML, strikethrough.
    pub literal: bool,
}

/// The target of a link: one of the schemes that open something harmless.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Href(String);

impl Href {
    /// Takes a target that is `http:`, `https:`, `mailto:`, `tel:` or `snug:`, in one line that can be seen.
    pub fn new(target: &str) -> Option<Self> {
        let (scheme, rest) = target.split_once(':')?;
        let known = ["http", "https", "mailto", "tel", "snug"].iter().any(|s| scheme.eq_ignore_ascii_case(s));
        let deceives = |c: char| {
            c.is_control()
                || c.is_whitespace() && c != ' '
                || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{61C}')
        };
        let plain = !rest.is_empty() && target.trim() == target && !target.chars().any(deceives);
        (known && plain && target.len() <= HREF_BYTES).then(|| Self(target.to_owned()))
    }

    /// The target.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Href {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Block {
    /// A block of plain text.
    pub fn plain(kind: Kind, text: &str) -> Self {
        Self { kind, runs: vec![Run { text: text.to_owned(), marks: Marks::default() }] }
    }

    /// The text without its marks.
    pub fn text(&self) -> String {
        self.runs.iter().map(|r| r.text.as_str()).collect()
    }
}

/// The body of a note in its one form.
///
/// - Neighbouring runs differ in their marks, no run is empty.
/// - Headings have a level of 1 to 6.
/// - An item is at most one deeper than the item before it; the first item of a list is at depth 0.
/// - `begins` is some only where it says what isn't so without it.
/// - Literal blocks have text and no marks; `U+0000` is `U+FFFD`, as in Markdown.
/// - A body of one empty paragraph is empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Blocks(Vec<Block>);

impl Blocks {
    /// Brings any list of blocks into the one form.
    pub fn new(blocks: Vec<Block>) -> Self {
        let mut blocks = formed(blocks);
        if let [only] = &blocks[..]
            && only.kind == Kind::Paragraph
            && only.runs.is_empty()
        {
            blocks.clear();
        }
        Self(blocks)
    }

    /// The blocks.
    pub fn as_slice(&self) -> &[Block] {
        &self.0
    }

    /// True if there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of all blocks without any marks, a line for each: for search and for lists.
    pub fn plain_text(&self) -> String {
        let lines: Vec<String> = self.0.iter().map(Block::text).collect();
        lines.join("\n")
    }
}

/// The one form of each block, without that of the whole.
pub(crate) fn formed(blocks: impl IntoIterator<Item = Block>) -> Vec<Block> {
    let mut form = Form::default();
    blocks.into_iter().map(|b| form.block(b)).collect()
}

/// The lists that are open while a body is brought into form: for each depth, whether it is numbered.
#[derive(Debug, Clone, Default)]
pub(super) struct Form(Vec<bool>);

impl Form {
    fn block(&mut self, block: Block) -> Block {
        let runs = match block.kind {
            Kind::Literal => merged(block.runs.into_iter().map(|r| Run { marks: Marks::default(), ..r })),
            _ => merged(block.runs.into_iter()),
        };
        Block { kind: self.kind(block.kind, runs.is_empty()), runs }
    }

    /// What a block is, after the blocks before it.
    pub(super) fn kind(&mut self, kind: Kind, empty: bool) -> Kind {
        let Kind::Item(item) = kind else {
            self.0.clear();
            return match kind {
                Kind::Heading(level) => Kind::Heading(level.clamp(1, 6)),
                Kind::Literal if empty => Kind::Paragraph,
                kind => kind,
            };
        };
        let open = u8::try_from(self.0.len()).unwrap_or(LIST_DEPTH);
        let depth = item.depth.min(open).min(LIST_DEPTH - 1);
        self.0.truncate(usize::from(depth) + 1);
        let goes_on = self.0.get(usize::from(depth)) == Some(&item.numbered);
        self.0.truncate(usize::from(depth));
        self.0.push(item.numbered);
        let first = item.begins.map(|n| if item.numbered { n.min(LIST_NUMBER) } else { 1 });
        let begins = if goes_on { first } else { first.filter(|n| *n != 1) };
        Kind::Item(Item { numbered: item.numbered, depth, begins })
    }
}

/// Runs without empty ones and without equal neighbours.
fn merged(runs: impl Iterator<Item = Run>) -> Vec<Run> {
    let mut merged: Vec<Run> = Vec::new();
    for run in runs {
        let text = if run.text.contains('\0') { run.text.replace('\0', "\u{FFFD}") } else { run.text };
        match merged.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.marks == run.marks => last.text.push_str(&text),
            _ => merged.push(Run { text, marks: run.marks }),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(numbered: bool, depth: u8, begins: Option<u32>) -> Block {
        Block::plain(Kind::Item(Item { numbered, depth, begins }), "x")
    }

    #[test]
    fn targets_are_harmless() {
        for good in ["https://a.b/c?d=(e)#f", "mailto:a@b", "TEL:+36 1", "snug:abc", "http://a b"] {
            assert!(Href::new(good).is_some(), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc",
            "#a",
            "b/c",
            "http:",
            " http://a",
            "http://a\nb",
            "http://\u{202E}a",
        ] {
            assert!(Href::new(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn items_stand_on_items() {
        let blocks = Blocks::new(vec![
            item(false, 7, None),
            item(false, 7, None),
            item(true, 0, Some(1)),
            item(true, 0, Some(1)),
            item(false, 0, Some(5)),
        ]);
        let kinds: Vec<_> = blocks.as_slice().iter().map(|b| b.kind).collect();
        let i = |numbered, depth, begins| Kind::Item(Item { numbered, depth, begins });
        assert_eq!(
            kinds,
            [i(false, 0, None), i(false, 1, None), i(true, 0, None), i(true, 0, Some(1)), i(false, 0, None)]
        );
    }

    #[test]
    fn the_form_is_reached_at_once() {
        let blocks = vec![
            Block { kind: Kind::Heading(9), runs: vec![] },
            item(true, 3, Some(7)),
            item(true, 9, Some(0)),
            Block::plain(Kind::Literal, ""),
        ];
        let once = Blocks::new(blocks);
        assert_eq!(Blocks::new(once.as_slice().to_vec()), once);
        assert_eq!(Blocks::new(vec![Block::plain(Kind::Literal, "")]), Blocks::default());
    }
}
