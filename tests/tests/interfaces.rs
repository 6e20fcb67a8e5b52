//! `SNUG_INTERFACES=lo` is kept: seen in the system calls of a laptop that founds, invites, is found and syncs.

use anyhow::{Context, Result, ensure};
use snug_scenarios::trace::{can_trace, read};
use snug_scenarios::{Laptop, Room, agree, skip};
use std::path::PathBuf;

/// The calls that name an address, and the options that choose an interface for multicast.
const CALLS: &str = "trace=bind,connect,sendto,sendmsg,sendmmsg,setsockopt";

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
    annas.down()?;
    bens.down()?;
    for trace in [hers, his] {
        let trace = read(&trace)?;
        ensure!(trace.contains("bind(") && trace.contains("send"), "nothing was sent: {trace}");
        let strayed: Vec<&str> = trace.lines().filter(|line| strays(line)).collect();
        ensure!(strayed.is_empty(), "not on loopback: {strayed:#?}");
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

/// True for a call that names an address or an interface beyond loopback.
fn strays(line: &str) -> bool {
    if line.contains("setsockopt(") {
        // By the name or the number of loopback.
        let chooses = ["MULTICAST_IF", "ADD_MEMBERSHIP"].iter().any(|option| line.contains(option));
        return chooses && !["\"lo\"", "[1]"].iter().any(|lo| line.contains(lo));
    }
    addresses(line).iter().any(|address| !is_near(address))
}

/// The internet addresses that strace printed in a line.
fn addresses(line: &str) -> Vec<&str> {
    let v4 = line.split("inet_addr(\"").skip(1);
    let v6 = line.split("inet_pton(AF_INET6, \"").skip(1);
    v4.chain(v6).filter_map(|rest| rest.split('"').next()).collect()
}

/// Loopback, or a multicast group, whose interface is checked by itself.
fn is_near(address: &str) -> bool {
    address.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback() || ip.is_multicast())
}

#[test]
fn calls_that_stray_are_recognised() {
    for (line, stray) in [
        (
            "7 bind(9, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr(\"127.0.0.1\")}, 16) = 0",
            false,
        ),
        ("7 bind(9, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr(\"0.0.0.0\")}, 16) = 0", true),
        (
            "7 connect(9, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr(\"10.0.0.1\")}, 16) = 0",
            true,
        ),
        ("7 bind(9, {sa_family=AF_INET6, inet_pton(AF_INET6, \"::1\", &sin6_addr)}, 28) = 0", false),
        ("7 bind(9, {sa_family=AF_INET6, inet_pton(AF_INET6, \"::\", &sin6_addr)}, 28) = 0", true),
        ("7 connect(9, {sa_family=AF_UNIX, sun_path=\"/r/socket\"}, 16) = 0", false),
        (
            "7 setsockopt(9, SOL_IP, IP_ADD_MEMBERSHIP, {imr_address=inet_addr(\"0.0.0.0\"), if_nametoindex(\"lo\")}, 12) = 0",
            false,
        ),
        (
            "7 setsockopt(9, SOL_IP, IP_MULTICAST_IF, {inet_addr(\"0.0.0.0\"), if_nametoindex(\"eth0\")}, 12) = 0",
            true,
        ),
        ("7 setsockopt(9, SOL_IPV6, IPV6_MULTICAST_IF, [1], 4) = 0", false),
        ("7 setsockopt(9, SOL_IPV6, IPV6_MULTICAST_IF, [2], 4) = 0", true),
    ] {
        assert_eq!(strays(line), stray, "{line}");
    }
}
