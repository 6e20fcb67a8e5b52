//! The body of a note as blocks of marked text. What isn't so is left out: `{"text":"tea"}` carries no mark.

use serde::{Deserialize, Serialize};
use std::ops::Not;
use ts_rs::TS;

/// One block: `{"kind":"heading","level":2,"runs":[{"text":"Next book"}]}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Block {
    /// What it is.
    #[serde(flatten)]
    pub kind: BlockKind,
    /// Its text, in runs of equal marks.
    pub runs: Vec<Run>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum BlockKind {
    /// A paragraph.
    Paragraph,
    /// A heading.
    Heading {
        /// From 1, the largest, to 6.
        level: u8,
    },
    /// An item of a list.
    Item {
        /// Numbered; otherwise a bullet.
        numbered: bool,
        /// How many lists hold the list that it is in.
        depth: u8,
        /// The number that a list begins with, where one begins here that doesn't begin by itself or not with 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        begins: Option<u32>,
    },
    /// Markdown that Snug has no block for yet, as it was written.
    Literal,
}

/// Text under the same marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Run {
    /// The text.
    pub text: String,
    /// Bold.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub strong: bool,
    /// Italic.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub em: bool,
    /// The target of a link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub link: Option<String>,
    /// Inline Markdown that Snug has no mark for yet, as it was written.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub literal: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_flat_and_carry_only_what_is_so() {
        let block = Block {
            kind: BlockKind::Item { numbered: true, depth: 0, begins: Some(3) },
            runs: vec![
                Run { text: "tea".into(), strong: true, em: false, link: None, literal: false },
                Run { text: " & cake".into(), strong: false, em: false, link: None, literal: false },
            ],
        };
        let json = serde_json::to_string(&block).unwrap();
        assert_eq!(
            json,
            r#"{"kind":"item","numbered":true,"depth":0,"begins":3,"runs":[{"text":"tea","strong":true},{"text":" & cake"}]}"#
        );
        assert_eq!(serde_json::from_str::<Block>(&json).unwrap(), block);
    }
}
