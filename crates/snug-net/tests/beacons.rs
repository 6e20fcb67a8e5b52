//! Beacons between instances on one machine, on loopback.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic, in its helpers too")]

mod support;

use snug_net::bound::BEACON_BYTES;
use snug_net::{BeaconSource, NetConfig, NetError, NetEvent};
use std::net::{IpAddr, SocketAddr, UdpSocket};
use support::{LOCALHOST, Laptop, config};

fn packet(mark: u8) -> Vec<u8> {
    vec![mark; BEACON_BYTES]
}

async fn due(laptop: &mut Laptop) -> Vec<BeaconSource> {
    laptop
        .until(|event| match event {
            NetEvent::BeaconDue { sources } => Some(sources.clone()),
            _ => None,
        })
        .await
}

async fn beacon(laptop: &mut Laptop, mark: u8) -> SocketAddr {
    laptop
        .until(|event| match event {
            NetEvent::Beacon { from, bytes } if *bytes == packet(mark) => Some(*from),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn instances_on_one_machine_hear_each_other() {
    let loud = || NetConfig { quiet: false, ..config() };
    let (mut a, mut b, mut quiet) =
        (Laptop::start(loud()).await, Laptop::start(loud()).await, Laptop::start(config()).await);
    let sources = due(&mut a).await;
    assert!(sources.iter().all(|source| source.ip.is_loopback()));
    let source = *sources.iter().find(|source| source.ip == LOCALHOST).unwrap();
    a.net.beacon(source, packet(17)).unwrap();
    for hears in [&mut b, &mut quiet] {
        assert_eq!(beacon(hears, 17).await.ip(), LOCALHOST);
    }
    // Again: beacons come at a rate, not once.
    due(&mut a).await;
    a.net.beacon(source, packet(18)).unwrap();
    beacon(&mut b, 18).await;
}

#[tokio::test]
async fn a_quiet_laptop_sends_none() {
    let mut quiet = Laptop::start(config()).await;
    let mut loud = Laptop::start(NetConfig { quiet: false, ..config() }).await;
    let sources = due(&mut loud).await;
    assert_eq!(quiet.net.beacon(sources[0], packet(1)), Err(NetError::NotABeacon));
    assert_eq!(loud.net.beacon(sources[0], vec![0; BEACON_BYTES - 1]), Err(NetError::NotABeacon));
    // The other has been due thrice by now; this one never was.
    due(&mut loud).await;
    due(&mut loud).await;
    while let Some(event) = quiet.events.try_recv() {
        assert!(!matches!(event, NetEvent::BeaconDue { .. }));
    }
}

/// A beacon that names a source which isn't ours goes nowhere; other sizes on the group are dropped.
#[tokio::test]
async fn what_is_no_beacon_is_dropped() {
    let mut a = Laptop::start(NetConfig { quiet: false, ..config() }).await;
    let mut b = Laptop::start(config()).await;
    let source = *due(&mut a).await.iter().find(|source| source.ip == LOCALHOST).unwrap();
    let foreign: IpAddr = "127.0.0.77".parse().unwrap();
    a.net.beacon(BeaconSource { ip: foreign, ..source }, packet(1)).unwrap();
    // A stranger's datagram goes to the group's address by way of the receiver's own sockets.
    let stranger = UdpSocket::bind((LOCALHOST, 0)).unwrap();
    let group: SocketAddr = "239.255.77.163:41829".parse().unwrap();
    for size in [BEACON_BYTES - 1, BEACON_BYTES + 1, 0] {
        // Where the system finds no way, the datagram can't come either.
        let _ = stranger.send_to(&vec![2; size], group);
    }
    a.net.beacon(source, packet(3)).unwrap();
    let first = b
        .until(|event| match event {
            NetEvent::Beacon { bytes, .. } if bytes[0] < 10 => Some(bytes.clone()),
            _ => None,
        })
        .await;
    assert_eq!(first, packet(3));
}
