//! `SNUG_INTERFACES=lo` is kept: seen in the system calls of a laptop that founds, invites, is found and syncs.

use anyhow::{Context, Result, ensure};
use snug_scenarios::trace::{can_trace, read};
use snug_scenarios::{Laptop, Room, agree, skip};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The calls that name an address, and the options that choose an interface for multicast.
const CALLS: &str =
    "trace=bind,connect,listen,sendto,sendmsg,sendmmsg,recvfrom,recvmsg,recvmmsg,setsockopt,close";

#[test]
fn only_the_allowed_interface_is_used() -> Result<()> {
    if let Err(why) = can_trace() {
        skip("bind and send calls of a laptop on loopback", &why);
        return Ok(());
    }
    let room = Room::new()?;
    let [anna, ben] = [room.initialised("Anna")?, room.initialised("Ben")?];
    let circle = anna.ok(&["circle", "found", "Readers"])?;
    let note = anna.ok(&["note", "new", &circle, "May"])?;
    let (mut annas, hers) = traced(&room, "Anna")?;
    let (mut bens, his) = traced(&room, "Ben")?;
    annas.up()?;
    bens.up()?;
    let link = anna.ok(&["invite", &circle, "--no-confirm"])?;
    ben.ok(&["join", &link])?;
    agree(&[&anna, &ben], &circle, &note, &[])?;
    let listening = listening_interfaces()?;
    ensure!(!listening.is_empty() && listening.iter().all(|name| name == "lo"), "listening on {listening:?}");
    annas.down()?;
    bens.down()?;
    for trace in [hers, his] {
        let trace = read(&trace)?;
        ensure!(trace.contains("bind(") && trace.contains("send"), "nothing was sent: {trace}");
        let strayed = strayed(&trace);
        ensure!(strayed.is_empty(), "{} calls go beyond loopback: {:#?}", strayed.len(), strayed.first());
    }
    Ok(())
}

/// The same laptop once more, under a tracer: for `up` alone, since each command would begin the trace anew.
fn traced(room: &Room, name: &str) -> Result<(Laptop, PathBuf)> {
    let trace = room.path().join(format!("{name}.trace"));
    let to = trace.to_str().context("a path in UTF-8")?.to_owned();
    // -D: the tracer is no parent, so that signals reach `snug` itself.
    Ok((room.laptop(name)?.through(&["strace", "-D", "-f", "-e", CALLS, "-o", &to]), trace))
}

/// The calls of a trace that go beyond loopback.
fn strayed(trace: &str) -> Vec<&str> {
    // Sockets bound to any address: the QUIC library asks the system by one what it can do, and closes it again. A number
    // is used again only after that.
    let mut asking = BTreeMap::new();
    let mut strayed = Vec::new();
    for line in trace.lines() {
        let Some((call, socket)) = call(line) else { continue };
        // By netlink the kernel tells which interfaces there are; nothing of that leaves the machine.
        if line.contains("AF_NETLINK") {
            continue;
        }
        match call {
            "bind"
                if line.contains("htons(0)")
                    && !addresses(line).is_empty()
                    && addresses(line).iter().all(|it| is_any(it)) =>
            {
                asking.insert(socket, line);
            }
            "close" => {
                asking.remove(socket);
            }
            "setsockopt" => strayed.extend(chooses_another_interface(line).then_some(line)),
            _ => {
                let far = !addresses(line).iter().all(|address| is_near(address));
                strayed.extend((far || asking.contains_key(socket)).then_some(line));
            }
        }
    }
    strayed.extend(asking.into_values());
    strayed
}

/// The name of a call, and the first thing that it is given.
fn call(line: &str) -> Option<(&str, &str)> {
    let (_, call) = line.split_once(' ')?;
    let (name, rest) = call.trim_start().split_once('(')?;
    Some((name, rest.split([',', ')', ' ']).next()?))
}

/// True for an option that sends multicast by another interface than loopback, named or by number.
fn chooses_another_interface(line: &str) -> bool {
    line.contains("MULTICAST_IF")
        && !["\"lo\"", "[1]", r"\0\0\0\0\0\0\0\0\1\0\0\0"].iter().any(|lo| line.contains(lo))
}

/// The network interfaces that listen to a multicast group other than the one of all hosts (224.0.0.1), which the system
/// itself joins. Read where the kernel tells it, because strace doesn't show the interface of a membership.
fn listening_interfaces() -> Result<Vec<String>> {
    let table = std::fs::read_to_string("/proc/net/igmp")?;
    let mut interface = "";
    let mut listening = Vec::new();
    for line in table.lines().skip(1) {
        // A line for an interface: its number and name. Below it, indented, its groups.
        let mut words = line.split_whitespace();
        if !line.starts_with('\t') {
            interface = words.nth(1).unwrap_or_default();
        } else if words.next() != Some("010000E0") {
            listening.push(interface.to_owned());
        }
    }
    Ok(listening)
}

fn is_any(address: &str) -> bool {
    address.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_unspecified())
}

/// The internet addresses that strace printed in a line.
fn addresses(line: &str) -> Vec<&str> {
    // The answer field of IP_PKTINFO is empty where one sends.
    let v4 = line.split("inet_addr(\"").skip(1).filter(|rest| !rest.starts_with("0.0.0.0\")}}]"));
    let v6 = line.split("inet_pton(AF_INET6, \"").skip(1);
    v4.chain(v6).filter_map(|rest| rest.split('"').next()).collect()
}

/// Loopback, or a multicast group, whose interface is checked by itself.
fn is_near(address: &str) -> bool {
    address.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback() || ip.is_multicast())
}

#[test]
fn calls_that_stray_are_recognised() {
    let v4 = |call: &str, address: &str, port: u16| {
        format!(
            "7 {call}(9, {{sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr(\"{address}\")}}, 16) = 0"
        )
    };
    let v6 = |call: &str, address: &str| {
        format!(
            "7 {call}(9, {{sa_family=AF_INET6, sin6_port=htons(0), inet_pton(AF_INET6, \"{address}\", &a)}}, 28) = 0"
        )
    };
    let close = "7 close(9) = 0".to_owned();
    for (lines, stray) in [
        (vec![v4("bind", "127.0.0.1", 0)], false),
        (vec![v4("bind", "0.0.0.0", 4000), close.clone()], true),
        (vec![v4("connect", "10.0.0.1", 9)], true),
        (vec![v6("bind", "::1")], false),
        (vec![v6("bind", "::")], true),
        (
            vec![
                v6("bind", "::"),
                "7 setsockopt(9, SOL_UDP, UDP_SEGMENT, [1500], 4) = 0".into(),
                close.clone(),
            ],
            false,
        ),
        (vec![v6("bind", "::"), v6("sendto", "::1"), close], true),
        (vec!["7 connect(9, {sa_family=AF_UNIX, sun_path=\"/r/socket\"}, 16) = 0".into()], false),
        (
            vec![
                "7 setsockopt(9, SOL_IP, IP_MULTICAST_IF, \"\\0\\0\\0\\0\\0\\0\\0\\0\\1\\0\\0\\0\", 12) = 0"
                    .into(),
            ],
            false,
        ),
        (
            vec![
                "7 setsockopt(9, SOL_IP, IP_MULTICAST_IF, \"\\0\\0\\0\\0\\0\\0\\0\\0\\4\\0\\0\\0\", 12) = 0"
                    .into(),
            ],
            true,
        ),
        (vec!["7 setsockopt(9, SOL_IPV6, IPV6_MULTICAST_IF, [1], 4) = 0".into()], false),
        (vec!["7 setsockopt(9, SOL_IPV6, IPV6_MULTICAST_IF, [2], 4) = 0".into()], true),
    ] {
        let trace = lines.join("\n");
        assert_eq!(!strayed(&trace).is_empty(), stray, "{trace}");
    }
}
