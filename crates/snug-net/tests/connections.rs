//! Two laptops on loopback: how connections come, carry and go.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic, in its helpers too")]

mod support;

use snug_net::bound::{OUTGOING_BYTES, UNPROVEN_FRAME_BYTES};
use snug_net::{DialId, DialTarget, Interfaces, NetConfig, NetEvent, SendError, SlotId};
use snug_types::bound::FRAME_BYTES;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;
use support::{By, LOCALHOST, Laptop, config, connect, proven_pair, with_limits};

/// So long that it doesn't come within a test.
const NEVER: Duration = Duration::from_hours(1);

#[tokio::test]
async fn frames_go_both_ways_over_either_channel() {
    for by in [By::Quic, By::Tcp, By::Both] {
        let (mut a, at_a, mut b, at_b) = proven_pair(config(), config(), by).await;
        assert_eq!(at_a.dialed, Some(DialId(1)));
        assert_eq!(at_b.dialed, None);
        assert_eq!((at_a.local, at_a.remote), (at_b.remote, at_b.local), "{by:?}");
        assert_eq!(at_a.remote, b.places[&SlotId(0)].key);
        assert_eq!(at_b.remote, a.places[&SlotId(0)].key);
        assert_eq!(at_b.from.ip(), LOCALHOST);

        let large: Vec<u8> = (0..FRAME_BYTES).map(|i| u8::try_from(i % 251).unwrap()).collect();
        a.net.send(at_a.conn, large.clone()).unwrap();
        assert_eq!(b.frame(at_b.conn).await, large);
        b.net.send(at_b.conn, large.clone()).unwrap();
        assert_eq!(a.frame(at_a.conn).await, large);

        // What was queued before the close arrives whole.
        for _ in 0..3 {
            a.net.send(at_a.conn, large.clone()).unwrap();
        }
        a.net.send(at_a.conn, b"last".to_vec()).unwrap();
        a.net.close(at_a.conn);
        for _ in 0..3 {
            assert_eq!(b.frame(at_b.conn).await, large);
        }
        assert_eq!(b.frame(at_b.conn).await, b"last");
        a.closed(at_a.conn).await;
        b.closed(at_b.conn).await;
        assert_eq!(a.net.send(at_a.conn, vec![1]), Err(SendError::Gone));
    }
}

#[tokio::test]
async fn ipv6_works_as_ipv4_does() {
    let (mut a, mut b) = (Laptop::start(config()).await, Laptop::start(config()).await);
    let localhost = IpAddr::V6(Ipv6Addr::LOCALHOST);
    if !b.places[&SlotId(0)].tcp.iter().any(|at| at.ip() == localhost) {
        // Past the test harness, which keeps the words of a test that passes to itself.
        let _ = writeln!(std::io::stderr(), "skipped: this machine has no IPv6 on loopback");
        return;
    }
    for (dial, by) in [(1, By::Quic), (2, By::Tcp)] {
        a.net.dial(DialId(dial), SlotId(1), b.target(SlotId(1), localhost, by)).unwrap();
        let at_a = a.opened().await;
        a.net.send(at_a.conn, b"proof".to_vec()).unwrap();
        let at_b = b.opened().await;
        assert_eq!((at_a.slot, at_b.slot, at_b.from.ip()), (SlotId(1), SlotId(1), localhost));
        assert_eq!(b.frame(at_b.conn).await, b"proof");
    }
}

#[tokio::test]
async fn a_wrong_key_is_no_answer() {
    let (mut a, b) = (Laptop::start(config()).await, Laptop::start(config()).await);
    for (dial, by) in [(1, By::Quic), (2, By::Tcp), (3, By::Both)] {
        let wrong = b.places[&SlotId(1)].key;
        let target = DialTarget { expected: Some(wrong), ..b.target(SlotId(0), LOCALHOST, by) };
        a.net.dial(DialId(dial), SlotId(0), target).unwrap();
        a.dial_failed(DialId(dial)).await;
    }
}

#[tokio::test]
async fn a_dial_to_nowhere_fails() {
    let mut a = Laptop::start(config()).await;
    let nobody = DialTarget { ip: LOCALHOST, tcp: Some(1), quic: None, expected: None };
    a.net.dial(DialId(1), SlotId(0), nobody).unwrap();
    a.dial_failed(DialId(1)).await;
    a.net.dial(DialId(2), SlotId(0), DialTarget { tcp: None, ..nobody }).unwrap();
    a.dial_failed(DialId(2)).await;
    a.net.dial(DialId(3), SlotId(77), nobody).unwrap();
    a.dial_failed(DialId(3)).await;
}

/// QUIC's port is dead: TCP takes over, and the connection carries.
#[tokio::test]
async fn tcp_takes_over_where_quic_is_blocked() {
    let (mut a, mut b) = (Laptop::start(config()).await, Laptop::start(config()).await);
    let blocked = std::net::UdpSocket::bind((LOCALHOST, 0)).unwrap();
    let port = blocked.local_addr().unwrap().port();
    let target = DialTarget { quic: Some(port), ..b.target(SlotId(0), LOCALHOST, By::Both) };
    a.net.dial(DialId(1), SlotId(0), target).unwrap();
    let at_a = a.opened().await;
    a.net.send(at_a.conn, b"proof".to_vec()).unwrap();
    let at_b = b.opened().await;
    assert_eq!(b.frame(at_b.conn).await, b"proof");
}

#[tokio::test]
async fn a_frame_one_byte_too_large_is_not_sent() {
    let (mut a, mut b) = (Laptop::start(config()).await, Laptop::start(config()).await);
    a.dial(1, &b, By::Quic);
    let at_a = a.opened().await;
    let refused = a.net.send(at_a.conn, vec![1; UNPROVEN_FRAME_BYTES + 1]);
    assert!(matches!(refused, Err(SendError::Size { .. })), "{refused:?}");
    assert!(matches!(a.net.send(at_a.conn, Vec::new()), Err(SendError::Size { .. })));
    a.net.send(at_a.conn, vec![1; UNPROVEN_FRAME_BYTES]).unwrap();
    let at_b = b.opened().await;
    assert_eq!(b.frame(at_b.conn).await.len(), UNPROVEN_FRAME_BYTES);
    a.net.proven(at_a.conn);
    let refused = a.net.send(at_a.conn, vec![1; FRAME_BYTES + 1]);
    assert!(matches!(refused, Err(SendError::Size { .. })), "{refused:?}");
}

/// A dialer that believes itself proven sends a large first frame: the listener ends it, in well under the deadline.
#[tokio::test]
async fn an_oversized_first_frame_ends_the_connection() {
    for by in [By::Quic, By::Tcp] {
        let (mut a, mut b) =
            (Laptop::start(config()).await, Laptop::start(with_limits(|limits| limits.proof = NEVER)).await);
        a.dial(1, &b, by);
        let at_a = a.opened().await;
        a.net.proven(at_a.conn);
        a.net.send(at_a.conn, vec![1; UNPROVEN_FRAME_BYTES + 1]).unwrap();
        let at_b = b.opened().await;
        b.closed(at_b.conn).await;
        a.closed(at_a.conn).await;
    }
}

#[tokio::test]
async fn whoever_has_not_proven_hears_nothing_and_is_heard_once() {
    let (mut a, mut b) = (Laptop::start(config()).await, Laptop::start(config()).await);
    a.dial(1, &b, By::Quic);
    let at_a = a.opened().await;
    for frame in [b"one", b"two"] {
        a.net.send(at_a.conn, frame.to_vec()).unwrap();
    }
    let at_b = b.opened().await;
    assert_eq!(b.frame(at_b.conn).await, b"one");
    assert_eq!(b.net.send(at_b.conn, b"hello".to_vec()), Err(SendError::Unproven));
    // A second connection's frame comes; the first connection's second frame didn't come before it.
    a.dial(2, &b, By::Quic);
    let second = a.opened().await;
    a.net.send(second.conn, b"other".to_vec()).unwrap();
    let at_b_second = b.opened().await;
    assert_eq!(b.frame(at_b_second.conn).await, b"other");
    b.net.proven(at_b.conn);
    assert_eq!(b.frame(at_b.conn).await, b"two");
}

#[tokio::test]
async fn the_deadline_ends_what_is_not_proven_and_spares_what_is() {
    let short = Duration::from_millis(1500);
    for by in [By::Quic, By::Tcp] {
        let mut a = Laptop::start(with_limits(|limits| limits.proof = NEVER)).await;
        let mut b = Laptop::start(with_limits(|limits| limits.proof = short)).await;
        let (proven_a, proven_b) = connect(&mut a, &mut b, 1, by).await;
        a.dial(2, &b, by);
        let at_a = a.opened().await;
        a.net.send(at_a.conn, b"no proof".to_vec()).unwrap();
        let at_b = b.opened().await;
        assert_eq!(b.frame(at_b.conn).await, b"no proof");
        b.closed(at_b.conn).await;
        a.closed(at_a.conn).await;
        a.net.send(proven_a.conn, b"still here".to_vec()).unwrap();
        assert_eq!(b.frame(proven_b.conn).await, b"still here");
    }
}

/// A dialer that never opens the stream, or never says a word on it, costs no event and ends at the deadline.
#[tokio::test]
async fn a_silent_dialer_fails_at_its_own_deadline() {
    let mut a = Laptop::start(with_limits(|limits| limits.proof = Duration::from_millis(800))).await;
    let b = Laptop::start(with_limits(|limits| limits.proof = NEVER)).await;
    a.dial(1, &b, By::Quic);
    let at_a = a.opened().await;
    a.closed(at_a.conn).await;
}

#[tokio::test]
async fn silence_is_noticed_and_keepalives_break_it() {
    let silence = Duration::from_millis(600);
    let lively = || {
        with_limits(|limits| {
            limits.silence = silence;
            limits.keepalive = Duration::from_millis(50);
        })
    };
    let (a, at_a, mut b, at_b) = proven_pair(lively(), lively(), By::Tcp).await;
    // Longer than the silence: only keepalives can have held it.
    tokio::time::sleep(silence * 3).await;
    a.net.send(at_a.conn, b"still here".to_vec()).unwrap();
    assert_eq!(b.frame(at_b.conn).await, b"still here");

    let mute = with_limits(|limits| limits.keepalive = NEVER);
    let (_c, _, mut d, at_d) = proven_pair(mute, lively(), By::Tcp).await;
    d.closed(at_d.conn).await;
}

/// The other laptop's owner takes nothing out: the sender's queue fills to its bound and says so, then flows again.
#[tokio::test]
async fn a_slow_reader_fills_nothing_but_its_bound() {
    for by in [By::Quic, By::Tcp] {
        let (mut a, at_a, mut b, at_b) = proven_pair(config(), config(), by).await;
        let frame = vec![7; 256 << 10];
        // 4 MiB in a's queue, 8 in b's budget, the channel's windows, and what the system buffers for TCP.
        let most = (32 << 20) / frame.len();
        let mut sent = 0;
        let mut rounds = 0;
        loop {
            match a.net.send(at_a.conn, frame.clone()) {
                Ok(()) => sent += 1,
                Err(SendError::Full(_)) => {
                    rounds += 1;
                    // Full means stuck once no room comes for a while; a wrong guess only makes the bound tighter.
                    // Beacons of whoever else is on this machine pass by meanwhile.
                    let writable = NetEvent::Writable { conn: at_a.conn };
                    let room = a.until(|event| (*event == writable).then_some(()));
                    if tokio::time::timeout(Duration::from_millis(700), room).await.is_err() {
                        break;
                    }
                }
                Err(other) => panic!("{other}"),
            }
            assert!(sent < most, "32 MiB went somewhere");
        }
        assert!(rounds > 0 && sent * frame.len() >= OUTGOING_BYTES);
        for _ in 0..sent {
            assert_eq!(b.frame(at_b.conn).await.len(), frame.len());
        }
        a.send_all(at_a.conn, [b"flows again".to_vec()]).await;
        assert_eq!(b.frame(at_b.conn).await, b"flows again");
    }
}

#[tokio::test]
async fn the_oldest_unproven_gives_way_to_the_newest() {
    let mut a = Laptop::start(config()).await;
    let mut b = Laptop::start(with_limits(|limits| {
        limits.unproven_per_address = 2;
        limits.proof = NEVER;
    }))
    .await;
    let (proven_a, proven_b) = connect(&mut a, &mut b, 1, By::Tcp).await;
    let (mut opened, mut closed) = (Vec::new(), Vec::new());
    for (dial, by) in [(2, By::Tcp), (3, By::Quic), (4, By::Tcp)] {
        a.dial(dial, &b, by);
        let before = opened.len();
        while opened.len() == before || (opened.len() == 3 && closed.is_empty()) {
            match a.event().await {
                NetEvent::Opened { conn, .. } => opened.push(conn),
                NetEvent::Closed { conn } => closed.push(conn),
                other => panic!("unexpected: {other:?}"),
            }
        }
    }
    assert_eq!(closed, opened[..1]);
    // The proven one still carries; b may hear of the others before.
    a.net.send(proven_a.conn, b"still here".to_vec()).unwrap();
    let still_here = NetEvent::Frame { conn: proven_b.conn, bytes: b"still here".to_vec() };
    while b.event().await != still_here {}
}

#[tokio::test]
async fn one_connection_too_many_is_refused() {
    let mut a = Laptop::start(config()).await;
    let mut b = Laptop::start(with_limits(|limits| limits.connections = 1)).await;
    connect(&mut a, &mut b, 1, By::Tcp).await;
    for (dial, by) in [(2, By::Tcp), (3, By::Quic)] {
        a.dial(dial, &b, by);
        a.dial_failed(DialId(dial)).await;
    }
}

#[tokio::test]
async fn every_launch_and_every_slot_has_its_own_key_and_ports() {
    let pool = || NetConfig { pool: 8, ..config() };
    let (first, second) = (Laptop::start(pool()).await, Laptop::start(pool()).await);
    let places = || first.places.values().chain(second.places.values());
    assert_eq!(places().map(|place| place.key).collect::<BTreeSet<_>>().len(), 16);
    assert!(places().flat_map(|place| place.tcp.iter().chain(&place.quic)).all(|at| at.ip().is_loopback()));
    let count = |laptop: &Laptop| {
        laptop.places.values().map(|place| (place.tcp.len(), place.quic.len())).collect::<Vec<_>>()
    };
    assert_eq!(count(&first), count(&second));
}

#[tokio::test]
async fn a_renewed_slot_has_another_key_and_no_connections() {
    let (mut a, at_a, mut b, at_b) = proven_pair(config(), config(), By::Quic).await;
    let before = b.places[&SlotId(0)].clone();
    b.net.renew(SlotId(0)).unwrap();
    let (mut closed, mut listens) = (false, false);
    while !(closed && listens) {
        match b.event().await {
            NetEvent::Closed { conn } if conn == at_b.conn => closed = true,
            NetEvent::Listening { slot: SlotId(0), key, tcp, quic } if !tcp.is_empty() => {
                assert_ne!(key, before.key);
                assert_ne!(tcp, before.tcp);
                b.places.insert(SlotId(0), support::Place { key, tcp, quic });
                listens = true;
            }
            other => panic!("unexpected: {other:?}"),
        }
    }
    a.closed(at_a.conn).await;
    connect(&mut a, &mut b, 2, By::Both).await;
}

/// `lo` is not allowed, so nothing listens and nothing is dialed there.
#[tokio::test]
async fn what_is_not_allowed_is_not_dialed() {
    let nowhere = Interfaces::Only(vec!["no-such-interface".to_owned()]);
    let (net, mut events) = snug_net::Net::start(NetConfig { interfaces: nowhere, ..config() });
    for slot in 0..2 {
        let told = events.recv().await.unwrap();
        assert!(
            matches!(&told, NetEvent::Listening { tcp, quic, .. } if tcp.is_empty() && quic.is_empty()),
            "{slot}: {told:?}"
        );
    }
    let b = Laptop::start(config()).await;
    for (dial, by) in [(1, By::Tcp), (2, By::Quic)] {
        net.dial(DialId(dial), SlotId(0), b.target(SlotId(0), LOCALHOST, by)).unwrap();
        assert_eq!(events.recv().await, Some(NetEvent::DialFailed { dial: DialId(dial) }));
    }
}

#[tokio::test]
async fn shutdown_ends_though_nobody_takes_the_events_out() {
    let a = Laptop::start(config()).await;
    let nowhere = DialTarget { ip: LOCALHOST, tcp: None, quic: None, expected: None };
    for dial in 0..4000 {
        // Busy is what the handle says once everything before it is full.
        let _ = a.net.dial(DialId(dial), SlotId(0), nowhere);
        tokio::task::yield_now().await;
    }
    tokio::time::timeout(support::PATIENCE, a.net.shutdown()).await.expect("an end in time");
}

#[tokio::test]
async fn shutdown_ends_everything_and_tells_the_peer() {
    for by in [By::Quic, By::Tcp] {
        let (mut a, at_a, b, at_b) = proven_pair(config(), config(), by).await;
        let place = b.places[&SlotId(0)].clone();
        let Laptop { net, mut events, .. } = b;
        net.shutdown().await;
        assert_eq!(net.renew(SlotId(0)), Err(snug_net::NetError::Stopped));
        let mut last = None;
        while let Some(event) = events.recv().await {
            last = Some(event);
        }
        assert_eq!(last, Some(NetEvent::Closed { conn: at_b.conn }));
        a.closed(at_a.conn).await;
        // The port is free again.
        std::net::TcpListener::bind(place.tcp[0]).unwrap();
    }
}
