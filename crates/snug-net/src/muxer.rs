//! Yamux over a TCP channel, with its windows bounded.
//!
//! libp2p's own wrapper leaves yamux's limit for all receive windows of a connection at 1 GiB and offers no way to lower
//! it. Windows grow with the round-trip time, which the other side can pretend by answering late; so a peer could make
//! us hold that much while its stream isn't read. This wrapper sets the limit, and otherwise does the same, with the
//! same name on the wire.

use crate::bound;
use futures::future::{Ready, ready};
use futures::{AsyncRead, AsyncWrite};
use libp2p::core::muxing::{StreamMuxer, StreamMuxerEvent};
use libp2p::core::upgrade::{InboundConnectionUpgrade, OutboundConnectionUpgrade, UpgradeInfo};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use yamux::{Config, Connection, ConnectionError, Mode, Stream};

/// The upgrade from a channel to a [`Muxer`].
#[derive(Debug, Clone)]
pub(crate) struct Yamux(Config);

impl Yamux {
    pub(crate) fn new() -> Self {
        let mut config = Config::default();
        // In this order: yamux insists on 256 KiB for every stream.
        config.set_max_num_streams(bound::STREAMS);
        config.set_max_connection_receive_window(Some(bound::YAMUX_WINDOWS));
        Self(config)
    }

    fn muxer<C: AsyncRead + AsyncWrite + Unpin>(self, channel: C, mode: Mode) -> Muxer<C> {
        Muxer { connection: Connection::new(channel, self.0, mode), arrived: None, waiting: None }
    }
}

impl UpgradeInfo for Yamux {
    type Info = &'static str;
    type InfoIter = std::iter::Once<&'static str>;

    fn protocol_info(&self) -> Self::InfoIter {
        std::iter::once("/yamux/1.0.0")
    }
}

impl<C: AsyncRead + AsyncWrite + Send + Unpin + 'static> InboundConnectionUpgrade<C> for Yamux {
    type Output = Muxer<C>;
    type Error = io::Error;
    type Future = Ready<io::Result<Muxer<C>>>;

    fn upgrade_inbound(self, channel: C, _: &'static str) -> Self::Future {
        ready(Ok(self.muxer(channel, Mode::Server)))
    }
}

impl<C: AsyncRead + AsyncWrite + Send + Unpin + 'static> OutboundConnectionUpgrade<C> for Yamux {
    type Output = Muxer<C>;
    type Error = io::Error;
    type Future = Ready<io::Result<Muxer<C>>>;

    fn upgrade_outbound(self, channel: C, _: &'static str) -> Self::Future {
        ready(Ok(self.muxer(channel, Mode::Client)))
    }
}

/// One connection's streams.
#[derive(Debug)]
pub(crate) struct Muxer<C> {
    connection: Connection<C>,
    /// Came while nobody asked for it. There is one stream to a connection, so one place is enough; a second is reset.
    arrived: Option<Stream>,
    /// Who asked for a stream that hadn't come.
    waiting: Option<Waker>,
}

impl<C: AsyncRead + AsyncWrite + Unpin> Muxer<C> {
    /// Moves everything on this connection; yamux has no other way to.
    fn drive(&mut self, cx: &mut Context<'_>) -> Poll<Result<Stream, ConnectionError>> {
        self.connection.poll_next_inbound(cx).map(|next| next.unwrap_or(Err(ConnectionError::Closed)))
    }
}

impl<C: AsyncRead + AsyncWrite + Unpin> StreamMuxer for Muxer<C> {
    type Substream = Stream;
    type Error = ConnectionError;

    fn poll_inbound(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Stream, ConnectionError>> {
        if let Some(stream) = self.arrived.take() {
            return Poll::Ready(Ok(stream));
        }
        let next = self.drive(cx);
        if next.is_pending() {
            self.waiting = Some(cx.waker().clone());
        }
        next
    }

    fn poll_outbound(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Stream, ConnectionError>> {
        self.connection.poll_new_outbound(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), ConnectionError>> {
        self.connection.poll_close(cx)
    }

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<StreamMuxerEvent, ConnectionError>> {
        match self.drive(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Ready(Ok(stream)) => {
                if self.arrived.is_none() {
                    self.arrived = Some(stream);
                }
                if let Some(waiting) = self.waiting.take() {
                    waiting.wake();
                }
                // More may have come; others get their turn first.
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }
}
