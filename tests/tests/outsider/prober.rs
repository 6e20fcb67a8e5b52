//! A stranger who connects to everything that listens, says something, and notes what comes back.

use crate::network::Network;
use anyhow::{Context, Result, ensure};
use snug_scenarios::finish;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

/// The environment variable that tells the program inside the namespace where its targets are written.
pub(crate) const TARGETS: &str = "SNUG_SCENARIO_TARGETS";

/// What a stranger sees of a laptop.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// How many sockets listen, of each kind.
    pub(crate) listening: BTreeMap<String, usize>,
    /// For each greeting, what came back and from how many ports.
    pub(crate) answers: BTreeMap<String, usize>,
}

/// Probes the laptop at an address, whose process is known here, from a place on the network.
pub(crate) fn probe(network: &Network, from: &str, target: Ipv4Addr, pid: u32) -> Result<Seen> {
    let mut listening = BTreeMap::new();
    let mut ports = Vec::new();
    for kind in ["tcp", "tcp6", "udp", "udp6"] {
        let table = std::fs::read_to_string(format!("/proc/{pid}/net/{kind}"))?;
        let found = sockets(&table, kind.starts_with("tcp"));
        if kind == "tcp" {
            ports.clone_from(&found);
        }
        listening.insert(kind.to_owned(), found.len());
    }
    let folder = tempfile::tempdir()?;
    let targets = folder.path().join("targets");
    let lines: Vec<String> =
        ports.iter().map(|port| SocketAddr::new(IpAddr::V4(target), *port).to_string()).collect();
    std::fs::write(&targets, lines.join("\n"))?;
    let this = std::env::current_exe()?;
    let mut command = network.command(from, this.to_str().context("a path in UTF-8")?);
    command.args(["--exact", "prober_inside", "--nocapture"]).env(TARGETS, &targets);
    let finished = finish(&mut command, b"")?;
    ensure!(finished.code == Some(0), "{finished:?}");
    let mut answers = BTreeMap::new();
    for line in finished.stdout.lines().filter_map(|line| line.split_once("answer: ")) {
        *answers.entry(line.1.to_owned()).or_default() += 1;
    }
    Ok(Seen { listening, answers })
}

/// The local ports in a table of /proc/net: listening ones for TCP, bound ones for UDP.
fn sockets(table: &str, tcp: bool) -> Vec<u16> {
    table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut fields = line.split_whitespace().skip(1);
            let port = fields.next()?.rsplit_once(':')?.1;
            let state = fields.nth(1)?;
            (!tcp || state == "0A").then(|| u16::from_str_radix(port, 16).ok())?
        })
        .collect()
}

/// What a stranger may say first.
fn greetings() -> [(&'static str, Vec<u8>); 4] {
    [
        ("nothing", Vec::new()),
        ("noise", vec![0x5a; 600]),
        ("multistream", b"\x13/multistream/1.0.0\n\x07/noise\n".to_vec()),
        ("http", b"GET / HTTP/1.1\r\nHost: laptop\r\n\r\n".to_vec()),
    ]
}

/// Runs inside the outsider's namespace: greets each target in one way, all at once, and prints what came back.
pub(crate) fn inside(targets: &Path) -> Result<()> {
    let targets = std::fs::read_to_string(targets)?;
    let mut out = std::io::stdout();
    std::thread::scope(|scope| {
        let mut running = Vec::new();
        // One connection to each port, all at once: no more than a laptop bears from one stranger.
        for (target, (name, greeting)) in targets.lines().zip(greetings().into_iter().cycle()) {
            let target: SocketAddr = target.parse()?;
            running.push(scope.spawn(move || ask(target, &greeting).map(|answer| (name, answer))));
        }
        for each in running {
            let (name, answer) = each.join().map_err(|_| anyhow::anyhow!("a probe panicked"))??;
            writeln!(out, "\nanswer: {name} -> {}", answer.escape_ascii())?;
        }
        Ok(())
    })
}

/// What comes back until the other side closes, which it must.
fn ask(target: SocketAddr, greeting: &[u8]) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(target)?;
    stream.set_read_timeout(Some(Duration::from_mins(1)))?;
    stream.write_all(greeting)?;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => {}
        // Closed before it had read all that we said.
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {}
        Err(error) => return Err(error).with_context(|| format!("{target} neither answers nor closes")),
    }
    Ok(answer)
}
