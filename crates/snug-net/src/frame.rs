//! Frames on a stream: four bytes of length, big-endian, and so many bytes. A length of zero says "still here".
//!
//! The reader allocates as bytes arrive, never by what a length claims.

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use std::io;
use std::time::Duration;
use tokio::time::timeout;

/// How much is read or written at a time; each piece must come or go within the silence allowed.
const PIECE: usize = 64 << 10;

/// Why a stream ends.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FrameError {
    #[error("a frame of {bytes} bytes, where {limit} are allowed")]
    TooLarge { bytes: usize, limit: usize },
    #[error("nothing came, or nothing was taken, for too long")]
    Silent,
    #[error(transparent)]
    Stream(#[from] io::Error),
}

/// Reads one frame; empty for "still here".
pub(crate) async fn read(
    stream: &mut (impl AsyncRead + Unpin),
    limit: usize,
    silence: Duration,
) -> Result<Vec<u8>, FrameError> {
    let mut length = [0; 4];
    within(silence, stream.read_exact(&mut length)).await?;
    let bytes = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if bytes > limit {
        return Err(FrameError::TooLarge { bytes, limit });
    }
    let mut frame = Vec::new();
    while frame.len() < bytes {
        let (start, end) = (frame.len(), bytes.min(frame.len() + PIECE));
        frame.resize(end, 0);
        let got = within(silence, stream.read(&mut frame[start..])).await?;
        if got == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        frame.truncate(start + got);
    }
    Ok(frame)
}

/// Writes one frame, and sees it off.
pub(crate) async fn write(
    stream: &mut (impl AsyncWrite + Unpin),
    frame: &[u8],
    silence: Duration,
) -> Result<(), FrameError> {
    let length = u32::try_from(frame.len())
        .map_err(|_| FrameError::TooLarge { bytes: frame.len(), limit: u32::MAX as usize })?;
    // Length and beginning go together: a small frame is one packet.
    let (first, rest) = frame.split_at(frame.len().min(PIECE));
    let head = [&length.to_be_bytes()[..], first].concat();
    within(silence, stream.write_all(&head)).await?;
    for piece in rest.chunks(PIECE) {
        within(silence, stream.write_all(piece)).await?;
    }
    within(silence, stream.flush()).await
}

async fn within<T>(silence: Duration, work: impl Future<Output = io::Result<T>>) -> Result<T, FrameError> {
    timeout(silence, work).await.map_err(|_| FrameError::Silent)?.map_err(FrameError::Stream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::io::Cursor;

    const SILENCE: Duration = Duration::from_mins(1);

    async fn parse(bytes: &[u8], limit: usize) -> Result<Vec<u8>, FrameError> {
        read(&mut Cursor::new(bytes), limit, SILENCE).await
    }

    #[tokio::test]
    async fn a_frame_comes_back_as_it_went() {
        for size in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7] {
            let frame: Vec<u8> = (0..size).map(|i| u8::try_from(i % 251).unwrap()).collect();
            let mut wire = Vec::new();
            write(&mut wire, &frame, SILENCE).await.unwrap();
            assert_eq!(wire.len(), size + 4);
            assert_eq!(parse(&wire, size).await.unwrap(), frame);
        }
    }

    #[tokio::test]
    async fn one_byte_too_many_is_refused_by_its_length_alone() {
        let refused = parse(&[0, 0, 0x10, 0x01], 0x1000).await;
        assert!(matches!(refused, Err(FrameError::TooLarge { bytes: 0x1001, limit: 0x1000 })));
    }

    #[tokio::test]
    async fn a_short_frame_is_an_error() {
        for bytes in [&[][..], &[0, 0], &[0, 0, 0, 5, 1, 2]] {
            assert!(matches!(parse(bytes, 100).await, Err(FrameError::Stream(_))));
        }
    }
}
