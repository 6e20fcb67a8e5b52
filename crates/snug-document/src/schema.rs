//! The names in the documents, and how their values are read whatever a merge or a later version put there.

use automerge::hydrate;
use automerge::{ROOT, ReadDoc, ScalarValue, Value};

/// Keys of the root map.
pub(crate) mod key {
    pub(crate) const TITLE: &str = "title";
    pub(crate) const AWAY: &str = "away";
    pub(crate) const BODY: &str = "body";
    pub(crate) const PLACE: &str = "place";
    pub(crate) const AT: &str = "at";
    pub(crate) const NAME: &str = "name";
    pub(crate) const KIND: &str = "kind";
    /// Followed by the id of a plan.
    pub(crate) const ANSWER: &str = "answer/";
}

/// Keys and types of the block markers in a body.
pub(crate) mod block {
    pub(crate) const TYPE: &str = "type";
    pub(crate) const LEVEL: &str = "level";
    pub(crate) const DEPTH: &str = "depth";
    pub(crate) const BEGINS: &str = "begins";
    pub(crate) const PARAGRAPH: &str = "paragraph";
    pub(crate) const HEADING: &str = "heading";
    pub(crate) const BULLET: &str = "unordered-list-item";
    pub(crate) const NUMBER: &str = "ordered-list-item";
    pub(crate) const LITERAL: &str = "markdown";
}

/// Names of the marks in a body.
pub(crate) mod mark {
    pub(crate) const STRONG: &str = "strong";
    pub(crate) const EM: &str = "em";
    pub(crate) const LINK: &str = "link";
    pub(crate) const LITERAL: &str = "markdown";
}

/// Text under a key of the root; the window may have made it a text object.
pub(crate) fn text(doc: &impl ReadDoc, key: &str) -> Option<String> {
    match doc.get(ROOT, key).ok()?? {
        (Value::Scalar(value), _) => match value.as_ref() {
            ScalarValue::Str(text) => Some(text.to_string()),
            _ => None,
        },
        (Value::Object(automerge::ObjType::Text), id) => doc.text(id).ok(),
        _ => None,
    }
}

/// True if the root says true under a key.
pub(crate) fn truth(doc: &impl ReadDoc, key: &str) -> bool {
    matches!(doc.get(ROOT, key), Ok(Some((Value::Scalar(value), _))) if *value == ScalarValue::Boolean(true))
}

/// Text in a hydrated map.
pub(crate) fn map_text(map: &hydrate::Map, key: &str) -> Option<String> {
    match map.get(key)? {
        hydrate::Value::Scalar(ScalarValue::Str(text)) => Some(text.to_string()),
        hydrate::Value::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

/// A whole number in a hydrated map, brought into range.
pub(crate) fn map_number(map: &hydrate::Map, key: &str) -> Option<u32> {
    match map.get(key)? {
        hydrate::Value::Scalar(ScalarValue::Uint(n)) => Some(u32::try_from(*n).unwrap_or(u32::MAX)),
        hydrate::Value::Scalar(ScalarValue::Int(n)) => Some(u32::try_from((*n).max(0)).unwrap_or(u32::MAX)),
        // JavaScript's numbers come as these where they aren't whole, which none of ours is.
        _ => None,
    }
}
