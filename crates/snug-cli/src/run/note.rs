//! `snug note`

use crate::args::{Format, NoteCommand};
use crate::laptop::Laptop;
use crate::out::{self, Out, Stop};
use crate::show::{self, Clock};
use snug_api::{ApiError, command};

/// The Markdown that a command brings along, if it does.
pub(crate) fn text(typed: &NoteCommand) -> Result<String, ApiError> {
    match typed {
        NoteCommand::New { file: Some(file), .. } | NoteCommand::Edit { file, .. } => {
            crate::input::markdown(file)
        }
        _ => Ok(String::new()),
    }
}

pub(crate) async fn note(
    typed: NoteCommand,
    text: String,
    laptop: &mut Laptop,
    out: Out,
) -> Result<(), Stop> {
    match typed {
        NoteCommand::New { circle, title, .. } => {
            let new = laptop.call(command::NoteNew { circle, title, markdown: text }).await?;
            out.answer(&new, || new.id.to_string())
        }
        NoteCommand::List { circle } => {
            let notes = laptop.call(command::NoteList { circle, away: false }).await?;
            out.answer(&notes, || show::notes(&notes, &Clock::system()))
        }
        NoteCommand::Show { circle, note, format } => {
            let note = laptop.call(command::NoteShow { circle, note }).await?;
            match format {
                _ if out.json => out::object(&note),
                Format::Markdown => out::body(&note.markdown),
                Format::Json => out::object(&note.blocks),
            }
        }
        NoteCommand::Edit { circle, note, .. } => {
            let done = laptop.call(command::NoteEdit { circle, note, markdown: text }).await?;
            out.answer(&done, String::new)
        }
        NoteCommand::Append { circle, note, text } => {
            let done = laptop.call(command::NoteAppend { circle, note, text }).await?;
            out.answer(&done, String::new)
        }
    }
}
