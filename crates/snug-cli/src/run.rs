//! One function a command: asks the laptop, prints the answer.

mod circle;
mod init;
mod invite;
mod join;
mod me;
mod network;
mod note;
mod plan;
mod up;

use crate::args::{Cli, Command};
use crate::laptop::{Laptop, Way};
use crate::out::{Out, Stop};

/// Runs what was typed.
pub(crate) async fn run(cli: Cli) -> Result<(), Stop> {
    let mut way = Way::new(&cli.common)?;
    let out = Out { json: cli.common.json };
    match cli.command {
        Command::Init { name } => init::init(&way, out, &name).await,
        Command::Up { span, dial } => up::up(&mut way, out, span, dial).await,
        Command::Me { name, circle } => {
            brief(&mut way, async |laptop| me::me(name, circle, laptop, out).await).await
        }
        Command::Network { switch } => {
            brief(&mut way, async |laptop| network::network(switch, laptop, out).await).await
        }
        Command::Circle(command) => {
            brief(&mut way, async |laptop| circle::circle(command, laptop, out).await).await
        }
        Command::Invite(invite) => {
            brief(&mut way, async |laptop| invite::invite(invite, laptop, out).await).await
        }
        Command::Join { forget: Some(wish), .. } => {
            brief(&mut way, async |laptop| join::forget(wish, laptop, out).await).await
        }
        Command::Join { link, name, wait, dial, forget: None } => {
            let link = crate::input::link(&link.unwrap_or_default())?;
            join::join(&mut way, out, join::Wish { link, name, wait, dial }).await
        }
        Command::People { circle } => {
            brief(&mut way, async |laptop| circle::people(circle, laptop, out).await).await
        }
        Command::Note(command) => {
            // Read before the folder is opened: nobody else waits for a slow pipe.
            let text = note::text(&command)?;
            brief(&mut way, async |laptop| note::note(command, text, laptop, out).await).await
        }
        Command::Plan(command) => {
            brief(&mut way, async |laptop| plan::plan(command, laptop, out).await).await
        }
        Command::Status { circle } => {
            brief(&mut way, async |laptop| circle::status(circle, laptop, out).await).await
        }
        Command::Export { circle, dir } => {
            let folder = crate::laptop::absolute(&dir)?;
            brief(&mut way, async |laptop| circle::export(circle, folder, laptop, out).await).await
        }
    }
}

/// Gets to the laptop, asks, and gives the folder back whatever came of it.
async fn brief(way: &mut Way, ask: impl AsyncFnOnce(&mut Laptop) -> Result<(), Stop>) -> Result<(), Stop> {
    let mut laptop = way.laptop().await?;
    let asked = ask(&mut laptop).await;
    let closed = laptop.close().await;
    asked?;
    Ok(closed?)
}
