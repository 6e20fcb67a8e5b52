//! `snug circle`, `people`, `status` and `export`

use crate::args::CircleCommand;
use crate::laptop::Laptop;
use crate::out::{Out, Stop};
use crate::show::{self, Clock};
use snug_api::{ApiError, ErrorCode, command};
use std::path::PathBuf;

pub(crate) async fn circle(typed: CircleCommand, laptop: &mut Laptop, out: Out) -> Result<(), Stop> {
    match typed {
        CircleCommand::Found { name, kind } => {
            let founded = laptop.call(command::CircleFound { name, kind: kind.into() }).await?;
            out.answer(&founded, || founded.id.to_string())
        }
        CircleCommand::List => {
            let circles = laptop.call(command::CircleList {}).await?;
            out.answer(&circles, || show::circles(&circles))
        }
        CircleCommand::Rename { circle, name } => {
            let done = laptop.call(command::CircleRename { circle, name }).await?;
            out.answer(&done, String::new)
        }
        CircleCommand::Leave { circle } => {
            let left = laptop.call(command::CircleLeave { circle }).await?;
            out.answer(&left, || {
                match left.others {
                    Some(0) => "You have left, and nothing of it is kept here. Nobody else was in it.",
                    _ => {
                        "You have left. What the others hold stays with them; they hear of it when a laptop of theirs is met."
                    }
                }
                .to_owned()
            })
        }
    }
}

pub(crate) async fn people(circle: String, laptop: &mut Laptop, out: Out) -> Result<(), Stop> {
    let people = laptop.call(command::People { circle }).await?;
    out.answer(&people, || show::people(&people))
}

pub(crate) async fn status(circle: Option<String>, laptop: &mut Laptop, out: Out) -> Result<(), Stop> {
    let status = laptop.call(command::Status { circle }).await?;
    out.answer(&status, || show::status(&status, &Clock::system()))
}

pub(crate) async fn export(
    circle: String,
    folder: PathBuf,
    laptop: &mut Laptop,
    out: Out,
) -> Result<(), Stop> {
    if folder.to_str().is_none() {
        // A path goes to a running Snug as text.
        return Err(ApiError::new(
            ErrorCode::ExportFolder,
            "the folder for the export has a name that isn't text",
        )
        .into());
    }
    let exported = laptop.call(command::Export { circle, folder }).await?;
    out.answer(&exported, || show::exported(&exported))
}
