//! Open formats: notes as Markdown files, plans as calendar files (RFC 5545), and names that any system takes.

use crate::markdown;
use crate::note::NoteView;
use crate::plan::PlanView;
use snug_types::{DocumentId, UnixMillis};
use std::collections::BTreeSet;

/// Bytes of a file name, its ending left out: room for an ending under the 255 of every file system, and for folders
/// under the 260 of a Windows path.
const NAME_BYTES: usize = 96;
/// Bytes of a line in a calendar file, its line break left out (RFC 5545, section 3.1).
const LINE_BYTES: usize = 75;

/// A note as a Markdown file: its title as the first heading, then its body.
pub fn note_file(note: &NoteView) -> String {
    let title = crate::Block::plain(crate::Kind::Heading(1), note.title.as_str());
    let mut blocks = vec![title];
    blocks.extend_from_slice(note.body.as_slice());
    markdown::write(&crate::Blocks::new(blocks))
}

/// A plan as a calendar file of one event. `made` is when it is written.
///
/// The start is an instant in UTC, which every calendar reads alike; the agreed time on the wall and its zone stand
/// beside it as `X-SNUG-LOCAL`. A plan without a time is a `VTODO`, since an event must have one.
pub fn calendar_file(id: DocumentId, plan: &PlanView, made: UnixMillis) -> String {
    let component = if plan.at.is_some() { "VEVENT" } else { "VTODO" };
    let mut out = String::new();
    let mut line = |name: &str, value: &str| fold(&mut out, &format!("{name}:{value}"));
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//Snug//Snug//EN");
    line("BEGIN", component);
    line("UID", &format!("{id}@snug.invalid"));
    line("DTSTAMP", &utc(made));
    if let Some(at) = &plan.at {
        line("DTSTART", &utc(at.starts()));
        line("X-SNUG-LOCAL", &escaped(&at.to_string()));
    } else if let Some(written) = &plan.at_as_written {
        line("X-SNUG-LOCAL", &escaped(written.as_str()));
    }
    line("SUMMARY", &escaped(plan.title.as_str()));
    if let Some(place) = &plan.place {
        line("LOCATION", &escaped(place.as_str()));
    }
    line("END", component);
    line("END", "VCALENDAR");
    out
}

/// An instant as `20261201T170000Z`.
fn utc(at: UnixMillis) -> String {
    let millis = i64::try_from(at.0).unwrap_or(i64::MAX);
    let instant = jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::MAX);
    instant.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Text as a calendar value (RFC 5545, section 3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Writes a line, broken so that no part is longer than it may be and no character is cut.
fn fold(out: &mut String, line: &str) {
    let mut room = LINE_BYTES;
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            // The space that begins the next line counts.
            room = LINE_BYTES - 1;
        }
        out.push(c);
        room -= c.len_utf8();
    }
    out.push_str("\r\n");
}

/// File names that are safe on Windows, macOS and Linux, each given once.
#[derive(Debug, Default)]
pub struct FileNames(BTreeSet<String>);

impl FileNames {
    /// No name given yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A name for a title, with an ending such as `md`: the title where it can be, `-2`, `-3` … behind it where it was
    /// given before. Names that differ only in case or accents' spelling are one on some systems, and so here.
    pub fn give(&mut self, title: &str, ending: &str) -> String {
        let base = safe(title);
        for n in 1_usize.. {
            let name = if n == 1 { format!("{base}.{ending}") } else { format!("{base}-{n}.{ending}") };
            if self.0.insert(folded(&name)) {
                return name;
            }
        }
        base
    }
}

/// A title as a file name without ending: never empty, never hidden, never a device, never a path.
fn safe(title: &str) -> String {
    let mut name = String::new();
    for c in title.chars() {
        let c = match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
            c if c.is_control() || c.is_whitespace() => ' ',
            c => c,
        };
        if c == ' ' && name.ends_with(' ') {
            continue;
        }
        if name.len() + c.len_utf8() > NAME_BYTES {
            break;
        }
        name.push(c);
    }
    // A leading dot hides a file, a leading hyphen or tilde is read as something else, Windows drops dots at the end.
    let name = name.trim_start_matches(['.', ' ', '-', '~']).trim_end_matches(['.', ' ']);
    let first = name.split('.').next().unwrap_or(name).trim_end().to_ascii_uppercase();
    let device = matches!(first.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || (first.starts_with("COM") || first.starts_with("LPT"))
            && matches!(
                &first[3..],
                "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
            );
    match name {
        "" => "untitled".to_owned(),
        name if device => format!("_{name}"),
        name => name.to_owned(),
    }
}

/// A name as a file system that ignores case and the spelling of accents compares it.
fn folded(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.nfkd().flat_map(char::to_lowercase).nfkd().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ZonedTime;
    use snug_types::Title;

    fn plan(title: &str) -> PlanView {
        PlanView {
            title: Title::new(title).unwrap(),
            place: Some(Title::new("Café; by the door, \\o/").unwrap()),
            at: Some(ZonedTime::new("2026-12-01T18:00", "Europe/Budapest").unwrap()),
            at_as_written: None,
            away: false,
        }
    }

    #[test]
    fn a_plan_is_a_calendar_event() {
        let file = calendar_file(DocumentId([7; 16]), &plan("Walk"), UnixMillis(0));
        assert_eq!(
            file,
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Snug//Snug//EN\r\nBEGIN:VEVENT\r\n\
             UID:07070707070707070707070707070707@snug.invalid\r\nDTSTAMP:19700101T000000Z\r\n\
             DTSTART:20261201T170000Z\r\nX-SNUG-LOCAL:2026-12-01T18:00[Europe/Budapest]\r\nSUMMARY:Walk\r\n\
             LOCATION:Café\\; by the door\\, \\\\o/\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        let later = PlanView { at: None, at_as_written: Some(Title::new("soon").unwrap()), ..plan("Walk") };
        let file = calendar_file(DocumentId([7; 16]), &later, UnixMillis(0));
        assert!(file.contains("BEGIN:VTODO\r\n") && file.contains("X-SNUG-LOCAL:soon\r\n"));
    }

    #[test]
    fn long_lines_are_folded_between_characters() {
        let title = "字é🙂".repeat(60);
        let file = calendar_file(DocumentId([7; 16]), &plan(&title), UnixMillis(0));
        assert!(file.split("\r\n").all(|line| line.len() <= LINE_BYTES));
        assert!(file.replace("\r\n ", "").contains(&format!("SUMMARY:{title}\r\n")));
    }

    #[test]
    fn file_names_are_safe_everywhere() {
        let mut names = FileNames::new();
        for (title, name) in [
            ("Reading list", "Reading list.md"),
            ("reading LIST", "reading LIST-2.md"),
            ("../../etc/passwd", "etc-passwd.md"),
            (".hidden", "hidden.md"),
            ("-rf", "rf.md"),
            ("a:b*c?", "a-b-c-.md"),
            ("CON", "_CON.md"),
            ("com1.txt", "_com1.txt.md"),
            ("dots...", "dots.md"),
            ("...", "untitled.md"),
            ("", "untitled-2.md"),
            ("é", "é.md"),
            ("e\u{301}", "e\u{301}-2.md"),
        ] {
            assert_eq!(names.give(title, "md"), name);
        }
        assert!(names.give(&"字".repeat(200), "md").len() <= NAME_BYTES + 3);
    }
}
