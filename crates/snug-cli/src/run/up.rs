//! `snug up`
//!
//! ```text
//! open the folder ─▶ socket answers ─▶ online ─▶ "ready" ─▶ events … ─▶ Ctrl-C, a signal, the time is over ─▶ close in order
//! ```
//!
//! Being there doesn't depend on being read: a reader who stops reading holds nothing up, and one who goes ends nothing.

use crate::laptop::Way;
use crate::out::{self, Out, Stop};
use crate::show::{Clock, Teller};
use crate::signal::End;
use serde::Serialize;
use snug_api::{ApiError, Client, Desk, ErrorCode, Event, Events, Reached, command};
use std::net::SocketAddr;
use std::time::Duration;

#[derive(Serialize)]
struct Ready {
    event: &'static str,
}

pub(crate) async fn up(
    way: &mut Way,
    out: Out,
    span: Option<Duration>,
    dial: Vec<SocketAddr>,
) -> Result<(), Stop> {
    let mut end = End::listen()?;
    let desk = match way.reach().await? {
        Reached::Opened(desk) => desk,
        Reached::Running(running) => return Err(already(running).await.into()),
    };
    let up = way.up(desk, dial).await?;
    let events = up.follow();
    let over = async {
        match span {
            Some(span) => tokio::time::sleep(span).await,
            None => std::future::pending().await,
        }
    };
    let told = async {
        match tell(&up.desk, events, out).await {
            Err(Stop::NobodyReads) => std::future::pending().await,
            told => told,
        }
    };
    let ended = tokio::select! {
        told = told => told,
        () = over => Ok(()),
        () = end.asked() => Ok(()),
    };
    let closed = up.close().await;
    ended?;
    Ok(closed?)
}

/// What to do instead, where Snug is running: how its window stands decides.
async fn already(mut running: Client) -> ApiError {
    let network = match running.call(command::Network {}).await {
        Ok(network) => network,
        Err(error) if error.code == ErrorCode::Locked => {
            return ApiError::new(
                ErrorCode::Locked,
                "Snug's window is open with this folder, and locked; unlock it there, and nothing more is needed",
            );
        }
        Err(error) => return error,
    };
    let already = if network.wanted || network.online {
        "Snug is already up with this folder; other commands reach it, and nothing more is needed"
    } else {
        "Snug is open with this folder, and its network is switched off; switch it on there, or with `snug network on`"
    };
    ApiError::new(ErrorCode::InUse, already)
}

/// Tells that it is ready, and then what happens, until the laptop closes.
async fn tell(desk: &Desk, mut events: Events, out: Out) -> Result<(), Stop> {
    let mut teller = Teller::default();
    print(move || if out.json { out::object(&Ready { event: "ready" }) } else { out::line("ready") }).await?;
    while let Some(event) = events.recv().await {
        if out.json {
            print(move || out::object(&event)).await?;
            continue;
        }
        let circle = match &event {
            Event::Join { .. } | Event::JoinForgotten { .. } | Event::Missed { .. } => None,
            Event::Near { circle, .. }
            | Event::Gone { circle, .. }
            | Event::Changed { circle, .. }
            | Event::Circle { circle }
            | Event::People { circle }
            | Event::Invitations { circle }
            | Event::Holding { circle }
            | Event::Asks { circle, .. }
            | Event::Split { circle, .. } => Some(circle.to_string()),
        };
        // A circle that was left meanwhile has no status, and nothing to tell.
        let status = match circle {
            Some(_) => desk.call(command::Status { circle }).await.ok(),
            None => None,
        };
        let about = status.as_ref().and_then(|status| status.circles.first());
        if let Some(line) = teller.line(&event, about, &Clock::system()) {
            print(move || out::line(&line)).await?;
        }
    }
    Ok(())
}

/// Prints on a thread of its own: a pipe that nobody empties blocks it.
async fn print(print: impl FnOnce() -> Result<(), Stop> + Send + 'static) -> Result<(), Stop> {
    match tokio::task::spawn_blocking(print).await {
        Ok(printed) => printed,
        Err(_) => Err(ApiError::new(ErrorCode::Internal, "printing failed").into()),
    }
}
