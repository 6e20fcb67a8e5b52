//! The other program's end of the socket.

use super::frame::{self, FROM_LAPTOP_BYTES, FrameError, FromLaptop, TO_LAPTOP_BYTES, ToLaptop};
use super::place::{Place, SOCKET};
use crate::command::Command;
use crate::error::{ApiError, ErrorCode, plain_reason};
use crate::event::{Events, WAITING_EVENTS};
use std::io;
use std::path::Path;
use std::time::Duration;
use tokio::io::BufReader;
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// How long a running Snug may take to say hello.
const HELLO: Duration = Duration::from_secs(10);

/// A connection to the Snug that has the folder open.
#[derive(Debug)]
pub struct Client {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
}

impl Client {
    /// Connects to whoever answers for this folder; none if nobody does.
    ///
    /// # Errors
    /// [`ErrorCode::OtherVersion`], [`ErrorCode::Busy`], [`ErrorCode::InUse`] if somebody listens but says nothing, and
    /// [`ErrorCode::DiskError`] where the socket may not be used.
    pub async fn connect(folder: &Path) -> Result<Option<Self>, ApiError> {
        let stream = match connect(folder).await {
            Ok(stream) => stream,
            Err(error) => {
                return match error.kind() {
                    io::ErrorKind::NotFound
                    | io::ErrorKind::NotADirectory
                    | io::ErrorKind::ConnectionRefused => Ok(None),
                    _ => Err(ApiError::new(
                        ErrorCode::DiskError,
                        format!("the Snug of this folder can't be reached: {}", plain_reason(error)),
                    )),
                };
            }
        };
        let (reader, writer) = stream.into_split();
        let mut client = Self { reader: BufReader::new(reader), writer };
        match timeout(HELLO, client.hear()).await {
            Ok(Ok(Some(FromLaptop::Hello {}))) => Ok(Some(client)),
            Ok(Ok(Some(FromLaptop::Error(error)))) => Err(error),
            Ok(Ok(Some(_))) => Err(out_of_turn()),
            // It was closing.
            Ok(Ok(None) | Err(FrameError::Io(_) | FrameError::Truncated)) => Ok(None),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(ApiError::new(
                ErrorCode::InUse,
                "Snug is running with this folder, but doesn't answer; close it and try again",
            )),
        }
    }

    /// Asks, and waits for the answer. After an error of the connection itself nothing more can be asked.
    pub async fn call<C: Command>(&mut self, command: C) -> Result<C::Answer, ApiError> {
        frame::write(&mut self.writer, ToLaptop::Call(command.into()), TO_LAPTOP_BYTES).await?;
        match self.hear().await? {
            Some(FromLaptop::Answer(response)) => C::answer(response).ok_or_else(out_of_turn),
            Some(FromLaptop::Error(error)) => Err(error),
            Some(_) => Err(out_of_turn()),
            None => Err(FrameError::Truncated.into()),
        }
    }

    /// What happens from now on; the connection is for that alone. It ends when the laptop closes or the events are dropped.
    pub async fn follow(mut self) -> Result<Events, ApiError> {
        frame::write(&mut self.writer, ToLaptop::Follow {}, TO_LAPTOP_BYTES).await?;
        let (events, listener) = mpsc::channel(WAITING_EVENTS);
        tokio::spawn(async move {
            loop {
                let heard = tokio::select! {
                    heard = self.hear() => heard,
                    () = events.closed() => return,
                };
                let Ok(Some(FromLaptop::Event(event))) = heard else { return };
                if events.send(event).await.is_err() {
                    return;
                }
            }
        });
        Ok(listener)
    }

    /// Asks the window that has the folder to show itself.
    ///
    /// # Errors
    /// [`ErrorCode::InUse`] where it has no window.
    pub async fn raise(&mut self) -> Result<(), ApiError> {
        frame::write(&mut self.writer, ToLaptop::Raise {}, TO_LAPTOP_BYTES).await?;
        match self.hear().await? {
            Some(FromLaptop::Raised {}) => Ok(()),
            Some(FromLaptop::Error(error)) => Err(error),
            Some(_) => Err(out_of_turn()),
            None => Err(FrameError::Truncated.into()),
        }
    }

    async fn hear(&mut self) -> Result<Option<FromLaptop>, FrameError> {
        frame::read(&mut self.reader, FROM_LAPTOP_BYTES).await
    }
}

async fn connect(folder: &Path) -> io::Result<UnixStream> {
    let place = Place::new(folder, SOCKET)?;
    UnixStream::connect(place.path()).await
}

fn out_of_turn() -> ApiError {
    ApiError::new(
        ErrorCode::OtherVersion,
        "the Snug that is running here answered something else; it may be of another version: close it and try again",
    )
}
