//! tcpdump in a namespace, and the packets that it saw.

use crate::network::{INTERFACE, Network};
use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, Signal, kill_process};
use std::fmt;
use std::io::{BufRead, BufReader};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};

/// A running tcpdump. Dropping it kills it.
pub(crate) struct Capture {
    child: Child,
    said: Receiver<String>,
    file: PathBuf,
}

impl Capture {
    /// Starts to capture all that passes by a place, and waits until it does.
    pub(crate) fn start(network: &Network, place: &str, file: &Path) -> Result<Self> {
        let mut child = network
            .command(place, "tcpdump")
            .args([
                "-i",
                INTERFACE,
                "-n",
                "-U",
                "--immediate-mode",
                "-s",
                "0",
                "-B",
                "16384",
                "-Z",
                "root",
                "-w",
            ])
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let stderr = child.stderr.take().context("no standard error")?;
        let (sender, said) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let capture = Self { child, said, file: file.to_owned() };
        loop {
            let line = capture.said.recv_timeout(snug_scenarios::PATIENCE).context("tcpdump didn't begin")?;
            if line.contains("listening on") {
                return Ok(capture);
            }
        }
    }

    /// Ends it; the packets that it saw.
    pub(crate) fn end(mut self) -> Result<Vec<Packet>> {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).context("a pid")?;
        kill_process(pid, Signal::INT)?;
        self.child.wait()?;
        for line in self.said.iter().filter(|line| line.contains("dropped by kernel")) {
            ensure!(line.starts_with("0 "), "packets were missed: {line}");
        }
        read(&std::fs::read(&self.file)?)
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        // Both fail only when it has ended, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A packet as it passed by.
pub(crate) struct Packet {
    /// All of it, from the Ethernet header on.
    pub(crate) frame: Vec<u8>,
    transport: Option<Transport>,
}

struct Transport {
    to: IpAddr,
    udp: bool,
    payload: usize,
    end: usize,
}

impl Packet {
    /// What TCP or UDP carries; empty for anything else.
    pub(crate) fn payload(&self) -> &[u8] {
        self.transport.as_ref().and_then(|it| self.frame.get(it.payload..it.end)).unwrap_or_default()
    }

    /// True for UDP from one to another.
    pub(crate) fn is_unicast_udp(&self) -> bool {
        self.transport.as_ref().is_some_and(|it| it.udp && !it.to.is_multicast())
    }

    /// True for TCP.
    pub(crate) fn is_tcp(&self) -> bool {
        self.transport.as_ref().is_some_and(|it| !it.udp)
    }

    /// True for UDP to a multicast group.
    pub(crate) fn is_multicast_udp(&self) -> bool {
        self.transport.as_ref().is_some_and(|it| it.udp && it.to.is_multicast())
    }
}

impl fmt::Debug for Packet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.frame.escape_ascii())
    }
}

/// The packets of a capture file of the classic kind, in this machine's byte order, of Ethernet.
fn read(file: &[u8]) -> Result<Vec<Packet>> {
    let (header, mut rest) = file.split_at_checked(24).context("no capture header")?;
    ensure!(header[..4] == 0xa1b2_c3d4_u32.to_ne_bytes(), "not a capture file: {:?}", &header[..4]);
    ensure!(header[20..24] == 1_u32.to_ne_bytes(), "not Ethernet");
    let mut packets = Vec::new();
    while let Some((record, after)) = rest.split_at_checked(16) {
        let length = usize::try_from(u32::from_ne_bytes(record[8..12].try_into()?))?;
        let whole = usize::try_from(u32::from_ne_bytes(record[12..16].try_into()?))?;
        ensure!(length == whole, "a packet was cut");
        let Some((frame, after)) = after.split_at_checked(length) else { break };
        packets.push(Packet { frame: frame.to_vec(), transport: transport(frame) });
        rest = after;
    }
    Ok(packets)
}

/// Finds TCP's or UDP's payload in an Ethernet frame.
fn transport(frame: &[u8]) -> Option<Transport> {
    let (protocol, to, at, end) = match frame.get(12..14)? {
        [0x08, 0x00] => {
            let header = usize::from(frame.get(14)? & 0x0f) * 4;
            let total = usize::from(u16::from_be_bytes(frame.get(16..18)?.try_into().ok()?));
            let to: [u8; 4] = frame.get(30..34)?.try_into().ok()?;
            (*frame.get(23)?, IpAddr::from(to), 14 + header, 14 + total)
        }
        [0x86, 0xdd] => {
            let length = usize::from(u16::from_be_bytes(frame.get(18..20)?.try_into().ok()?));
            let to: [u8; 16] = frame.get(38..54)?.try_into().ok()?;
            (*frame.get(20)?, IpAddr::from(to), 54, 54 + length)
        }
        _ => return None,
    };
    match protocol {
        17 => Some(Transport { to, udp: true, payload: at + 8, end }),
        6 => {
            let header = usize::from(frame.get(at + 12)? >> 4) * 4;
            Some(Transport { to, udp: false, payload: at + header, end })
        }
        _ => None,
    }
}
