//! The laptop's end of the socket.

use super::Service;
use super::frame::{self, FROM_LAPTOP_BYTES, FrameError, FromLaptop, TO_LAPTOP_BYTES, ToLaptop};
use super::place::{Place, SOCKET};
use crate::error::{ApiError, ErrorCode, plain_reason};
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, BufReader};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

/// Programs that talk with one laptop at once. Scripts and a window or two stay far below.
const CLIENTS: usize = 64;
/// How long a client may leave its answers unread.
const UNREAD: Duration = Duration::from_secs(30);
/// How long what is being done may go on when the laptop closes.
const GRACE: Duration = Duration::from_secs(10);

/// A socket that answers. [`Server::close`] ends it in order; dropping it ends it at once.
#[derive(Debug)]
pub struct Server {
    closing: watch::Sender<bool>,
    accepting: Option<JoinHandle<()>>,
    place: Place,
}

impl Server {
    /// Answers at the folder's socket from now on. Only the holder of the folder's lock may call this: what it finds
    /// there is a leftover, and is replaced.
    ///
    /// # Errors
    /// [`ErrorCode::DiskError`] where the folder takes no socket.
    pub fn start(folder: &Path, service: impl Service) -> Result<Self, ApiError> {
        let (listener, place) = bind(folder).map_err(|error| {
            ApiError::new(
                ErrorCode::DiskError,
                format!(
                    "the folder can't hold the socket by which other commands reach Snug: {}",
                    plain_reason(error)
                ),
            )
        })?;
        let (closing, closed) = watch::channel(false);
        let accepting = tokio::spawn(accept(listener, service, closed));
        Ok(Self { closing, accepting: Some(accepting), place })
    }

    /// Takes no further commands, and returns when those under way are answered.
    pub async fn close(mut self) {
        self.closing.send_replace(true);
        if let Some(accepting) = self.accepting.take() {
            // It ends by itself within GRACE; a panic in it was reported where it happened.
            let _ended = accepting.await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(accepting) = &self.accepting {
            accepting.abort();
        }
        // A file that stays is replaced by the next holder of the lock.
        let _gone = std::fs::remove_file(self.place.path());
    }
}

/// A listener under a name of its own first: whoever finds the final name finds a socket that listens, for its owner alone.
fn bind(folder: &Path) -> io::Result<(UnixListener, Place)> {
    let (new, place) = (Place::new(folder, "snug.sock.new")?, Place::new(folder, SOCKET)?);
    match std::fs::remove_file(new.path()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(new.path())?;
    std::fs::set_permissions(new.path(), Permissions::from_mode(0o600))?;
    std::fs::rename(new.path(), place.path())?;
    Ok((listener, place))
}

async fn accept(listener: UnixListener, service: impl Service, mut closing: watch::Receiver<bool>) {
    let seats = Arc::new(Semaphore::new(CLIENTS));
    let mut talks = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = closed(&mut closing) => break,
            Some(_) = talks.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // Out of descriptors, usually: others end, then it goes on.
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        match Arc::clone(&seats).try_acquire_owned() {
            Ok(seat) => {
                let (service, closing) = (service.clone(), closing.clone());
                talks.spawn(async move { talk(stream, service, closing, seat).await });
            }
            Err(_) => turn_away(&stream),
        }
    }
    drop(listener);
    let all = async { while talks.join_next().await.is_some() {} };
    let _in_time = timeout(GRACE, all).await;
}

/// Tells one client too many, without waiting for it: a few hundred bytes fit into a fresh socket's buffer.
fn turn_away(stream: &UnixStream) {
    let busy = ApiError::new(
        ErrorCode::Busy,
        "too many programs talk with this laptop's Snug at once; close some and try again",
    );
    let _told = stream.try_write(&frame::line(FromLaptop::Error(busy)).unwrap_or_default());
}

/// One client, from hello to its end.
async fn talk(
    stream: UnixStream,
    service: impl Service,
    mut closing: watch::Receiver<bool>,
    _seat: OwnedSemaphorePermit,
) {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    if say(&mut writer, FromLaptop::Hello {}).await.is_err() {
        return;
    }
    loop {
        let heard = tokio::select! {
            biased;
            () = closed(&mut closing) => return,
            heard = frame::read::<ToLaptop>(&mut reader, TO_LAPTOP_BYTES) => heard,
        };
        let said = match heard {
            Ok(None) => return,
            Ok(Some(ToLaptop::Follow {})) => return tell(&mut reader, &mut writer, &service, closing).await,
            Ok(Some(ToLaptop::Call(request))) => match service.handle(request).await {
                Ok(response) => say(&mut writer, FromLaptop::Answer(response)).await,
                Err(error) => say(&mut writer, FromLaptop::Error(error)).await,
            },
            Ok(Some(ToLaptop::Raise {})) => match service.raise() {
                Ok(()) => say(&mut writer, FromLaptop::Raised {}).await,
                Err(error) => say(&mut writer, FromLaptop::Error(error)).await,
            },
            Err(error) => {
                // What follows can't be told from the rest of the bad frame.
                let _last_word = say(&mut writer, FromLaptop::Error(error.into())).await;
                return;
            }
        };
        match said {
            Ok(()) => {}
            Err(error @ FrameError::TooLarge { .. }) => {
                if say(&mut writer, FromLaptop::Error(error.into())).await.is_err() {
                    return;
                }
            }
            Err(_) => return,
        }
    }
}

/// Events until either end goes.
async fn tell(
    reader: &mut BufReader<OwnedReadHalf>,
    writer: &mut OwnedWriteHalf,
    service: &impl Service,
    mut closing: watch::Receiver<bool>,
) {
    let mut events = service.follow();
    let mut ignored = [0; 64];
    loop {
        tokio::select! {
            () = closed(&mut closing) => return,
            read = reader.read(&mut ignored) => if matches!(read, Ok(0) | Err(_)) { return },
            event = events.recv() => match event {
                Some(event) => if say(writer, FromLaptop::Event(event)).await.is_err() { return },
                None => return,
            },
        }
    }
}

/// Waits until the laptop closes, or its server is gone.
async fn closed(closing: &mut watch::Receiver<bool>) {
    let _closing = closing.wait_for(|closing| *closing).await;
}

async fn say(writer: &mut OwnedWriteHalf, what: FromLaptop) -> Result<(), FrameError> {
    timeout(UNREAD, frame::write(writer, what, FROM_LAPTOP_BYTES))
        .await
        .unwrap_or_else(|_| Err(FrameError::Io(io::ErrorKind::TimedOut.into())))
}
