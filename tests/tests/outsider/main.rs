//! What an outsider on the same network learns: two laptops on a bridge, and somebody with tcpdump beside them.
//!
//! ```text
//!  namespace anna   namespace ben   namespace outsider (tcpdump, prober)
//!        └────────────────┼────────────────┘
//!                bridge that floods (namespace hub)
//! ```
//!
//! The network is made of namespaces that this test makes and removes; nothing leaves them. It needs root, `ip` and
//! `tcpdump`, and says so where it is skipped.

mod capture;
mod network;
mod prober;
mod quic;

use anyhow::{Context, Result, ensure};
use capture::{Capture, Packet};
use network::Network;
use snug_scenarios::{Laptop, Room, agree, finish, skip, until};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

const WHO: [&str; 3] = ["anna", "ben", "outsider"];

#[test]
fn an_outsider_learns_nothing_from_what_passes_by() -> Result<()> {
    let Some(network) = network("an outsider's capture of two laptops") else { return Ok(()) };
    learns_nothing(&network, Packet::is_unicast_udp)
}

#[test]
fn an_outsider_learns_nothing_where_quic_is_blocked() -> Result<()> {
    let what = "an outsider's capture of two laptops that speak TCP";
    let Some(network) = network(what) else { return Ok(()) };
    if finish(Command::new("nft").arg("--version"), b"").is_err() {
        skip(what, "no nft");
        return Ok(());
    }
    network.block_quic()?;
    learns_nothing(&network, |packet| packet.is_tcp() && !packet.payload().is_empty())
}

/// A network, or a visible word that there can't be one here.
fn network(what: &str) -> Option<Network> {
    Network::new(&WHO).inspect_err(|why| skip(what, &format!("{why:#}"))).ok()
}

/// Two launches of two laptops, joining included, and what was captured of them. `spoken` tells the packets in which they
/// must have spoken with each other.
fn learns_nothing(network: &Network, spoken: impl Fn(&Packet) -> bool) -> Result<()> {
    let room = Room::new()?;
    let mut anna = on(&room, network, "anna", "Annamaria")?;
    let mut ben = on(&room, network, "ben", "Benedikta")?;

    let capture = Capture::start(network, "outsider", &room.path().join("first.pcap"))?;
    let circle = anna.ok(&["circle", "found", "Moonlight readers"])?;
    anna.up()?;
    ben.up()?;
    let link = anna.ok(&["invite", &circle, "--no-confirm"])?;
    ensure!(ben.ok(&["join", &link])? == circle);
    let note =
        anna.ok_with(&["note", "new", &circle, "Winterreise", "--file", "-"], b"a canary in the text\n")?;
    agree(&[&anna, &ben], &circle, &note, &["canary"])?;
    ben.ok(&["note", "append", &circle, "Winterreise", "xylophone and zither"])?;
    agree(&[&anna, &ben], &circle, &note, &["canary", "xylophone"])?;
    let plan = anna.ok(&["plan", "new", &circle, "Nightwalk", "--place", "Harbourside"])?;
    until("the plan at Ben's", || {
        let shown = ben.run(&["plan", "show", &circle, &plan])?;
        Ok(if shown.code == Some(0) { Ok(()) } else { Err(shown.stderr) })
    })?;
    anna.down()?;
    ben.down()?;
    let first = capture.end()?;

    let capture = Capture::start(network, "outsider", &room.path().join("second.pcap"))?;
    anna.up()?;
    ben.up()?;
    anna.ok(&["note", "append", &circle, &note, "second launch"])?;
    agree(&[&anna, &ben], &circle, &note, &["second launch"])?;
    anna.down()?;
    ben.down()?;
    let second = capture.end()?;

    let words = secrets(&anna, &ben, &circle, &[&note, &plan], &link)?;
    for packets in [&first, &second] {
        ensure!(packets.iter().any(&spoken), "they didn't speak as they were to: it proves nothing");
        no_word_in(packets, &words)?;
        no_word_in_decoded_initials(packets, &words)?;
        beacons_of_one_size(packets)?;
    }
    nothing_repeated(&first, &second)
}

/// The capture isn't deaf: what one place sends to another, in clear and to nobody else, is found in it.
#[test]
fn the_outsider_hears_what_passes_by() -> Result<()> {
    let Some(network) = network("an outsider's ears") else { return Ok(()) };
    let room = Room::new()?;
    let file = room.path().join("pcap");
    let capture = Capture::start(&network, "outsider", &file)?;
    let say = format!("echo -n canary-in-clear >/dev/udp/{}/9", network.address("ben")?);
    let said = finish(network.command("anna", "bash").args(["-c", &say]), b"")?;
    ensure!(said.code == Some(0), "{said:?}");
    until("the packet in the capture", || {
        let captured = std::fs::read(&file)?;
        Ok(if captured.ends_with(b"canary-in-clear") {
            Ok(())
        } else {
            Err(format!("{} bytes", captured.len()))
        })
    })?;
    let packets = capture.end()?;
    let heard: Vec<&Packet> =
        packets.iter().filter(|packet| packet.payload() == b"canary-in-clear").collect();
    ensure!(heard.len() == 1 && heard[0].is_unicast_udp(), "{packets:?}");
    ensure!(no_word_in(&packets, &[b"CANARY".to_vec()]).is_err(), "words are found in whatever case");
    Ok(())
}

fn on(room: &Room, network: &Network, place: &str, name: &str) -> Result<Laptop> {
    let laptop = room.laptop(name)?.on_interfaces(network::INTERFACE);
    laptop.ok(&["init", "--name", name])?;
    let before = network.inside(place);
    Ok(laptop.through(&before.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// All that an outsider must not find: words, and ids and keys as bytes and in hexadecimal.
fn secrets(
    anna: &Laptop,
    ben: &Laptop,
    circle: &str,
    documents: &[&str],
    link: &str,
) -> Result<Vec<Vec<u8>>> {
    let mut ids: Vec<String> = documents.iter().map(|id| (*id).to_owned()).collect();
    ids.push(circle.to_owned());
    for laptop in [anna, ben] {
        let answers = [laptop.json(&["people", circle])?, laptop.json(&["status", circle])?];
        collect_ids(&serde_json::Value::from(answers.to_vec()), &mut ids);
    }
    ensure!(ids.len() > 4, "ids of members and devices were expected: {ids:?}");
    let mut words: Vec<Vec<u8>> = [
        "Annamaria",
        "Benedikta",
        "Moonlight",
        "Winterreise",
        "canary",
        "xylophone",
        "Nightwalk",
        "Harbourside",
        "second launch",
        "snug",
        "automerge",
        "_p2p",
        "ipfs",
        "12D3Koo",
    ]
    .iter()
    .map(|word| word.as_bytes().to_vec())
    .collect();
    words.push(link.trim_start_matches("snug:").as_bytes()[..16].to_vec());
    for id in ids {
        words.push(unhex(&id).with_context(|| format!("an id: {id}"))?);
        words.push(id.into_bytes());
    }
    Ok(words)
}

/// Every text in this JSON that is an id.
fn collect_ids(value: &serde_json::Value, ids: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) if text.len() >= 32 && unhex(text).is_some() => {
            ids.push(text.clone());
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect_ids(item, ids)),
        serde_json::Value::Object(map) => map.values().for_each(|item| collect_ids(item, ids)),
        _ => {}
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

fn no_word_in(packets: &[Packet], words: &[Vec<u8>]) -> Result<()> {
    for packet in packets {
        if let Some(word) = found(&packet.frame, words) {
            anyhow::bail!("{word:?} is in a packet of {} bytes: {packet:?}", packet.frame.len());
        }
    }
    Ok(())
}

/// QUIC's first packets are sealed under keys that anybody can derive, so an outsider reads them.
fn no_word_in_decoded_initials(packets: &[Packet], words: &[Vec<u8>]) -> Result<()> {
    let decoded = quic::initials(packets);
    let began = packets.iter().any(quic::is_initial);
    ensure!(!began || !decoded.is_empty(), "QUIC began, and no Initial could be decoded");
    for plain in decoded {
        if let Some(word) = found(&plain, words) {
            anyhow::bail!("{word:?} is in a decoded QUIC Initial");
        }
    }
    Ok(())
}

/// The first of these words that is in the bytes, in whatever case.
fn found(bytes: &[u8], words: &[Vec<u8>]) -> Option<String> {
    words
        .iter()
        .find(|word| bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word)))
        .map(|word| String::from_utf8_lossy(word).into_owned())
}

fn beacons_of_one_size(packets: &[Packet]) -> Result<()> {
    let sizes: BTreeSet<usize> = packets
        .iter()
        .filter(|packet| packet.is_multicast_udp())
        .map(|packet| packet.payload().len())
        .collect();
    ensure!(sizes.len() == 1, "beacons of one size were expected, there are {sizes:?}");
    Ok(())
}

/// What every program that speaks these protocols says in the beginning.
const PUBLIC: &[&[u8]] = &[b"\x13/multistream/1.0.0\n\x07/noise\n", b"\x07/noise\n\x13/multistream/1.0.0\n"];

fn nothing_repeated(first: &[Packet], second: &[Packet]) -> Result<()> {
    let before = windows(first);
    let repeated: Vec<_> = windows(second)
        .into_iter()
        .filter(|window| before.contains(window))
        .filter(|window| !is_public(window))
        .collect();
    ensure!(
        repeated.is_empty(),
        "sent at both launches: {:?}",
        repeated.first().map(|it| it.escape_ascii().to_string())
    );
    Ok(())
}

fn windows(packets: &[Packet]) -> BTreeSet<[u8; 16]> {
    packets
        .iter()
        .flat_map(|packet| packet.payload().windows(16).filter_map(|window| window.try_into().ok()))
        .collect()
}

/// Part of the public beginning, or its end and the length of the message that follows.
fn is_public(window: &[u8; 16]) -> bool {
    PUBLIC.iter().any(|public| {
        public.windows(16).any(|part| part == window)
            || (1..=2).any(|length| {
                let end = &window[..16 - length];
                public.ends_with(end)
            })
    })
}

#[test]
fn a_prober_gets_the_same_from_no_circle_and_from_three() -> Result<()> {
    let Some(network) = network("a prober of two laptops") else { return Ok(()) };
    let room = Room::new()?;
    let mut none = on(&room, &network, "anna", "Anna")?;
    let mut three = on(&room, &network, "ben", "Ben")?;
    for name in ["One", "Two", "Three"] {
        three.ok(&["circle", "found", name])?;
    }
    none.up()?;
    three.up()?;
    let seen = [("anna", &none), ("ben", &three)].map(|(place, laptop)| {
        let pid = laptop.pid().context("it is up")?;
        prober::probe(&network, "outsider", network.address(place)?, pid)
    });
    let [none, three] = seen;
    let (none, three) = (none?, three?);
    ensure!(!none.answers.is_empty(), "nothing listens: {none:?}");
    ensure!(none == three, "no circle: {none:?}\nthree circles: {three:?}");
    Ok(())
}

/// A helper of the prober: this test's own program, run inside the outsider's namespace.
#[test]
fn prober_inside() -> Result<()> {
    match std::env::var_os(prober::TARGETS) {
        Some(targets) => prober::inside(Path::new(&targets)),
        None => Ok(()),
    }
}
