//! `snug join`
//!
//! ```text
//! something is up ─▶ asks there and waits
//! nothing is up   ─▶ opens the folder, goes up, asks, waits, closes
//!
//! wait: admitted ─▶ a moment, for the circle's name ─▶ its id
//!       refused ─▶ why
//!       time over, Ctrl-C ─▶ "still waiting", and the wish stands until --forget
//! ```

use crate::laptop::{Laptop, Way};
use crate::out::{self, Out, Stop};
use crate::show;
use crate::signal::End;
use snug_api::view::{self, JoinState, Joining};
use snug_api::{ApiError, Client, ErrorCode, Events, Reached, command};
use snug_types::{CircleId, Name};
use std::net::SocketAddr;
use std::time::Duration;

/// How long the circle's name may take after being let in. It comes with the first exchange, usually at once; without it
/// the circle can be named by its id alone until the next `up`.
const NAME: Duration = Duration::from_secs(5);

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
            wait(&mut Laptop::Running(client), events, wish, out, &mut end).await
        }
        Reached::Opened(desk) => {
            let up = way.up(desk, wish.dial.clone()).await?;
            let events = up.follow();
            let joined = wait(&mut Laptop::Opened(up.desk.clone()), events, wish, out, &mut end).await;
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

/// Gives a wish up.
pub(crate) async fn forget(wish: String, laptop: &mut Laptop, out: Out) -> Result<(), Stop> {
    let done = laptop.call(command::JoinForget { join: wish }).await?;
    out.answer(&done, || "Given up: nobody is asked any more.".to_owned())
}

/// Asks, and waits until it is decided or nobody wants to wait any more.
async fn wait(
    laptop: &mut Laptop,
    mut events: Events,
    wish: Wish,
    out: Out,
    end: &mut End,
) -> Result<Joining, ApiError> {
    let Wish { link, name, wait, dial } = wish;
    let mut joining = laptop.call(command::Join { link, name: name.clone(), dial }).await?;
    if let Some(name) = name {
        let wishes = laptop.call(command::CircleList {}).await?.joining;
        let another = |wish: &&view::Wish| {
            wish.id == joining.join && Name::new(&name).is_ok_and(|name| name.as_str() != wish.name)
        };
        if let Some(earlier) = wishes.iter().find(another) {
            out::note(
                &format!("you asked as {} before; that name stands until it is answered", earlier.name),
                out.json,
            );
        }
    }
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
    if let JoinState::Admitted { circle } = joining.state {
        let name = tokio::time::sleep(NAME);
        tokio::pin!(name);
        while !is_named(laptop, circle).await? {
            tokio::select! {
                () = &mut name => break,
                () = end.asked() => break,
                event = events.recv() => if event.is_none() { break },
            }
        }
    }
    Ok(joining)
}

/// True once the circle's page is here.
async fn is_named(laptop: &mut Laptop, circle: CircleId) -> Result<bool, ApiError> {
    let circles = laptop.call(command::CircleList {}).await?.circles;
    Ok(circles.iter().any(|known| known.id == circle && known.kind.is_some()))
}
