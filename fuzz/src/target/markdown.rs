//! Markdown that somebody imports, and the texts of a note on the way out.

use snug_document::markdown::{parse, write};
use snug_document::{Block, Blocks, Kind};

/// What is written is read back, to the byte. Only text that stays as its own Markdown may be written plainly once, and
/// then it is that; no letter is lost on the way.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut blocks = parse(text).expect("short enough");
    if has_literals(&blocks) {
        let plainer = parse(&write(&blocks)).expect("not much longer");
        assert_eq!(letters(&plainer), letters(&blocks), "{text:?}");
        blocks = plainer;
    }
    let written = write(&blocks);
    let again = parse(&written).expect("not much longer");
    assert_eq!(again, blocks, "{written:?}");
    assert_eq!(write(&again), written);
}

fn has_literals(blocks: &Blocks) -> bool {
    let literal =
        |block: &Block| block.kind == Kind::Literal || block.runs.iter().any(|run| run.marks.literal);
    blocks.as_slice().iter().any(literal)
}

fn letters(blocks: &Blocks) -> String {
    blocks.plain_text().chars().filter(|c| c.is_alphanumeric()).collect()
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
