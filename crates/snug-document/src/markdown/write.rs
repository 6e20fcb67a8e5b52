//! Markdown out.
//!
//! ```text
//! block → its text (spans, escape) → read back: is it the same? → its place among its neighbours → the page
//! page  → read back: are all blocks the same? → or with empty paragraphs around the literal ones → or without any
//! ```
//!
//! Blocks are parted by an empty line, items of one list by a line break. Lists that stand beside each other get
//! different bullets, so that they stay two.

use super::escape::Style;
use super::parse::read;
use super::{NOTHING, spans};
use crate::body::{Block, Blocks, Item, Kind, LIST_NUMBER, Marks, Run};
use std::collections::BTreeSet;

/// Writes a body as Markdown; one that isn't empty ends in a line break.
pub fn write(blocks: &Blocks) -> String {
    let whole = page(blocks);
    // Without literals each block is read as itself. Of what a literal one does to its neighbours there is no end.
    if !blocks.as_slice().iter().any(has_literals) || read(&whole) == *blocks {
        return whole;
    }
    let parted = parted(blocks);
    let written = page(&parted);
    if read(&written) == parted { written } else { page(&plain(blocks)) }
}

fn has_literals(block: &Block) -> bool {
    block.kind == Kind::Literal || block.runs.iter().any(|run| run.marks.literal)
}

/// An empty paragraph between each literal block and its neighbours.
fn parted(blocks: &Blocks) -> Blocks {
    let empty = Block { kind: Kind::Paragraph, runs: Vec::new() };
    let mut all: Vec<Block> = Vec::new();
    for block in blocks.as_slice() {
        let pair = all.last().map(|last| [last, block]);
        if pair.is_some_and(|p| p.iter().any(|b| b.kind == Kind::Literal) && !p.contains(&&empty)) {
            all.push(empty.clone());
        }
        all.push(block.clone());
    }
    Blocks::new(all)
}

/// The same words, none of them literal.
fn plain(blocks: &Blocks) -> Blocks {
    let paragraph = |kind| if kind == Kind::Literal { Kind::Paragraph } else { kind };
    let all = blocks.as_slice().iter();
    Blocks::new(all.map(|b| Block { kind: paragraph(b.kind), runs: without_literals(&b.runs) }).collect())
}

fn page(blocks: &Blocks) -> String {
    let blocks = blocks.as_slice();
    let mut page = Page { out: String::new(), lists: Vec::new(), before: Before::Nothing };
    for (i, block) in blocks.iter().enumerate() {
        match block.kind {
            Kind::Item(item) => page.item(item, block, beside(blocks, i)),
            Kind::Literal => page.literal(block, i + 1 == blocks.len()),
            Kind::Paragraph | Kind::Heading(_) => page.plain(block),
        }
    }
    if !page.out.is_empty() {
        page.out.push('\n');
    }
    page.out
}

/// What was written last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Other,
    Item {
        empty: bool,
        depth: u8,
    },
    /// A literal list, by its marker.
    LiteralList(char),
}

/// A list being written.
#[derive(Debug)]
struct List {
    numbered: bool,
    marker: char,
    number: u32,
    /// The column in which the text of its items begins.
    column: usize,
}

struct Page {
    out: String,
    lists: Vec<List>,
    before: Before,
}

impl Page {
    fn part(&mut self, by: &str) {
        if self.before != Before::Nothing {
            self.out.push_str(by);
        }
    }

    fn plain(&mut self, block: &Block) {
        self.part("\n\n");
        self.lists.clear();
        self.before = Before::Other;
        let prefix = match block.kind {
            Kind::Heading(level) => "#".repeat(level.into()),
            _ if block.runs.is_empty() => NOTHING.to_owned(),
            _ => String::new(),
        };
        self.out.push_str(&prefix);
        if !block.runs.is_empty() {
            if !prefix.is_empty() {
                self.out.push(' ');
            }
            self.out.push_str(&text(block, ""));
        }
    }

    fn literal(&mut self, block: &Block, last: bool) {
        let written = block.text();
        if !stands(&written, last) {
            let paragraph = Block { kind: Kind::Paragraph, runs: block.runs.clone() };
            return self.plain(&paragraph);
        }
        let marker = list_marker(&written);
        self.part("\n\n");
        self.lists.clear();
        self.before = marker.map_or(Before::Other, Before::LiteralList);
        self.out.push_str(&written);
    }

    fn item(&mut self, item: Item, block: &Block, avoid: Option<char>) {
        let depth = usize::from(item.depth);
        let deeper = matches!(self.before, Before::Item { depth: d, .. } if d < item.depth);
        self.lists.truncate(depth + 1);
        let same_kind = self.lists.get(depth).filter(|l| l.numbered == item.numbered);
        let goes_on = same_kind.is_some() && item.begins.is_none();
        if goes_on {
            let list = &mut self.lists[depth];
            list.number = (list.number + 1).min(LIST_NUMBER);
        } else {
            let taken = same_kind.map(|l| l.marker);
            let avoid = avoid.filter(|_| depth == 0);
            let literal = if let Before::LiteralList(m) = self.before { Some(m) } else { None };
            let markers: &[char] = if item.numbered { &['.', ')'] } else { &['-', '*', '+'] };
            let free = |m: &&char| ![taken, avoid, literal].contains(&Some(**m));
            let marker = markers.iter().find(free).copied().unwrap_or(markers[0]);
            self.lists.truncate(depth);
            let number = item.begins.unwrap_or(1);
            self.lists.push(List { numbered: item.numbered, marker, number, column: 0 });
        }

        let parted = match self.before {
            // An item without text takes what is inside it only from the very next line.
            Before::Item { empty: true, .. } if deeper => false,
            // An empty item or one that doesn't count from 1 can't interrupt a paragraph.
            Before::Item { .. } if deeper => block.runs.is_empty() || self.lists[depth].number != 1,
            Before::Item { .. } => !goes_on || block.runs.is_empty(),
            _ => true,
        };
        self.part(if parted { "\n\n" } else { "\n" });
        self.before = Before::Item { empty: block.runs.is_empty(), depth: item.depth };

        let start = depth.checked_sub(1).and_then(|d| self.lists.get(d)).map_or(0, |l| l.column);
        let list = &mut self.lists[depth];
        let marker =
            if list.numbered { format!("{}{}", list.number, list.marker) } else { list.marker.to_string() };
        list.column = start + marker.len() + 1;
        let indent = " ".repeat(list.column);
        self.out.push_str(&indent[..start]);
        self.out.push_str(&marker);
        if !block.runs.is_empty() {
            self.out.push(' ');
            self.out.push_str(&text(block, &indent));
        }
    }
}

/// The marker of a literal list that follows the items around a block.
fn beside(blocks: &[Block], at: usize) -> Option<char> {
    let next = blocks[at..].iter().find(|b| !matches!(b.kind, Kind::Item(_)))?;
    if next.kind == Kind::Literal { list_marker(&next.text()) } else { None }
}

/// The bullet, or the sign behind the number, that a text begins with if it is a list.
fn list_marker(text: &str) -> Option<char> {
    let line = text.trim_start_matches([' ', '\t']).lines().next()?;
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = rest.len() < line.len();
    let marker = rest.chars().next().filter(|c| if numbered { ".)" } else { "-*+" }.contains(*c))?;
    let after = rest.get(1..)?;
    // Without white space behind it, it begins a word; three alone are a rule.
    let rule = !numbered && marker != '+' && line.replace([' ', '\t'], "").len() >= 3;
    let rule = rule && line.chars().all(|c| [marker, ' ', '\t'].contains(&c));
    (!rule && (after.is_empty() || after.starts_with([' ', '\t']))).then_some(marker)
}

/// True if literal text is still one literal block that leaves alone what follows it, if something does.
fn stands(text: &str, last: bool) -> bool {
    let read = if last { read(text) } else { read(&format!("{text}\n\nx")) };
    let [literal, rest @ ..] = read.as_slice() else { return false };
    let left_alone = if last { rest.is_empty() } else { rest == [Block::plain(Kind::Paragraph, "x")] };
    left_alone && literal.kind == Kind::Literal && literal.text() == text
}

/// The text of a block, in the plainest spelling that is read back as it is.
fn text(block: &Block, indent: &str) -> String {
    let style = Style { heading: matches!(block.kind, Kind::Heading(_)), indent, careful: false };
    if block.runs.iter().all(|r| r.marks == Marks::default()) {
        return spans::nested(&block.runs, style);
    }
    let plain = without_literals(&block.runs);
    for runs in [&block.runs, &plain] {
        for spell in [spans::nested, spans::separate] {
            let written = spell(runs, style);
            if reads_as(&written, runs, style) {
                return written;
            }
        }
    }
    // Reached only if CommonMark's rules and this module disagree: the text is kept, its marks aren't.
    let bare: String = block.runs.iter().map(|r| r.text.as_str()).collect();
    spans::nested(&[Run { text: bare, marks: Marks::default() }], style)
}

fn without_literals(runs: &[Run]) -> Vec<Run> {
    let plain = |r: &Run| Run { text: r.text.clone(), marks: Marks { literal: false, ..r.marks.clone() } };
    let block = Block { kind: Kind::Paragraph, runs: runs.iter().map(plain).collect() };
    Blocks::new(vec![block]).as_slice().first().map(|b| b.runs.clone()).unwrap_or_default()
}

/// True if a spelling, in a block of its kind, is read as these runs.
fn reads_as(written: &str, runs: &[Run], style: Style<'_>) -> bool {
    let (first, indent) = match (style.heading, style.indent) {
        (true, _) => ("# ", ""),
        (false, "") => ("", ""),
        (false, indent) => ("- ", indent),
    };
    let lines: Vec<&str> = written.split('\n').collect();
    let lines = lines.iter().enumerate().map(|(i, line)| match i {
        0 => format!("{first}{line}"),
        _ if indent.is_empty() => (*line).to_owned(),
        _ => format!("  {}", line.strip_prefix(indent).unwrap_or(line)),
    });
    let mut page = lines.collect::<Vec<_>>().join("\n");
    // A footnote is referred to only where it is defined.
    let footnotes: BTreeSet<&str> = runs
        .iter()
        .filter(|r| r.marks.literal && r.text.starts_with("[^"))
        .map(|r| r.text.as_str())
        .collect();
    for footnote in &footnotes {
        page.extend(["\n\n", footnote, ": x"]);
    }
    match read(&page).as_slice() {
        [block, rest @ ..] => block.runs == runs && rest.len() == footnotes.len(),
        [] => false,
    }
}
