//! Markdown in: events of pulldown-cmark to blocks.

use super::{NOTHING, inline, lists};
use crate::body::{Block, Blocks, Kind};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use snug_types::bound::MARKDOWN_BYTES;
use std::ops::Range;

/// Why a text isn't taken as Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MarkdownError {
    /// Too long. Any shorter text is Markdown.
    #[error("the text has {bytes} bytes, at most {bound} are allowed")]
    TooLong {
        /// How many it has.
        bytes: usize,
        /// How many are allowed.
        bound: usize,
    },
}

/// An event and the bytes that it comes from.
pub(super) type Piece<'a> = (Event<'a>, Range<usize>);

/// Reads Markdown.
///
/// # Errors
/// Only what is longer than `MARKDOWN_BYTES`.
pub fn parse(markdown: &str) -> Result<Blocks, MarkdownError> {
    let bytes = markdown.len();
    if bytes > MARKDOWN_BYTES {
        return Err(MarkdownError::TooLong { bytes, bound: MARKDOWN_BYTES });
    }
    Ok(read(markdown))
}

/// Reads Markdown of any length.
pub(super) fn read(markdown: &str) -> Blocks {
    let source = plain_lines(markdown);
    let pieces = Parser::new_ext(&source, options()).into_offset_iter();
    let mut definitions: Vec<Range<usize>> =
        pieces.reference_definitions().iter().map(|(_, d)| d.span.clone()).collect();
    definitions.sort_unstable_by_key(|d| d.start);
    let pieces: Vec<Piece<'_>> = pieces.collect();

    let mut blocks: Vec<(usize, Block)> = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        let mut range = pieces[at].1.clone();
        let mut inside = false;
        definitions.retain(|d| {
            // A definition at the left edge is in nothing, though a list's range may reach over it.
            let left = d.start == 0 || source[..d.start].ends_with('\n');
            let within = range.contains(&d.start) && !left;
            inside |= within;
            if range.contains(&d.start) && left && range.start < d.start {
                range.end = d.start;
            }
            !within
        });
        let mut found = Vec::new();
        at += block(&source, &pieces[at..], &range, inside, &mut found);
        blocks.extend(found.into_iter().map(|b| (range.start, b)));
    }
    blocks.extend(definitions.iter().map(|d| (d.start, literal(&source, d))));
    blocks.sort_by_key(|(start, _)| *start);
    Blocks::new(blocks.into_iter().map(|(_, b)| b).collect())
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
}

/// Lines that end in `\n` alone, without what Markdown can't hold.
fn plain_lines(markdown: &str) -> String {
    let text = markdown.strip_prefix('\u{FEFF}').unwrap_or(markdown);
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{FFFD}")
}

/// Reads the block at the beginning of the pieces and says how many of them it is.
fn block(
    source: &str,
    pieces: &[Piece<'_>],
    range: &Range<usize>,
    holds_definition: bool,
    blocks: &mut Vec<Block>,
) -> usize {
    let event = &pieces[0].0;
    let length = length(pieces);
    let inner = pieces.get(1..length.saturating_sub(1)).unwrap_or_default();
    match event {
        Event::Start(Tag::Paragraph) => {
            let runs = inline::runs(source, inner, false);
            // HTML that is inline only because of what stands before the paragraph, such as a definition.
            let html = runs.first().is_some_and(|r| r.marks.literal && r.text.starts_with('<'))
                && matches!(Parser::new(&source[range.clone()]).next(), Some(Event::Start(Tag::HtmlBlock)));
            blocks.push(if html { literal(source, range) } else { Block { kind: Kind::Paragraph, runs } });
        }
        Event::Start(Tag::Heading { level, .. }) => {
            let kind = Kind::Heading(*level as u8);
            blocks.push(Block { kind, runs: inline::runs(source, inner, true) });
        }
        Event::Start(Tag::List(first)) if !holds_definition => match lists::items(source, *first, inner) {
            Some(items) => blocks.extend(items),
            None => blocks.push(literal(source, range)),
        },
        Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => blocks.push(fenced(inner)),
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => blocks.push(closed(literal(source, range))),
        Event::Start(Tag::HtmlBlock) => match source[range.clone()].trim() {
            NOTHING => blocks.push(Block { kind: Kind::Paragraph, runs: Vec::new() }),
            // How it is indented means nothing.
            html => blocks.push(Block::plain(Kind::Literal, html)),
        },
        _ => blocks.push(literal(source, range)),
    }
    length
}

/// How many pieces an element is, from its start to its end.
pub(super) fn length(pieces: &[Piece<'_>]) -> usize {
    let mut depth = 0_usize;
    for (i, (event, _)) in pieces.iter().enumerate() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return i + 1;
        }
    }
    pieces.len()
}

/// A block as it was written, moved to the left edge where that means the same: it may come to stand behind a list,
/// whose text is indented.
fn literal(source: &str, range: &Range<usize>) -> Block {
    let line = source[..range.start].rfind('\n').map_or(0, |n| n + 1);
    let before = &source[line..range.start];
    let start = if before.chars().all(|c| c == ' ') { line } else { range.start };
    let written = source[start..range.end].trim_end_matches(['\n', ' ', '\t']);
    let inside = written.trim_start_matches(' ');
    let indent = written.len() - inside.len();
    if indent == 0 {
        return Block::plain(Kind::Literal, written);
    }
    let lines = inside.split('\n').enumerate();
    let all: Vec<String> = lines.map(|(i, l)| if i == 0 { l.to_owned() } else { moved(l, indent) }).collect();
    let all = all.join("\n");
    let same = |text: &str| Parser::new_ext(text, options()).eq(Parser::new_ext(written, options()));
    // A line that goes on lazily may begin something of its own once it is moved.
    let text = [all.as_str(), inside].into_iter().find(|text| same(text)).unwrap_or(written);
    Block::plain(Kind::Literal, text)
}

/// A line without so many columns of its indentation, as far as it has them.
fn moved(line: &str, columns: usize) -> String {
    let mut column = 0;
    for (at, c) in line.char_indices() {
        match c {
            _ if column >= columns => return format!("{}{}", " ".repeat(column - columns), &line[at..]),
            ' ' => column += 1,
            '\t' => column += 4 - column % 4,
            _ => return line[at..].to_owned(),
        }
    }
    " ".repeat(column.saturating_sub(columns))
}

/// Fenced code with its closing fence, which may be left out at the end of a text.
fn closed(code: Block) -> Block {
    let text = code.text();
    let fence = text.trim_start_matches(' ');
    let sign = fence.chars().next().unwrap_or('`');
    let length = fence.len() - fence.trim_start_matches(sign).len();
    let closes = |line: &str| {
        let line = line.trim();
        line.len() >= length && line.chars().all(|c| c == sign)
    };
    if text.lines().skip(1).last().is_some_and(closes) {
        return code;
    }
    Block::plain(Kind::Literal, &format!("{text}\n{}", sign.to_string().repeat(length)))
}

/// Indented code as fenced code, which means the same and doesn't depend on what stands before it.
fn fenced(inner: &[Piece<'_>]) -> Block {
    let code: String = inner
        .iter()
        .filter_map(|(event, _)| if let Event::Text(text) = event { Some(&**text) } else { None })
        .collect();
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let newline = if code.ends_with('\n') { "" } else { "\n" };
    Block::plain(Kind::Literal, &format!("{fence}\n{code}{newline}{fence}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_megabytes_are_refused_at_once() {
        let long = "x".repeat(10 << 20);
        assert_eq!(parse(&long), Err(MarkdownError::TooLong { bytes: 10 << 20, bound: MARKDOWN_BYTES }));
    }
}
