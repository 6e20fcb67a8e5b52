//! What a person means by a name or a shortened id.
//!
//! ```text
//! "Reading", "3fa9" → [exact name] ∪ [id begins so] → one: that · none: not found · several: ambiguous, all listed
//! ```
//!
//! A whole id means itself, whatever things are named: nothing is looked through for it.

use crate::error::{ApiError, Candidate, ErrorCode};
use std::fmt::Display;
use std::str::FromStr;

/// What has no name, and goes by its id alone.
pub(crate) const INVITATION: &str = "invitation";

/// Candidates that an ambiguity lists.
const LISTED: usize = 12;

/// Something that can be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named<T> {
    pub(crate) id: T,
    pub(crate) name: String,
    /// Put away or over: meant by its name only where nothing else has it.
    pub(crate) aside: bool,
}

/// The whole id that this is, if it is one.
pub(crate) fn whole<T: FromStr>(text: &str) -> Option<T> {
    text.trim().parse().ok()
}

/// The one of these that `text` means. `what` and `missing` are for the sentence and the code of a failure.
pub(crate) fn find<T: Copy + Display>(
    text: &str,
    among: &[Named<T>],
    what: &'static str,
    missing: ErrorCode,
) -> Result<T, ApiError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(ApiError::new(
            missing,
            match what {
                INVITATION => format!("say which {what}, by the beginning of its id"),
                _ => format!("say which {what}, by its name or the beginning of its id"),
            },
        ));
    }
    let present = among.iter().any(|named| !named.aside && named.name == text);
    let called = |named: &Named<T>| named.name == text && (!named.aside || !present);
    let meant: Vec<(String, &Named<T>)> = among
        .iter()
        .map(|named| (named.id.to_string(), named))
        .filter(|(id, named)| called(named) || id.starts_with(text))
        .collect();
    match meant.as_slice() {
        [(_, one)] => Ok(one.id),
        [] => {
            let said = match what {
                INVITATION => "whose id begins with",
                _ => "called",
            };
            Err(ApiError::new(missing, format!("there is no {what} {said} “{}” here", shortened(text))))
        }
        several => Err(ApiError {
            code: ErrorCode::Ambiguous,
            message: format!(
                "“{}” may mean {} different {what}s; use more of the id",
                shortened(text),
                several.len()
            ),
            candidates: several
                .iter()
                .take(LISTED)
                .map(|(id, named)| Candidate { id: id.clone(), name: named.name.clone() })
                .collect(),
        }),
    }
}

/// What somebody typed, short enough for a sentence.
pub(crate) fn shortened(text: &str) -> String {
    const SHOWN: usize = 40;
    let plain = |c: char| if c.is_control() { '\u{FFFD}' } else { c };
    let mut shown: String = text.chars().take(SHOWN).map(plain).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use snug_types::DocumentId;

    fn named(byte: u8, name: &str) -> Named<DocumentId> {
        Named { id: DocumentId([byte; 16]), name: name.into(), aside: false }
    }

    fn look(text: &str, among: &[Named<DocumentId>]) -> Result<u8, ErrorCode> {
        find(text, among, "note", ErrorCode::NotFound).map(|id| id.0[0]).map_err(|e| e.code)
    }

    #[test]
    fn names_and_beginnings_of_ids_find() {
        let notes = [named(0xab, "Walk"), named(0xac, "Books"), named(0x1c, "ab")];
        assert_eq!(look("Books", &notes), Ok(0xac));
        assert_eq!(look(" Books ", &notes), Ok(0xac));
        assert_eq!(look("abab", &notes), Ok(0xab));
        assert_eq!(look("1", &notes), Ok(0x1c));
        assert_eq!(look("books", &notes), Err(ErrorCode::NotFound), "names are exact");
        assert_eq!(look("", &notes), Err(ErrorCode::NotFound), "nothing isn't everything");
    }

    #[test]
    fn what_may_mean_several_things_is_told_and_lists_them() {
        let notes = [named(0xab, "Walk"), named(0xac, "Walk"), named(0x1c, "ab")];
        assert_eq!(look("a", &notes), Err(ErrorCode::Ambiguous));
        assert_eq!(look("ab", &notes), Err(ErrorCode::Ambiguous), "a name and an id");
        let error = find("Walk", &notes, "note", ErrorCode::NotFound).unwrap_err();
        let ids: Vec<&str> = error.candidates.iter().map(|c| &c.id[..2]).collect();
        assert_eq!(ids, ["ab", "ac"]);
    }

    #[test]
    fn only_a_whole_id_is_one() {
        let id = DocumentId([0xab; 16]);
        assert_eq!(whole(&format!(" {id}\n")), Some(id));
        assert_eq!(whole::<DocumentId>(&id.to_string()[1..]), None);
    }

    #[test]
    fn what_was_put_away_gives_way() {
        let mut notes = [named(0xab, "Walk"), named(0xac, "Walk")];
        notes[0].aside = true;
        assert_eq!(look("Walk", &notes), Ok(0xac));
        assert_eq!(look("ab", &notes), Ok(0xab));
        notes[1].aside = true;
        assert_eq!(look("Walk", &notes), Err(ErrorCode::Ambiguous));
    }

    #[test]
    fn a_huge_name_makes_no_huge_sentence() {
        let error =
            find(&"x\u{1b}".repeat(5000), &[named(1, "Walk")], "note", ErrorCode::NotFound).unwrap_err();
        assert!(error.message.len() < 200 && !error.message.contains('\u{1b}'), "{}", error.message);
    }
}
