//! `snug join`
//!
//! ```text
//! something is up ─▶ asks there and waits
//! nothing is up   ─▶ opens the folder, goes up, asks, waits, closes
//!
//! wait: admitted ─▶ the circle's id · refused ─▶ why · time over, Ctrl-C ─▶ "still waiting", and the wish stands
//! ```

use crate::laptop::{Laptop, Way};
use crate::out::{Out, Stop};
use crate::show;
use crate::signal::End;
use snug_api::view::{JoinState, Joining};
use snug_api::{ApiError, Client, ErrorCode, Events, Reached, command};
use std::net::SocketAddr;
use std::time::Duration;

/// The wish to join.
pub(crate) struct Wish {
    pub(crate) link: String,
    pub(crate) name: Option<String>,
    pub(crate) wait: Duration,
    pub(crate) dial: Vec<SocketAddr>,
}

pub(crate) async fn join(way: &mut Way, out: Out, wish: Wish) -> Result<(), Stop> {
    let mut end = End::listen()?;
    let joined = match way.reach().await? {
        Reached::Running(client) => {
            // A second connection: events and answers don't share one.
            let events = match Client::connect(&way.folder).await? {
                Some(second) => second.follow().await?,
                None => return Err(ApiError::new(ErrorCode::Closing, "Snug is closing; try again").into()),
            };
            wait(&mut Laptop::Running(client), events, wish, &mut end).await
        }
        Reached::Opened(desk) => {
            let up = way.up(desk, wish.dial.clone()).await?;
            let events = up.follow();
            let joined = wait(&mut Laptop::Opened(up.desk.clone()), events, wish, &mut end).await;
            let closed = up.close().await;
            joined.and_then(|joined| closed.map(|()| joined))
        }
    }?;
    match joined.state {
        JoinState::Admitted { circle } => out.answer(&joined, || circle.to_string()),
        JoinState::Refused { reason } => {
            Err(ApiError::new(show::refusal_code(reason), show::refusal(reason)).into())
        }
        JoinState::Looking | JoinState::Waiting => {
            Err(ApiError::new(ErrorCode::StillWaiting, show::still_waiting(joined.state)).into())
        }
    }
}

/// Asks, and waits until it is decided or nobody wants to wait any more.
async fn wait(
    laptop: &mut Laptop,
    mut events: Events,
    wish: Wish,
    end: &mut End,
) -> Result<Joining, ApiError> {
    let Wish { link, name, wait, dial } = wish;
    let mut joining = laptop.call(command::Join { link, name, dial }).await?;
    let over = tokio::time::sleep(wait);
    tokio::pin!(over);
    while matches!(joining.state, JoinState::Looking | JoinState::Waiting) {
        tokio::select! {
            () = &mut over => break,
            () = end.asked() => break,
            event = events.recv() => if event.is_none() { break },
        }
        joining = laptop.call(command::JoinStatus { join: joining.join.to_string() }).await?;
    }
    Ok(joining)
}
