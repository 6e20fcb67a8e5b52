//! Frames: one JSON object a line, bounded, each with the protocol's version.

use crate::command::{Request, Response};
use crate::error::{ApiError, ErrorCode};
use crate::event::Event;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// The version of this protocol. The command and the running Snug are usually of one build.
const VERSION: u32 = 1;
/// Bytes of a frame to a laptop: the largest note body, each byte of it escaped in six.
pub(crate) const TO_LAPTOP_BYTES: usize = 4 << 20;
/// Bytes of a frame from a laptop: the list of the most notes that a circle holds, with their longest titles.
pub(crate) const FROM_LAPTOP_BYTES: usize = 96 << 20;

/// What a client says.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ToLaptop {
    /// Do this.
    Call(Request),
    /// Tell what happens from now on.
    Follow {},
    /// Let the window show itself.
    Raise {},
}

/// What a laptop says.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FromLaptop {
    /// It listens.
    Hello {},
    /// It is done.
    Answer(Response),
    /// It isn't done.
    Error(ApiError),
    /// Something happened.
    Event(Event),
    /// The window shows itself.
    Raised {},
}

#[derive(Serialize, Deserialize)]
struct Frame<T> {
    version: u32,
    #[serde(flatten)]
    body: T,
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u32,
}

/// Why no frame could be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FrameError {
    #[error("the connection failed: {0}")]
    Io(#[from] std::io::Error),
    #[error("a frame of more than {bound} bytes")]
    TooLarge { bound: usize },
    #[error("the connection ended within a frame")]
    Truncated,
    #[error("a frame of version {found}")]
    OtherVersion { found: u32 },
    #[error("a frame that can't be read: {0}")]
    Malformed(serde_json::Error),
}

impl From<FrameError> for ApiError {
    fn from(error: FrameError) -> Self {
        match error {
            FrameError::Io(_) | FrameError::Truncated => Self::new(
                ErrorCode::Closing,
                "Snug closed before it answered; look whether it was done before you try again",
            ),
            FrameError::TooLarge { bound } => Self::new(
                ErrorCode::TooLarge,
                format!("this is too large to be handed over: {bound} bytes at most"),
            ),
            FrameError::OtherVersion { .. } | FrameError::Malformed(_) => Self::new(
                ErrorCode::OtherVersion,
                "the Snug that is running here is of another version than this command; close it and try again",
            ),
        }
    }
}

/// The next frame of at most `bound` bytes; none if the other end is gone.
pub(crate) async fn read<T: DeserializeOwned>(
    from: &mut (impl AsyncBufRead + Unpin + Send),
    bound: usize,
) -> Result<Option<T>, FrameError> {
    let mut line = Vec::new();
    let limit = u64::try_from(bound).unwrap_or(u64::MAX);
    from.take(limit).read_until(b'\n', &mut line).await?;
    match line.last() {
        None => Ok(None),
        Some(b'\n') => parse(&line).map(Some),
        Some(_) if line.len() >= bound => Err(FrameError::TooLarge { bound }),
        Some(_) => Err(FrameError::Truncated),
    }
}

fn parse<T: DeserializeOwned>(line: &[u8]) -> Result<T, FrameError> {
    match serde_json::from_slice::<Frame<T>>(line) {
        Ok(Frame { version: VERSION, body }) => Ok(body),
        Ok(Frame { version: found, .. }) => Err(FrameError::OtherVersion { found }),
        // Another version's frame may be of another shape.
        Err(malformed) => match serde_json::from_slice::<VersionOnly>(line) {
            Ok(VersionOnly { version: found }) if found != VERSION => Err(FrameError::OtherVersion { found }),
            _ => Err(FrameError::Malformed(malformed)),
        },
    }
}

/// A frame as it is sent.
pub(crate) fn line<T: Serialize>(body: T) -> Result<Vec<u8>, FrameError> {
    let mut line = serde_json::to_vec(&Frame { version: VERSION, body }).map_err(FrameError::Malformed)?;
    line.push(b'\n');
    Ok(line)
}

/// Sends a frame of at most `bound` bytes; a larger one isn't begun.
pub(crate) async fn write<T: Serialize + Send>(
    to: &mut (impl AsyncWrite + Unpin + Send),
    body: T,
    bound: usize,
) -> Result<(), FrameError> {
    let line = line(body)?;
    if line.len() > bound {
        return Err(FrameError::TooLarge { bound });
    }
    to.write_all(&line).await?;
    to.flush().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::CircleList;
    use crate::view::Circles;
    use tokio::io::BufReader;

    async fn read_one(bytes: &[u8], bound: usize) -> Result<Option<ToLaptop>, FrameError> {
        read(&mut BufReader::new(bytes), bound).await
    }

    #[tokio::test]
    async fn frames_come_back_one_a_line() {
        let mut bytes = Vec::new();
        write(&mut bytes, ToLaptop::Call(CircleList {}.into()), 1000).await.unwrap();
        write(&mut bytes, ToLaptop::Follow {}, 1000).await.unwrap();
        assert_eq!(
            String::from_utf8(bytes.clone()).unwrap(),
            "{\"version\":1,\"call\":{\"command\":\"circle_list\",\"with\":{}}}\n{\"version\":1,\"follow\":{}}\n"
        );
        let mut reader = BufReader::new(bytes.as_slice());
        assert_eq!(read(&mut reader, 1000).await.unwrap(), Some(ToLaptop::Call(CircleList {}.into())));
        assert_eq!(read(&mut reader, 1000).await.unwrap(), Some(ToLaptop::Follow {}));
        assert_eq!(read::<ToLaptop>(&mut reader, 1000).await.unwrap(), None);

        let mut bytes = Vec::new();
        let answer =
            || FromLaptop::Answer(Response::CircleList(Circles { circles: vec![], joining: vec![] }));
        write(&mut bytes, answer(), 1000).await.unwrap();
        assert_eq!(read(&mut BufReader::new(bytes.as_slice()), 1000).await.unwrap(), Some(answer()));
    }

    #[tokio::test]
    async fn no_more_than_the_bound_is_read() {
        let mut endless = BufReader::new(tokio::io::repeat(b' '));
        let error = read::<ToLaptop>(&mut endless, 100).await.unwrap_err();
        assert!(matches!(error, FrameError::TooLarge { bound: 100 }));
        let line = b"{\"version\":1,\"follow\":{}}\n";
        assert!(read_one(line, line.len()).await.is_ok());
        assert!(read_one(line, line.len() - 1).await.is_err());
        assert!(write(&mut Vec::new(), ToLaptop::Follow {}, line.len() - 1).await.is_err());
    }

    #[tokio::test]
    async fn other_versions_and_damage_are_told_apart() {
        let found = |bytes: &'static [u8]| async move { read_one(bytes, 1000).await.unwrap_err() };
        let later = found(b"{\"version\":2,\"sing\":{}}\n").await;
        assert!(matches!(later, FrameError::OtherVersion { found: 2 }));
        assert!(matches!(
            found(b"{\"version\":2,\"follow\":{}}\n").await,
            FrameError::OtherVersion { found: 2 }
        ));
        assert!(matches!(found(b"{\"version\":1,\"sing\":{}}\n").await, FrameError::Malformed(_)));
        assert!(matches!(found(b"hello\n").await, FrameError::Malformed(_)));
        assert!(matches!(found(b"{\"version\":1").await, FrameError::Truncated));
    }
}
