//! A network of namespaces around a bridge that floods, as an old hub did: everybody sees every packet.

use anyhow::{Context, Result, ensure};
use snug_scenarios::finish;
use std::net::Ipv4Addr;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// The name of everybody's network interface.
pub(crate) const INTERFACE: &str = "lan0";

/// Namespaces, gone when this goes.
pub(crate) struct Network {
    prefix: String,
    places: Vec<String>,
}

impl Network {
    /// A network with these places on it.
    pub(crate) fn new(places: &[&str]) -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        ensure!(rustix::process::geteuid().is_root(), "needs root");
        run("tcpdump", &["--version"])?;
        let prefix = format!("sn{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let mut network = Self { prefix, places: Vec::new() };
        network.add("hub")?;
        let hub = network.name("hub");
        // No ageing: the bridge never learns who is where, and sends everything to everybody.
        ip(&["-n", &hub, "link", "add", "bridge", "type", "bridge", "ageing_time", "0"])?;
        ip(&["-n", &hub, "link", "set", "bridge", "up"])?;
        for place in places {
            network.add(place)?;
            let there = network.name(place);
            ip(&[
                "-n", &hub, "link", "add", place, "type", "veth", "peer", "name", INTERFACE, "netns", &there,
            ])?;
            ip(&["-n", &hub, "link", "set", place, "master", "bridge", "up"])?;
            let address = format!("{}/24", network.address(place)?);
            ip(&["-n", &there, "address", "add", &address, "dev", INTERFACE])?;
            ip(&["-n", &there, "link", "set", "lo", "up"])?;
            ip(&["-n", &there, "link", "set", INTERFACE, "up"])?;
        }
        Ok(network)
    }

    /// Drops UDP from one place to another, and leaves multicast alone.
    pub(crate) fn block_quic(&self) -> Result<()> {
        for place in self.places.iter().filter(|place| *place != "hub") {
            let there = self.name(place);
            let rules = "table inet block { chain input { type filter hook input priority 0; \
                         ip daddr 10.77.0.0/24 meta l4proto udp drop; }; }";
            run("ip", &["netns", "exec", &there, "nft", rules])?;
        }
        Ok(())
    }

    fn add(&mut self, place: &str) -> Result<()> {
        ip(&["netns", "add", &self.name(place)])?;
        self.places.push(place.to_owned());
        Ok(())
    }

    fn name(&self, place: &str) -> String {
        format!("{}-{place}", self.prefix)
    }

    /// The words before a command that runs it in a place.
    pub(crate) fn inside(&self, place: &str) -> Vec<String> {
        ["ip", "netns", "exec"].iter().map(|word| (*word).to_owned()).chain([self.name(place)]).collect()
    }

    /// A command that runs in a place.
    pub(crate) fn command(&self, place: &str, program: &str) -> Command {
        let before = self.inside(place);
        let mut command = Command::new(&before[0]);
        command.args(&before[1..]).arg(program);
        command
    }

    /// Where a place is on the network.
    pub(crate) fn address(&self, place: &str) -> Result<Ipv4Addr> {
        let position = self.places.iter().position(|each| each == place).context("no such place")?;
        Ok(Ipv4Addr::new(10, 77, 0, u8::try_from(position)?))
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for place in &self.places {
            // Whatever is left of it goes with the machine.
            let _ = ip(&["netns", "delete", &self.name(place)]);
        }
    }
}

fn ip(arguments: &[&str]) -> Result<()> {
    run("ip", arguments)
}

fn run(program: &str, arguments: &[&str]) -> Result<()> {
    let finished = finish(Command::new(program).args(arguments), b"")?;
    ensure!(finished.code == Some(0), "{program} {}: {}", arguments.join(" "), finished.stderr.trim());
    Ok(())
}
