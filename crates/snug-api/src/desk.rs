//! The desk in front of a laptop: takes commands, finds what their names mean, hands them on, and words the answers.

mod circle;
mod join;
mod network;
mod note;
mod open;
mod plan;
mod told;

pub use open::OpenNote;

use crate::command::{Command, Handle, Request, Response, Status};
use crate::error::{ApiError, ErrorCode};
use crate::event::{Event, Events, WAITING_EVENTS};
use crate::find::{Named, find, whole};
use crate::folder::{a_folder, opening};
use crate::socket::Service;
use crate::view;
use snug_node::{Interfaces, Laptop, NodeError, Online};
use snug_types::{CircleId, DocumentId, Name, TextError, Title};
use std::net::SocketAddr;
use std::path::Path;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

/// An open laptop, ready for commands. A cheap handle.
#[derive(Clone)]
pub struct Desk {
    laptop: Laptop,
}

impl Desk {
    /// Makes a laptop in a folder that is empty or isn't there.
    pub async fn create(folder: &Path, passphrase: &str, name: &str) -> Result<(), ApiError> {
        let name = a_name(name, "name")?;
        a_folder(folder)?;
        Laptop::create(folder, passphrase, name).await.map_err(opening)
    }

    /// Whether there is a laptop in this folder that can be opened now: asked before its owner is asked for a passphrase.
    pub async fn peek(folder: &Path) -> Result<(), ApiError> {
        a_folder(folder)?;
        Laptop::peek(folder).await.map_err(|error| match error {
            // Nothing else is read here.
            NodeError::Damaged(_) => ApiError::new(
                ErrorCode::DamagedStore,
                "the key file of this folder is damaged; it was left as it is",
            ),
            error => opening(error),
        })
    }

    /// Opens the laptop in a folder, and with it takes the folder's lock.
    pub async fn open(folder: &Path, passphrase: &str) -> Result<Self, ApiError> {
        a_folder(folder)?;
        Ok(Self { laptop: Laptop::open(folder, passphrase).await.map_err(opening)? })
    }

    /// May be found from now on, and looks for others: on these interfaces alone, or on those of the laptop's setting.
    pub async fn go_online(
        &self,
        interfaces: Option<Vec<String>>,
        dial: Vec<SocketAddr>,
    ) -> Result<(), ApiError> {
        let interfaces = interfaces.map(Interfaces::Only);
        Ok(self.laptop.go_online(Online { interfaces, dial }).await?)
    }

    /// Does what is asked, and answers when it is durable.
    pub async fn call<C: Command>(&self, command: C) -> Result<C::Answer, ApiError> {
        let response = self.dispatch(command.into()).await?;
        C::answer(response).ok_or_else(|| ApiError::new(ErrorCode::Internal, "Snug answered something else"))
    }

    /// Ends the network, waits for what is being saved, and gives the folder back.
    pub async fn close(self) -> Result<(), ApiError> {
        Ok(self.laptop.close().await?)
    }

    /// The wishes to join that aren't decided, and those that were refused.
    async fn joining(&self) -> Result<Vec<view::Wish>, ApiError> {
        Ok(self.laptop.joins().await?.into_iter().map(Into::into).collect())
    }

    /// The circle that is meant.
    async fn circle(&self, text: &str) -> Result<CircleId, ApiError> {
        if let Some(id) = whole(text) {
            return Ok(id);
        }
        let circles: Vec<_> = self
            .laptop
            .circles()
            .await?
            .into_iter()
            .map(|circle| Named { id: circle.id, name: circle.name, aside: false })
            .collect();
        find(text, &circles, "circle", ErrorCode::NoCircle)
    }

    /// The note that is meant, and its circle.
    async fn note(&self, circle: &str, note: &str) -> Result<(CircleId, DocumentId), ApiError> {
        let circle = self.circle(circle).await?;
        if let Some(id) = whole(note) {
            return Ok((circle, id));
        }
        let notes: Vec<_> = self
            .laptop
            .notes(circle, true)
            .await?
            .into_iter()
            .map(|note| Named { id: note.id, name: note.title, aside: note.away })
            .collect();
        Ok((circle, find(note, &notes, "note", ErrorCode::NotFound)?))
    }

    /// The gathering that is meant, and its circle.
    async fn plan(&self, circle: &str, plan: &str) -> Result<(CircleId, DocumentId), ApiError> {
        let circle = self.circle(circle).await?;
        if let Some(id) = whole(plan) {
            return Ok((circle, id));
        }
        let plans: Vec<_> = self
            .laptop
            .plans(circle)
            .await?
            .into_iter()
            .map(|plan| Named { id: plan.id, name: plan.title, aside: plan.away })
            .collect();
        Ok((circle, find(plan, &plans, "gathering", ErrorCode::NotFound)?))
    }
}

impl Service for Desk {
    async fn handle(&self, request: Request) -> Result<Response, ApiError> {
        self.dispatch(request).await
    }

    fn follow(&self) -> Events {
        let mut happens = self.laptop.events();
        let (events, listener) = mpsc::channel(WAITING_EVENTS);
        tokio::spawn(async move {
            loop {
                let happened = tokio::select! {
                    happened = happens.recv() => happened,
                    () = events.closed() => return,
                };
                let event = match happened {
                    Ok(event) => Event::from(event),
                    Err(RecvError::Lagged(count)) => Event::Missed { count },
                    Err(RecvError::Closed) => return,
                };
                if events.send(event).await.is_err() {
                    return;
                }
            }
        });
        listener
    }
}

impl Handle<Status> for Desk {
    async fn handle(&self, command: Status) -> Result<view::Status, ApiError> {
        let only = match command.circle {
            Some(circle) => Some(self.circle(&circle).await?),
            None => None,
        };
        let told = self.laptop.status().await?;
        let mut status = view::Status {
            name: told.name,
            online: told.online,
            near: told.near,
            circles: told.circles.into_iter().map(Into::into).collect(),
            joining: Vec::new(),
        };
        if let Some(only) = only {
            status.circles.retain(|circle| circle.id == only);
            if status.circles.is_empty() {
                return Err(NodeError::NoCircle.into());
            }
        } else {
            status.joining = self.joining().await?;
        }
        Ok(status)
    }
}

pub(crate) fn a_name(text: &str, what: &str) -> Result<Name, ApiError> {
    Name::new(text).map_err(|why| unusable(what, why))
}

fn a_title(text: &str, what: &str) -> Result<Title, ApiError> {
    Title::new(text).map_err(|why| unusable(what, why))
}

fn unusable(what: &str, why: TextError) -> ApiError {
    ApiError::new(ErrorCode::BadText, format!("the {what} can't be used: {why}"))
}
