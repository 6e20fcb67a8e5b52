//! Marks out: runs between the delimiters that mean their marks.
//!
//! Whether `*` opens or closes depends on the characters beside it, so no one spelling fits everywhere. The plain way
//! nests the delimiters as a person would. Where reading that back gives something else, the careful way writes every
//! run by itself, `<!-- -->` between them: there each opening delimiter follows the beginning of the line or
//! punctuation and each closing one precedes the end or punctuation, which is enough for both (`CommonMark` 0.31, 6.2).

use super::NOTHING;
use super::escape::{Stretch, Style, escape, target};
use crate::body::{Marks, Run};

/// Writes runs with their delimiters nested.
pub(super) fn nested(runs: &[Run], style: Style<'_>) -> String {
    let mut out = String::new();
    let mut open: Vec<Delimiter> = Vec::new();
    for (i, run) in runs.iter().enumerate() {
        let wanted = delimiters(&run.marks);
        let keep = open.iter().take_while(|d| wanted.contains(d)).count();
        close(&mut out, &mut open, keep);
        let mut opening: Vec<(usize, Delimiter)> = wanted
            .into_iter()
            .filter(|d| !open.contains(d))
            .map(|d| (runs[i..].iter().take_while(|r| delimiters(&r.marks).contains(&d)).count(), d))
            .collect();
        // What goes on the longest is outermost.
        opening.sort_by(|(a, _), (b, _)| b.cmp(a));
        for (_, delimiter) in opening {
            delimiter.open(&mut out);
            open.push(delimiter);
        }
        text(&mut out, runs, i, style);
    }
    close(&mut out, &mut open, 0);
    out
}

/// Writes every run by itself.
pub(super) fn separate(runs: &[Run], style: Style<'_>) -> String {
    let mut out = String::new();
    for (i, run) in runs.iter().enumerate() {
        if i > 0 {
            out.push_str(NOTHING);
        }
        let mut open = Vec::new();
        for delimiter in delimiters(&run.marks) {
            delimiter.open(&mut out);
            open.push(delimiter);
        }
        text(&mut out, runs, i, Style { careful: true, ..style });
        close(&mut out, &mut open, 0);
    }
    out
}

fn text(out: &mut String, runs: &[Run], i: usize, style: Style<'_>) {
    let run = &runs[i];
    if run.marks.literal {
        out.push_str(&run.text.replace('\n', &format!("\n{}", style.indent)));
        return;
    }
    let before = i.checked_sub(1).and_then(|b| runs[b].text.chars().next_back());
    let after = runs.get(i + 1).and_then(|r| r.text.chars().next());
    let ends_at_mark = i + 1 < runs.len();
    escape(out, Stretch { before, text: &run.text, after, ends_at_mark }, style);
}

fn close(out: &mut String, open: &mut Vec<Delimiter>, keep: usize) {
    for delimiter in open.drain(keep..).rev() {
        delimiter.close(out);
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Delimiter {
    Link(String),
    Strong,
    Em,
}

fn delimiters(marks: &Marks) -> Vec<Delimiter> {
    let link = marks.link.as_ref().map(|h| Delimiter::Link(h.as_str().to_owned()));
    let strong = marks.strong.then_some(Delimiter::Strong);
    let em = marks.em.then_some(Delimiter::Em);
    [link, strong, em].into_iter().flatten().collect()
}

impl Delimiter {
    fn open(&self, out: &mut String) {
        out.push_str(match self {
            Self::Link(_) => "[",
            Self::Strong => "**",
            Self::Em => "*",
        });
    }

    fn close(&self, out: &mut String) {
        match self {
            Self::Link(href) => {
                out.push_str("](");
                target(out, href);
                out.push(')');
            }
            Self::Strong => out.push_str("**"),
            Self::Em => out.push('*'),
        }
    }
}
