//! Notes: a title, a body, and whether they are put away.
//!
//! The root map holds `title` (text), `away` (true while it is; false or absent otherwise) and `body`, one Automerge text with block markers and
//! marks. The change that creates a note makes the body; whoever else edits the note has seen that change, so there
//! is one body.

use crate::body::{self, Blocks, EDIT_BYTES};
use crate::live::{Edit, EditError, LiveDocument, ROOM};
use crate::schema::{self, key};
use automerge::transaction::Transactable;
use automerge::{ObjId, ObjType, ROOT, ReadDoc, Value};
use snug_types::bound::PAYLOAD_BYTES;
use snug_types::{ActorId, Title, UnixMillis};

/// What a note without a title that can be shown is called.
pub const UNTITLED: &str = "Untitled";

/// A note as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteView {
    /// Its title, or [`UNTITLED`].
    pub title: Title,
    /// True if it was put away.
    pub away: bool,
    /// Its body.
    pub body: Blocks,
}

/// A new note, and the edit that makes it.
pub fn create(
    actor: ActorId,
    at: UnixMillis,
    title: &Title,
    body: &Blocks,
) -> Result<(LiveDocument, Edit), EditError> {
    let mut document = LiveDocument::new(actor);
    let edit = document.large_edit(at, |tx| {
        tx.put(ROOT, key::TITLE, title.as_str())?;
        let text = tx.put_object(ROOT, key::BODY, ObjType::Text)?;
        body::update(tx, &text, body)
    })?;
    edit.map(|edit| (document, edit)).ok_or(EditError::NotHere)
}

/// The note that a document holds, whatever it holds.
pub fn view(document: &LiveDocument) -> NoteView {
    let doc = &document.doc;
    let (title, away) = head(document);
    NoteView { title, away, body: body_of(doc).map(|text| body::read(doc, &text)).unwrap_or_default() }
}

/// A note's title and whether it was put away, without reading its body.
pub fn head(document: &LiveDocument) -> (Title, bool) {
    let doc = &document.doc;
    let title = Title::shown(&schema::text(doc, key::TITLE).unwrap_or_default(), UNTITLED);
    (title, schema::truth(doc, key::AWAY))
}

/// Gives a note another title. None if it has it.
pub fn set_title(
    document: &mut LiveDocument,
    at: UnixMillis,
    title: &Title,
) -> Result<Option<Edit>, EditError> {
    document.put_text(at, key::TITLE, Some(title.as_str()))
}

/// Gives a note another body by the smallest edit that gets there. None if it has it.
pub fn set_body(
    document: &mut LiveDocument,
    at: UnixMillis,
    body: &Blocks,
) -> Result<Option<Edit>, EditError> {
    match replace_body(document, at, body) {
        Err(EditError::TooLarge) => {}
        made => return made,
    }
    // Two changes hold what one can't: everything goes, everything comes.
    let before = document.clone();
    let mut both = Vec::new();
    for body in [&Blocks::default(), body] {
        match replace_body(document, at, body) {
            Ok(made) => both.extend(made),
            Err(error) => {
                *document = before;
                return Err(error);
            }
        }
    }
    let Some(newest) = both.last().map(|e| e.newest) else { return Ok(None) };
    let changes: Vec<Vec<u8>> = both.into_iter().flat_map(|e| e.changes).collect();
    if changes.iter().map(Vec::len).sum::<usize>() > PAYLOAD_BYTES - ROOM {
        *document = before;
        return Err(EditError::TooLarge);
    }
    Ok(Some(Edit { changes, newest }))
}

fn replace_body(
    document: &mut LiveDocument,
    at: UnixMillis,
    body: &Blocks,
) -> Result<Option<Edit>, EditError> {
    document.large_edit(at, |tx| {
        let text = body_of(tx).ok_or(EditError::NotHere)?;
        body::update(tx, &text, body)
    })
}

/// Adds plain text, without any Markdown meaning, in a last paragraph of its own; each further line is another.
/// None if there is no text.
pub fn append(document: &mut LiveDocument, at: UnixMillis, text: &str) -> Result<Option<Edit>, EditError> {
    if text.len() > EDIT_BYTES {
        return Err(EditError::TooLarge);
    }
    let add = |tx: &mut automerge::transaction::Transaction<'_>| {
        let body = body_of(tx).ok_or(EditError::NotHere)?;
        body::append(tx, &body, text)
    };
    // Only a text of very many lines can outgrow an entry.
    if text.len() > SMALL_BYTES { document.large_edit(at, add) } else { document.edit(at, add) }
}

/// Puts a note away, or brings it back. None if it is so already.
pub fn put_away(document: &mut LiveDocument, at: UnixMillis, away: bool) -> Result<Option<Edit>, EditError> {
    document.put_truth(at, key::AWAY, away)
}

/// Bytes of appended text that fit an entry in any case.
const SMALL_BYTES: usize = 8 << 10;

fn body_of(doc: &impl ReadDoc) -> Option<ObjId> {
    match doc.get(ROOT, key::BODY).ok()?? {
        (Value::Object(ObjType::Text), id) => Some(id),
        _ => None,
    }
}
