//! A stranger who speaks libp2p, or nothing, and belongs to nobody.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic, in its helpers too")]

mod support;

use futures::{AsyncReadExt, AsyncWriteExt};
use libp2p::core::muxing::{StreamMuxerBox, StreamMuxerExt};
use libp2p::core::transport::{DialOpts, PortUse, Transport};
use libp2p::core::{Endpoint, muxing::SubstreamBox};
use libp2p::{Multiaddr, identity::Keypair, quic};
use snug_net::{NetEvent, SlotId};
use std::future::poll_fn;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use support::{Laptop, PATIENCE, with_limits};
use tokio::io::AsyncReadExt as _;
use tokio::time::timeout;

const NEVER: Duration = Duration::from_hours(1);
const GREETING: &[u8] = b"\x13/multistream/1.0.0\n";
const STREAM: &[u8] = b"\x0a/stream/1\n";
const NOT_AVAILABLE: &[u8] = b"\x03na\n";

async fn laptop(proof: Duration) -> Laptop {
    Laptop::start(with_limits(|limits| {
        limits.proof = proof;
        limits.silence = NEVER;
    }))
    .await
}

fn v4(places: &[SocketAddr]) -> SocketAddr {
    *places.iter().find(|at| at.is_ipv4()).unwrap()
}

/// A QUIC connection as libp2p makes it, without a swarm above it.
async fn connect(to: SocketAddr) -> StreamMuxerBox {
    let mut transport = quic::tokio::Transport::new(quic::Config::new(&Keypair::generate_ed25519()));
    let address: Multiaddr = format!("/ip4/{}/udp/{}/quic-v1", to.ip(), to.port()).parse().unwrap();
    let opts = DialOpts { role: Endpoint::Dialer, port_use: PortUse::New };
    let (_, connection) = transport.dial(address, opts).unwrap().await.unwrap();
    StreamMuxerBox::new(connection)
}

async fn stream(connection: &mut StreamMuxerBox) -> SubstreamBox {
    poll_fn(|cx| connection.poll_outbound_unpin(cx)).await.unwrap()
}

async fn say(stream: &mut SubstreamBox, words: &[&[u8]]) {
    stream.write_all(&words.concat()).await.unwrap();
    stream.flush().await.unwrap();
}

async fn hear(stream: &mut SubstreamBox, words: &[&[u8]]) {
    let mut heard = vec![0; words.concat().len()];
    timeout(PATIENCE, stream.read_exact(&mut heard)).await.expect("an answer in time").unwrap();
    assert_eq!(heard, words.concat(), "{}", heard.escape_ascii());
}

/// What still comes until the stream is over, however it ends.
async fn rest(stream: &mut SubstreamBox) -> Vec<u8> {
    let mut rest = Vec::new();
    // An error is an end like any other: the connection was closed.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("an end in time");
    rest
}

#[tokio::test]
async fn whoever_says_nothing_hears_nothing_until_the_deadline() {
    let proof = Duration::from_millis(900);
    let mut laptop = laptop(proof).await;
    let place = laptop.places[&SlotId(0)].clone();

    let began = Instant::now();
    let mut silent = tokio::net::TcpStream::connect(v4(&place.tcp)).await.unwrap();
    let mut heard = Vec::new();
    timeout(PATIENCE, silent.read_to_end(&mut heard)).await.expect("an end in time").unwrap();
    assert_eq!(heard, b"");
    assert!(began.elapsed() >= proof);

    // The same deadline once the channel stands, counted from the first packet, with or without a stream.
    let began = Instant::now();
    let mut connection = connect(v4(&place.quic)).await;
    let mut asked = stream(&mut connection).await;
    say(&mut asked, &[GREETING, STREAM]).await;
    hear(&mut asked, &[GREETING, STREAM]).await;
    let conn = laptop.opened().await.conn;
    assert_eq!(rest(&mut asked).await, b"");
    laptop.closed(conn).await;
    let with_a_stream = began.elapsed();
    // The first packet left a little after the clock began; nothing ends before the deadline.
    assert!(with_a_stream >= proof, "{with_a_stream:?}");

    let mut connection = connect(v4(&place.quic)).await;
    let closed = poll_fn(|cx| connection.poll_inbound_unpin(cx).map(|stream| stream.is_err()));
    assert!(timeout(PATIENCE, closed).await.unwrap());
}

#[tokio::test]
async fn there_is_one_stream_to_a_connection() {
    let mut laptop = laptop(NEVER).await;
    let mut connection = connect(v4(&laptop.places[&SlotId(0)].quic)).await;
    let mut first = stream(&mut connection).await;
    say(&mut first, &[GREETING, STREAM]).await;
    hear(&mut first, &[GREETING, STREAM]).await;
    let conn = laptop.opened().await.conn;

    let mut second = stream(&mut connection).await;
    say(&mut second, &[GREETING, STREAM]).await;
    hear(&mut second, &[GREETING, NOT_AVAILABLE]).await;

    say(&mut first, &[b"\0\0\0\x05proof"]).await;
    assert_eq!(laptop.frame(conn).await, b"proof");
}

#[tokio::test]
async fn no_other_protocol_is_spoken() {
    let laptop = laptop(NEVER).await;
    for protocol in
        [&b"\x0f/ipfs/id/1.0.0\n"[..], b"\x11/ipfs/ping/1.0.0\n", b"\x20/libp2p/circuit/relay/0.2.0/hop\n"]
    {
        let mut connection = connect(v4(&laptop.places[&SlotId(0)].quic)).await;
        let mut asked = stream(&mut connection).await;
        say(&mut asked, &[GREETING, protocol]).await;
        hear(&mut asked, &[GREETING, NOT_AVAILABLE]).await;
    }
}

/// Neither empty frames nor frames of absurd length are borne from whoever hasn't proven themselves.
#[tokio::test]
async fn what_is_no_first_frame_ends_the_connection() {
    let mut laptop = laptop(NEVER).await;
    for (frame, end) in [(&[0, 0, 0, 0][..], "empty"), (&[0xff; 4], "absurd"), (&[0, 0, 0x10, 1], "large")] {
        let mut connection = connect(v4(&laptop.places[&SlotId(0)].quic)).await;
        let mut asked = stream(&mut connection).await;
        say(&mut asked, &[GREETING, STREAM, frame]).await;
        let conn = laptop.opened().await.conn;
        hear(&mut asked, &[GREETING, STREAM]).await;
        assert_eq!(rest(&mut asked).await, b"", "{end}");
        laptop.closed(conn).await;
    }
}

/// A stranger who floods costs one event, until the owner decides.
#[tokio::test]
async fn a_flood_before_the_proof_is_one_frame() {
    let mut laptop = laptop(NEVER).await;
    let mut connection = connect(v4(&laptop.places[&SlotId(0)].quic)).await;
    let mut asked = stream(&mut connection).await;
    say(&mut asked, &[GREETING, STREAM]).await;
    let flood = b"\0\0\0\x04many".repeat(1000);
    say(&mut asked, &[&flood]).await;
    let conn = laptop.opened().await.conn;
    assert_eq!(laptop.frame(conn).await, b"many");
    // An honest connection comes and carries meanwhile; nothing of the flood comes before it.
    let mut other = Laptop::start(support::config()).await;
    other.dial(1, &laptop, support::By::Tcp);
    let dialed = other.opened().await.conn;
    other.net.send(dialed, b"honest".to_vec()).unwrap();
    let honest = laptop.opened().await.conn;
    assert_eq!(laptop.frame(honest).await, b"honest");
    laptop.net.proven(conn);
    let next = laptop.event().await;
    assert_eq!(next, NetEvent::Frame { conn, bytes: b"many".to_vec() });
}
