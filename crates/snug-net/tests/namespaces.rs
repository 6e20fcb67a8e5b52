//! Two laptops in network namespaces of their own, joined by two cables. Needs root, and says so where it isn't.
//!
//! ```text
//!   ns a:  e0 10.81.0.1, fd81::1 ───── e0 10.81.0.2, fd81::2  :ns b
//!          e1 10.82.0.1          ───── e1 10.82.0.2
//! ```
//! Each laptop is this very test program, run once more inside its namespace. Nothing here can reach a real network:
//! the cables end in the namespaces, and both go when the test ends.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test may panic and speak, in its helpers too"
)]

mod support;

use snug_net::bound::BEACON_BYTES;
use snug_net::{BeaconSource, DialId, DialTarget, Interfaces, Net, NetConfig, NetEvent, SlotId};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{IpAddr, SocketAddr};
use std::process::{Child, Command, Stdio};
use support::{Laptop, config};

/// Tells the program that it is a laptop in a namespace, and which.
const ROLE: &str = "SNUG_NET_ROLE";
/// Where the other laptop listens.
const TARGET: &str = "SNUG_NET_TARGET";

const A: u8 = 1;
const A_WRONG_CABLE: u8 = 2;
const B: u8 = 3;

#[test]
fn laptops_in_namespaces() {
    if let Ok(role) = std::env::var(ROLE) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { if role == "a" { a().await } else { b().await } });
        return;
    }
    let Some(cables) = Cables::lay() else {
        // Past the test harness, which keeps the words of a test that passes to itself.
        let _ =
            writeln!(std::io::stderr(), "skipped: namespaces can't be made here; this needs root and ip(8)");
        return;
    };
    let mut other = cables.laptop("b", "", Stdio::piped());
    // Held to the end, so that b can go on printing; the test harness prints too.
    let mut told = BufReader::new(other.stdout.take().unwrap()).lines().map_while(Result::ok);
    let target = told.find_map(|line| Some(line.split_once("target ")?.1.to_owned()));
    let mut laptop = cables.laptop("a", &target.unwrap(), Stdio::inherit());
    assert!(laptop.wait().unwrap().success(), "laptop a failed; its output is above");
    // The end of its input is the end of b.
    drop(other.stdin.take());
    assert!(other.wait().unwrap().success(), "laptop b failed; its output is above");
}

/// The namespaces of this test; gone with it.
struct Cables {
    prefix: String,
}

impl Cables {
    fn lay() -> Option<Self> {
        let cables = Self { prefix: format!("snug-net-{}", std::process::id()) };
        let ends = ["a", "b"];
        for end in ends {
            ip(&["netns", "add", &cables.name(end)])?;
        }
        for (cable, net) in [("e0", "81"), ("e1", "82")] {
            let (a, b) = (cables.name("a"), cables.name("b"));
            ip(&["link", "add", cable, "netns", &a, "type", "veth", "peer", "name", cable, "netns", &b])?;
            for (end, host) in ends.into_iter().zip(["1", "2"]) {
                let space = cables.name(end);
                ip(&["-n", &space, "link", "set", "lo", "up"])?;
                ip(&["-n", &space, "link", "set", cable, "up"])?;
                ip(&["-n", &space, "addr", "add", &format!("10.{net}.0.{host}/24"), "dev", cable])?;
            }
        }
        for (end, host) in ends.into_iter().zip(["1", "2"]) {
            let address = format!("fd81::{host}/64");
            ip(&["-n", &cables.name(end), "addr", "add", &address, "dev", "e0", "nodad"])?;
        }
        Some(cables)
    }

    fn name(&self, end: &str) -> String {
        format!("{}-{end}", self.prefix)
    }

    /// Runs this program as a laptop at this end.
    fn laptop(&self, end: &str, target: &str, out: Stdio) -> Child {
        Command::new("ip")
            .args(["netns", "exec", &self.name(end)])
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", "laptops_in_namespaces", "--nocapture"])
            .env(ROLE, end)
            .env(TARGET, target)
            .stdin(Stdio::piped())
            .stdout(out)
            .spawn()
            .unwrap()
    }
}

impl Drop for Cables {
    fn drop(&mut self) {
        for end in ["a", "b"] {
            // One that was never made can't be removed.
            let _ = ip(&["netns", "del", &self.name(end)]);
        }
    }
}

/// Runs ip(8); none if it can't do that.
fn ip(args: &[&str]) -> Option<()> {
    let done = Command::new("ip").args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
    done.is_ok_and(|status| status.success()).then_some(())
}

fn on(interface: &str) -> NetConfig {
    NetConfig { interfaces: Interfaces::Only(vec![interface.to_owned()]), quiet: false, ..config() }
}

fn packet(mark: u8) -> Vec<u8> {
    vec![mark; BEACON_BYTES]
}

fn send(net: &Net, sources: &[BeaconSource], mark: u8) {
    for source in sources {
        net.beacon(*source, packet(mark)).unwrap();
    }
}

/// The addresses on which every slot listens, for either channel.
fn addresses(laptop: &Laptop) -> BTreeSet<IpAddr> {
    let ips = |places: &[SocketAddr]| places.iter().map(SocketAddr::ip).collect::<BTreeSet<_>>();
    let place = &laptop.places[&SlotId(0)];
    assert_eq!(ips(&place.tcp), ips(&place.quic));
    ips(&place.tcp)
}

fn parse(ips: &[&str]) -> BTreeSet<IpAddr> {
    ips.iter().map(|ip| ip.parse().unwrap()).collect()
}

/// Uses the first cable alone: says where it listens, beacons, takes every proof, and sends every frame back with the
/// address that it came from. Ends with its input. A beacon of the wrong cable is a failure.
async fn b() {
    let mut laptop = Laptop::start(on("e0")).await;
    assert_eq!(addresses(&laptop), parse(&["10.81.0.2", "fd81::2"]));
    let place = &laptop.places[&SlotId(0)];
    let port = |places: &[SocketAddr], v6| places.iter().find(|at| at.is_ipv6() == v6).unwrap().port();
    let ports =
        [port(&place.quic, false), port(&place.tcp, false), port(&place.quic, true), port(&place.tcp, true)];
    println!("target {}", ports.map(|port| port.to_string()).join(" "));
    std::io::stdout().flush().unwrap();

    let (ended, mut end) = tokio::sync::mpsc::channel::<()>(1);
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_line(&mut String::new());
        drop(ended);
    });
    let mut from_of = std::collections::BTreeMap::new();
    loop {
        let event = tokio::select! {
            event = laptop.event() => event,
            _ = end.recv() => return,
        };
        match event {
            NetEvent::Opened { conn, from, .. } => {
                from_of.insert(conn, from.ip().to_string());
            }
            NetEvent::Frame { conn, .. } => {
                laptop.net.proven(conn);
                laptop.net.send(conn, from_of[&conn].clone().into_bytes()).unwrap();
            }
            NetEvent::BeaconDue { sources } => send(&laptop.net, &sources, B),
            NetEvent::Beacon { bytes, .. } => assert_ne!(bytes[0], A_WRONG_CABLE),
            _ => (),
        }
    }
}

async fn a() {
    let ports: Vec<u16> =
        std::env::var(TARGET).unwrap().split(' ').map(|port| port.parse().unwrap()).collect();
    let target = |ip: &str, quic, tcp| DialTarget { ip: ip.parse().unwrap(), quic, tcp, expected: None };
    let v4 = |quic, tcp| target("10.81.0.2", quic, tcp);
    let (quic, tcp, quic6, tcp6) = (Some(ports[0]), Some(ports[1]), Some(ports[2]), Some(ports[3]));

    let mut all = Laptop::start(NetConfig { interfaces: Interfaces::All, ..config() }).await;
    let everywhere = ["10.81.0.1", "10.82.0.1", "fd81::1", "127.0.0.1", "::1"];
    assert_eq!(addresses(&all), parse(&everywhere));
    all.net.dial(DialId(1), SlotId(0), v4(quic, tcp)).unwrap();
    assert_eq!(said_back(&mut all).await, "10.81.0.1");

    let mut wrong = Laptop::start(on("e1")).await;
    assert_eq!(addresses(&wrong), parse(&["10.82.0.1"]));
    for (dial, to) in
        [v4(quic, None), v4(None, tcp), target("fd81::2", quic6, None), target("127.0.0.1", None, tcp)]
            .into_iter()
            .enumerate()
    {
        let dial = DialId(u64::try_from(dial).unwrap());
        wrong.net.dial(dial, SlotId(0), to).unwrap();
        wrong.dial_failed(dial).await;
    }

    let mut laptop = Laptop::start(on("e0")).await;
    for (dial, to, from) in [
        (1, v4(quic, None), "10.81.0.1"),
        (2, v4(None, tcp), "10.81.0.1"),
        (3, target("fd81::2", quic6, None), "fd81::1"),
        (4, target("fd81::2", None, tcp6), "fd81::1"),
    ] {
        laptop.net.dial(DialId(dial), SlotId(0), to).unwrap();
        assert_eq!(said_back(&mut laptop).await, from);
    }

    beacons(&mut laptop, &mut wrong).await;
    moved(&mut laptop).await;
    laptop.net.dial(DialId(5), SlotId(0), v4(quic, None)).unwrap();
    assert_eq!(said_back(&mut laptop).await, "10.81.0.9");
}

/// Sends a frame on the connection that opens next, and gives what b says in answer: where it saw it come from.
async fn said_back(laptop: &mut Laptop) -> String {
    let mut opened = None;
    loop {
        match laptop.event().await {
            NetEvent::Opened { conn, .. } => {
                laptop.net.send(conn, b"proof".to_vec()).unwrap();
                opened = Some(conn);
            }
            NetEvent::Frame { conn, bytes } if Some(conn) == opened => {
                return String::from_utf8(bytes).unwrap();
            }
            NetEvent::DialFailed { dial } => panic!("{dial:?} failed"),
            _ => (),
        }
    }
}

/// Both families' beacons come by the first cable, from addresses that can be dialed; the other cable hears none.
async fn beacons(laptop: &mut Laptop, wrong: &mut Laptop) {
    let (mut heard, mut sent) = (BTreeSet::new(), 0);
    while heard != parse(&["10.81.0.2", "fd81::2"]) || sent < 3 {
        tokio::select! {
            event = laptop.event() => match event {
                NetEvent::Beacon { from, bytes } if bytes[0] == B => {
                    heard.insert(from.ip());
                }
                NetEvent::BeaconDue { sources } => send(&laptop.net, &sources, A),
                _ => (),
            },
            event = wrong.event() => match event {
                NetEvent::Beacon { bytes, .. } => assert_eq!(bytes[0], A_WRONG_CABLE, "by the wrong cable"),
                NetEvent::BeaconDue { sources } => {
                    send(&wrong.net, &sources, A_WRONG_CABLE);
                    sent += 1;
                }
                _ => (),
            },
        }
    }
}

/// An address goes and another comes; the laptop follows.
async fn moved(laptop: &mut Laptop) {
    ip(&["addr", "del", "10.81.0.1/24", "dev", "e0"]).unwrap();
    ip(&["addr", "add", "10.81.0.9/24", "dev", "e0"]).unwrap();
    while addresses(laptop) != parse(&["10.81.0.9", "fd81::1"]) {
        if let NetEvent::Listening { slot: SlotId(0), key, tcp, quic } = laptop.event().await {
            assert_eq!(key, laptop.places[&SlotId(0)].key);
            laptop.places.insert(SlotId(0), support::Place { key, tcp, quic });
        }
    }
}
