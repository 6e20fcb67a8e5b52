//! `snug invite`

use crate::args::{Invite, InviteCommand};
use crate::laptop::Laptop;
use crate::out::{Out, Stop};
use crate::show::{self, Clock};
use snug_api::command;

pub(crate) async fn invite(typed: Invite, laptop: &mut Laptop, out: Out) -> Result<(), Stop> {
    match typed.command {
        None => {
            let circle = typed.circle.unwrap_or_default();
            let expires = typed.expires.as_secs();
            let invited =
                laptop.call(command::Invite { circle, expires, confirm: !typed.no_confirm }).await?;
            out.answer(&invited, || invited.link.clone())
        }
        Some(InviteCommand::List { circle }) => {
            let invitations = laptop.call(command::InviteList { circle }).await?;
            out.answer(&invitations, || show::invitations(&invitations, &Clock::system()))
        }
        Some(InviteCommand::Withdraw { circle, invitation }) => {
            let withdrawn = laptop.call(command::InviteWithdraw { circle, invitation }).await?;
            out.answer(&withdrawn, || {
                if withdrawn.already {
                    "It was taken back already.".to_owned()
                } else {
                    "Taken back: the link opens nothing any more.".to_owned()
                }
            })
        }
        Some(InviteCommand::Confirm { circle, person }) => {
            let confirmed = laptop.call(command::InviteConfirm { circle, person }).await?;
            out.answer(&confirmed, || format!("{} is let in.", confirmed.name))
        }
    }
}
