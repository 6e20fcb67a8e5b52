//! Names and titles: short single lines that people read, so nothing in them may deceive the eye.
//!
//! Refused are control characters, line and paragraph separators, and the bidirectional overrides and isolates with
//! which a name could dress up as another (Unicode Technical Report 36, section 2.9; "Trojan Source", CVE-2021-42574).
//! White space at the ends is taken off. Everything else, in every script, is left as it was written.

use crate::bound;
use std::fmt;

/// Why a text isn't a name or a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("it is empty")]
    Empty,
    /// Too long.
    #[error("it has {chars} characters, at most {bound} are allowed")]
    TooLong {
        /// How many it has.
        chars: usize,
        /// How many are allowed.
        bound: usize,
    },
    /// A character that can't be seen or that changes how its neighbours are read.
    #[error("it holds the character U+{:04X}, which can't be seen or changes how others are read", u32::from(*.0))]
    Forbidden(char),
}

/// True for characters that no single line of text may hold.
fn forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Bidirectional marks, embeddings, overrides and isolates.
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
            // Line and paragraph separators.
            | '\u{2028}' | '\u{2029}'
            // Zero-width space and no-break space; the joiners between letters stay, scripts and emoji need them.
            | '\u{200B}' | '\u{2060}' | '\u{FEFF}'
            // Deprecated format characters, interlinear annotations, tags.
            | '\u{206A}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// True if something of this character shows on paper.
fn visible(c: char) -> bool {
    !c.is_whitespace()
        && !matches!(c, '\u{200C}' | '\u{200D}' | '\u{00AD}' | '\u{034F}' | '\u{3164}' | '\u{2800}')
        && !matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{115F}' | '\u{1160}' | '\u{FFA0}')
}

fn clean(text: &str, bound: usize) -> Result<String, TextError> {
    let text = text.trim();
    // Counted only as far as needed: the text may be huge.
    let chars = text.chars().take(bound + 1).count();
    if chars > bound {
        return Err(TextError::TooLong { chars: text.chars().count(), bound });
    }
    if let Some(c) = text.chars().find(|c| forbidden(*c)) {
        return Err(TextError::Forbidden(c));
    }
    if !text.chars().any(visible) {
        return Err(TextError::Empty);
    }
    Ok(text.to_owned())
}

/// What a foreign text shows as: its forbidden characters dropped, cut at the bound. Never fails; may be empty.
fn tame(text: &str, bound: usize) -> String {
    let kept: String = text.chars().filter(|c| !forbidden(*c)).take(bound).collect();
    kept.trim().to_owned()
}

macro_rules! line {
    ($(#[$doc:meta])* $name:ident, $bound:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Checks what a person typed.
            pub fn new(text: &str) -> Result<Self, TextError> {
                clean(text, $bound).map(Self)
            }

            /// Shows what another laptop wrote: never an error, the forbidden dropped, `fallback` where nothing is left.
            pub fn shown(text: &str, fallback: &str) -> Self {
                Self::new(&tame(text, $bound)).unwrap_or_else(|_| Self(fallback.to_owned()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

line!(
    /// The name of a person or a circle.
    Name, bound::NAME_CHARS
);
line!(
    /// The title of a note or a gathering, or a place.
    Title, bound::TITLE_CHARS
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_every_script_and_refuse_what_deceives() {
        for good in ["Anna", "  Éva ", "नेहा", "👩‍👩‍👧", "دوست", "O’Brien-Müller"]
        {
            assert_eq!(Name::new(good).map(|n| n.to_string()), Ok(good.trim().to_owned()));
        }
        assert_eq!(Name::new(" \u{3000}\t"), Err(TextError::Empty));
        assert_eq!(Name::new("\u{200D}"), Err(TextError::Empty));
        for bad in ["a\nb", "a\u{202E}b", "a\u{2066}b", "a\0b", "a\u{1b}[2Jb", "a\u{200B}b"] {
            assert!(matches!(Name::new(bad), Err(TextError::Forbidden(_))), "{bad:?}");
        }
        assert!(Name::new(&"x".repeat(80)).is_ok());
        assert_eq!(Name::new(&"x".repeat(81)), Err(TextError::TooLong { chars: 81, bound: 80 }));
    }

    #[test]
    fn foreign_names_always_show() {
        assert_eq!(Name::shown("An\u{202E}na", "?").as_str(), "Anna");
        assert_eq!(Name::shown("\u{202E}\n", "someone").as_str(), "someone");
        assert_eq!(Name::shown(&"é".repeat(500), "?").as_str().chars().count(), 80);
    }
}
