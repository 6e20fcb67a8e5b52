//! What is fuzzed. A target takes any bytes and panics if a promise is broken; its seeds are where the fuzzer begins.

mod beacon;
mod change;
mod codec;
mod envelope;
mod epochs;
mod handshake;
mod join;
mod link;
mod markdown;
mod membership;
mod passphrase;
mod session;
mod time;

/// One thing to fuzz.
pub struct Target {
    /// What it is called, as are its folders of inputs.
    pub name: &'static str,
    /// Takes one input.
    pub run: fn(&[u8]),
    /// Where to begin. Computed from fixed seeds: the same in every build.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const ALL: [Target; 13] = [
    Target { name: "beacon", run: beacon::run, seeds: beacon::seeds },
    Target { name: "change", run: change::run, seeds: change::seeds },
    Target { name: "codec", run: codec::run, seeds: codec::seeds },
    Target { name: "envelope", run: envelope::run, seeds: envelope::seeds },
    Target { name: "epochs", run: epochs::run, seeds: epochs::seeds },
    Target { name: "handshake", run: handshake::run, seeds: handshake::seeds },
    Target { name: "join", run: join::run, seeds: join::seeds },
    Target { name: "link", run: link::run, seeds: link::seeds },
    Target { name: "markdown", run: markdown::run, seeds: markdown::seeds },
    Target { name: "membership", run: membership::run, seeds: membership::seeds },
    Target { name: "passphrase", run: passphrase::run, seeds: passphrase::seeds },
    Target { name: "session", run: session::run, seeds: session::seeds },
    Target { name: "time", run: time::run, seeds: time::seeds },
];
