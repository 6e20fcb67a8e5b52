//! Notes that the window made, and notes made here that the window reads: both show them alike.
//!
//! The notes and how they are written down: `ui/packages/binding/fixtures/README.md`.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

use snug_document::guard::check_change;
use snug_document::{Block, Kind, LiveDocument, note};
use snug_types::ActorId;
use std::fmt::Write as _;
use std::path::Path;

/// Bytes of a chunk before its length: magic, checksum and type.
const HEAD: usize = 9;

/// Raw changes that stand one after the other.
fn changes(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut changes = Vec::new();
    while !bytes.is_empty() {
        let (mut length, mut at) = (0, HEAD);
        loop {
            length |= usize::from(bytes[at] & 0x7f) << (7 * (at - HEAD));
            at += 1;
            if bytes[at - 1] & 0x80 == 0 {
                break;
            }
        }
        let (change, rest) = bytes.split_at(at + length);
        changes.push(change);
        bytes = rest;
    }
    changes
}

fn line(block: &Block) -> String {
    let mut line = match block.kind {
        Kind::Paragraph => "p".to_owned(),
        Kind::Heading(level) => format!("h{level}"),
        Kind::Item(item) => {
            let name = if item.numbered { "number" } else { "bullet" };
            let from = item.begins.map(|n| format!(" from {n}")).unwrap_or_default();
            format!("{name} {}{from}", item.depth)
        }
        Kind::Literal => "literal".to_owned(),
    };
    for (i, run) in block.runs.iter().enumerate() {
        line.push_str(if i == 0 { " [" } else { "[" });
        for (mark, name) in
            [(run.marks.strong, "strong "), (run.marks.em, "em "), (run.marks.literal, "literal ")]
        {
            line.push_str(if mark { name } else { "" });
        }
        if let Some(href) = &run.marks.link {
            write!(line, "link {} ", serde_json::to_string(href.as_str()).unwrap()).unwrap();
        }
        write!(line, "{}]", serde_json::to_string(&run.text).unwrap()).unwrap();
    }
    line
}

#[test]
fn the_core_shows_the_windows_notes_as_the_window_does() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/packages/binding/fixtures");
    let mut read = 0;
    for entry in std::fs::read_dir(&dir).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "changes") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let mut document = LiveDocument::new(ActorId([9; 16]));
        for change in changes(&bytes) {
            let info = check_change(change).unwrap();
            let applied = document.apply(&[change], info.actor);
            assert!(applied.quarantined.is_empty(), "{}: {:?}", path.display(), applied.quarantined);
        }
        let body = note::view(&document).body;
        let shown: Vec<String> = body.as_slice().iter().map(line).collect();
        let expected = std::fs::read_to_string(path.with_extension("txt")).unwrap();
        assert_eq!(shown, expected.lines().collect::<Vec<_>>(), "{}", path.display());
        read += 1;
    }
    assert!(read >= 9, "{read} notes");
}
