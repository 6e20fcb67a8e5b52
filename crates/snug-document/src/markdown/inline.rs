//! Text in: marks as marks, everything else literally.

use super::parse::{Piece, length};
use super::{NOTHING, escape};
use crate::body::{Href, Marks, Run};
use pulldown_cmark::{Event, LinkType, Tag, TagEnd};
use std::ops::Range;

const HARD_BREAK: &str = "\\\n";

/// The text of a block. In a heading, which is one line, line breaks of literal text are spaces.
pub(super) fn runs(source: &str, pieces: &[Piece<'_>], heading: bool) -> Vec<Run> {
    let mut text = Text { runs: Vec::new(), strong: 0, em: 0, link: None };
    let mut at = 0;
    while let Some((event, range)) = pieces.get(at) {
        let written = &source[range.clone()];
        let mut step = 1;
        match event {
            Event::Text(t) => text.plain(t),
            Event::SoftBreak => text.plain("\n"),
            Event::HardBreak => text.literal(if heading { "<br />" } else { HARD_BREAK }),
            Event::Start(Tag::Strong) => text.strong += 1,
            Event::End(TagEnd::Strong) => text.strong -= 1,
            Event::Start(Tag::Emphasis) => text.em += 1,
            Event::End(TagEnd::Emphasis) => text.em -= 1,
            Event::Start(Tag::Link { link_type, dest_url, title, .. }) => {
                let target = match link_type {
                    LinkType::Email => Href::new(&format!("mailto:{dest_url}")),
                    _ => Href::new(dest_url),
                };
                let length = length(&pieces[at..]);
                if target.is_some() && title.is_empty() && length > 2 {
                    text.link = target;
                } else {
                    let inner = pieces.get(at + 1..at + length - 1).unwrap_or_default();
                    text.literal(&one_line(
                        &alone("[", source, range, (*link_type, dest_url, title), inner),
                        heading,
                    ));
                    step = length;
                }
            }
            Event::Start(Tag::Image { link_type, dest_url, title, .. }) => {
                step = length(&pieces[at..]);
                let inner = pieces.get(at + 1..at + step - 1).unwrap_or_default();
                text.literal(&one_line(
                    &alone("![", source, range, (*link_type, dest_url, title), inner),
                    heading,
                ));
            }
            Event::End(TagEnd::Link) => text.link = None,
            Event::InlineHtml(html) if &**html == NOTHING => {}
            Event::TaskListMarker(done) => {
                text.literal(if *done { "[x] " } else { "[ ] " });
                // The space behind the box belongs to it.
                if let Some((Event::Text(t), _)) = pieces.get(at + 1) {
                    text.plain(t.trim_start_matches(' '));
                    step = 2;
                }
            }
            _ => {
                text.literal(&one_line(written, heading));
                step = length(&pieces[at..]);
            }
        }
        at += step;
    }
    // A break behind which nothing stands is none.
    while text.runs.last().is_some_and(|r| r.marks.literal && r.text == HARD_BREAK) {
        text.runs.pop();
    }
    text.runs
}

struct Text {
    runs: Vec<Run>,
    strong: u32,
    em: u32,
    link: Option<Href>,
}

impl Text {
    fn plain(&mut self, text: &str) {
        self.push(text, false);
    }

    fn literal(&mut self, text: &str) {
        self.push(text, true);
    }

    fn push(&mut self, text: &str, literal: bool) {
        let marks = Marks { strong: self.strong > 0, em: self.em > 0, link: self.link.clone(), literal };
        self.runs.push(Run { text: text.to_owned(), marks });
    }
}

/// A link or image as it was written, or with its target where it was only referred to: the definition may go.
fn alone(
    opening: &str,
    source: &str,
    range: &Range<usize>,
    (link_type, to, title): (LinkType, &str, &str),
    inner: &[Piece<'_>],
) -> String {
    if matches!(link_type, LinkType::Inline | LinkType::Autolink | LinkType::Email) {
        return source[range.clone()].to_owned();
    }
    let inner = match (inner.first(), inner.last()) {
        (Some((_, first)), Some((_, last))) => &source[first.start..last.end],
        _ => "",
    };
    let mut out = format!("{opening}{inner}](");
    escape::target(&mut out, to);
    if !title.is_empty() {
        out.push_str(" \"");
        for c in title.chars() {
            if matches!(c, '"' | '\\' | '&') {
                out.push('\\');
            }
            out.push(c);
        }
        out.push('"');
    }
    out.push(')');
    out
}

/// Literal text in one line, as far as its line breaks mean no more than a space.
fn one_line(written: &str, heading: bool) -> String {
    let mut out = String::with_capacity(written.len());
    let mut lines = written.lines().peekable();
    while let Some(line) = lines.next() {
        // What begins a further line is trimmed; what ends one may make it a hard break.
        let line = if out.is_empty() { line } else { line.trim_start() };
        let hard = line.ends_with('\\') || line.ends_with("  ");
        match lines.peek() {
            None => out.push_str(line),
            Some(_) if hard && heading => {
                out.push_str(line.trim_end_matches(['\\', ' ']));
                out.push_str("<br />");
            }
            Some(_) => {
                out.push_str(line);
                out.push(if hard { '\n' } else { ' ' });
            }
        }
    }
    out
}
