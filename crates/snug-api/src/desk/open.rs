//! Notes that are open in a window of this very program. Their bytes are Automerge's, so they are no commands.

use super::Desk;
use crate::error::ApiError;
use snug_node::NoteStream;

/// A note that was opened in a window.
#[derive(Debug)]
pub struct OpenNote {
    /// By which the window writes and closes it.
    pub session: u64,
    /// The Automerge actor of what the window writes, in hexadecimal; of this session alone.
    pub actor: String,
    /// The note as Automerge saves it; no bytes if its beginning hasn't arrived.
    pub bytes: Vec<u8>,
    /// What others do to it from then on, on other laptops, on this one and in its other windows. It ends with
    /// [`NoteNews::Ended`](snug_node::NoteNews::Ended).
    pub stream: NoteStream,
}

impl Desk {
    /// Opens a note for a window that edits a copy of it.
    pub async fn note_open(&self, circle: &str, note: &str) -> Result<OpenNote, ApiError> {
        let (circle, note) = self.note(circle, note).await?;
        let snug_node::OpenNote { session, actor, bytes, stream } =
            self.laptop.note_open(circle, note).await?;
        Ok(OpenNote { session, actor: actor.to_string(), bytes, stream })
    }

    /// Takes what a window wrote, whole, and answers when it is durable. What can't be taken ends the session.
    ///
    /// # Errors
    /// `not_found` where the session has ended; `internal` where the window wrote what can't be.
    pub async fn note_write(&self, session: u64, payload: &[u8]) -> Result<(), ApiError> {
        Ok(self.laptop.note_write(session, payload.to_vec()).await?)
    }

    /// The window doesn't show the note any more.
    pub async fn note_close(&self, session: u64) -> Result<(), ApiError> {
        Ok(self.laptop.note_close(session).await?)
    }
}
