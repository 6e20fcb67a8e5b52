//! Notes.

use super::{Desk, a_title};
use crate::command::{
    Handle, NoteAppend, NoteEdit, NoteHead, NoteList, NoteNew, NotePutAway, NoteRename, NoteShow,
};
use crate::error::ApiError;
use crate::view;
use snug_document::Blocks;
use snug_document::markdown::{self, MarkdownError};
use snug_node::NodeError;

impl Handle<NoteNew> for Desk {
    async fn handle(&self, command: NoteNew) -> Result<view::NewDocument, ApiError> {
        let circle = self.circle(&command.circle).await?;
        let title = a_title(&command.title, "title")?;
        let id = self.laptop.note_new(circle, title, body(&command.markdown)?).await?;
        Ok(view::NewDocument { id })
    }
}

impl Handle<NoteList> for Desk {
    async fn handle(&self, command: NoteList) -> Result<view::Notes, ApiError> {
        let circle = self.circle(&command.circle).await?;
        let notes = self.laptop.notes(circle, command.away).await?;
        Ok(view::Notes { notes: notes.into_iter().map(Into::into).collect() })
    }
}

impl Handle<NoteShow> for Desk {
    async fn handle(&self, command: NoteShow) -> Result<view::Note, ApiError> {
        let (circle, note) = self.note(&command.circle, &command.note).await?;
        Ok(self.laptop.note(circle, note).await?.into())
    }
}

impl Handle<NoteHead> for Desk {
    async fn handle(&self, command: NoteHead) -> Result<view::NoteHead, ApiError> {
        let (circle, note) = self.note(&command.circle, &command.note).await?;
        Ok(self.laptop.note_head(circle, note).await?.into())
    }
}

impl Handle<NoteEdit> for Desk {
    async fn handle(&self, command: NoteEdit) -> Result<view::Done, ApiError> {
        let (circle, note) = self.note(&command.circle, &command.note).await?;
        self.laptop.note_set_body(circle, note, body(&command.markdown)?).await?;
        Ok(view::Done {})
    }
}

impl Handle<NoteAppend> for Desk {
    async fn handle(&self, command: NoteAppend) -> Result<view::Done, ApiError> {
        let (circle, note) = self.note(&command.circle, &command.note).await?;
        self.laptop.note_append(circle, note, command.text).await?;
        Ok(view::Done {})
    }
}

impl Handle<NoteRename> for Desk {
    async fn handle(&self, command: NoteRename) -> Result<view::Done, ApiError> {
        let (circle, note) = self.note(&command.circle, &command.note).await?;
        self.laptop.note_rename(circle, note, a_title(&command.title, "title")?).await?;
        Ok(view::Done {})
    }
}

impl Handle<NotePutAway> for Desk {
    async fn handle(&self, command: NotePutAway) -> Result<view::Done, ApiError> {
        let (circle, note) = self.note(&command.circle, &command.note).await?;
        self.laptop.note_put_away(circle, note, command.away).await?;
        Ok(view::Done {})
    }
}

fn body(text: &str) -> Result<Blocks, ApiError> {
    markdown::parse(text).map_err(|error| {
        let MarkdownError::TooLong { bytes: found, bound } = error;
        NodeError::TooLarge { found, bound }.into()
    })
}
