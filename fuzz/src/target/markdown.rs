//! Markdown that somebody imports, and the texts of a note on the way out.

use snug_document::Blocks;
use snug_document::markdown::{parse, write};

/// Once read, writing and reading changes nothing more: not the blocks, and not a byte of what is written.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let blocks = parse(text).expect("short enough");
    let written = write(&blocks);
    let again = parse(&written).unwrap_or_else(|_| Blocks::default());
    assert_eq!(again, blocks, "{written:?}");
    assert_eq!(write(&again), written);
}

/// A little of everything.
pub fn seeds() -> Vec<Vec<u8>> {
    [
        "# Title\n\nA *paragraph* of **strong [link](https://a.b/c)** text.\n\n- one\n  - two\n- three\n",
        "1. one\n2. two\n   1. three\n\n10) ten\n",
        "> quote\n> - in it\n\n```rust\nfn main() {}\n```\n\n    indented\n\n---\n",
        "| a | b |\n|---|:-:|\n| 1 | 2 |\n\n[^1]: note\n\n[a]: b \"c\"\n\n![i](j) `code` ~~no~~ <b>html</b>\n",
        "line\\\nbreak  \nand &amp; &#42; \\* <!-- --> <https://a.b> [x][a] - [ ] task\n\n<!-- -->\n\n<div>\n\nx</div>\n",
        "Setext\n===\n\nAnother\n---\n+ a\n\n  b\n* c\n",
        "é 字 👩‍👩‍👧 \u{a0}\u{301}**a**b*c*__d__ _e_f\n#\n- \n[a]: b\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}
