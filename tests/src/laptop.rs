//! One laptop: a data folder, and commands run on it.

use crate::process::pid;
use crate::{Finished, PATIENCE, finish, snug_program};
use anyhow::Context;
use rustix::process::{Signal, kill_process};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Instant;

/// A data folder, its passphrase, and perhaps a running `snug up`.
#[derive(Debug)]
pub struct Laptop {
    name: String,
    program: PathBuf,
    data: PathBuf,
    passphrase: PathBuf,
    interfaces: String,
    before: Vec<String>,
    online: Option<Online>,
}

impl Laptop {
    /// A laptop in this folder, not set up yet.
    pub fn new(room: &Path, name: &str) -> anyhow::Result<Self> {
        let passphrase = room.join(format!("{name}.passphrase"));
        std::fs::write(&passphrase, format!("the long passphrase of {name}\n"))?;
        Ok(Self {
            name: name.to_owned(),
            program: snug_program()?,
            data: room.join(name),
            passphrase,
            interfaces: "lo".to_owned(),
            before: Vec::new(),
            online: None,
        })
    }

    /// Whose laptop it is.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Its passphrase file.
    pub fn passphrase(&self) -> &Path {
        &self.passphrase
    }

    /// Lets it use these network interfaces, instead of loopback alone.
    #[must_use]
    pub fn on_interfaces(mut self, interfaces: &str) -> Self {
        interfaces.clone_into(&mut self.interfaces);
        self
    }

    /// Runs `snug` through another program: a tracer, or one that enters a network namespace.
    #[must_use]
    pub fn through(mut self, before: &[&str]) -> Self {
        self.before = before.iter().map(|word| (*word).to_owned()).collect();
        self
    }

    /// A `snug` command on this laptop, not started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let words: Vec<&OsStr> =
            self.before.iter().map(OsStr::new).chain([self.program.as_os_str()]).collect();
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .arg("--data")
            .arg(&self.data)
            .args(arguments)
            .env("SNUG_INTERFACES", &self.interfaces)
            .env("SNUG_PASSPHRASE_FILE", &self.passphrase)
            .env_remove("RUST_BACKTRACE");
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> anyhow::Result<Finished> {
        self.run_with(arguments, b"")
    }

    /// Runs a command with this on its standard input.
    pub fn run_with(&self, arguments: &[&str], input: &[u8]) -> anyhow::Result<Finished> {
        finish(&mut self.command(arguments), input)
    }

    /// What a command printed that must succeed, without the last newline.
    pub fn ok(&self, arguments: &[&str]) -> anyhow::Result<String> {
        self.ok_with(arguments, b"")
    }

    /// The same, with this on its standard input.
    pub fn ok_with(&self, arguments: &[&str], input: &[u8]) -> anyhow::Result<String> {
        let finished = self.run_with(arguments, input)?;
        anyhow::ensure!(
            finished.code == Some(0),
            "{}: snug {} ended with {:?}: {}",
            self.name,
            arguments.join(" "),
            finished.code,
            finished.stderr.trim()
        );
        Ok(finished.stdout.strip_suffix('\n').unwrap_or(&finished.stdout).to_owned())
    }

    /// What a command that must succeed says in JSON.
    pub fn json(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        let text = self.ok(&[&["--json"], arguments].concat())?;
        serde_json::from_str(&text).with_context(|| format!("snug --json {}: {text}", arguments.join(" ")))
    }

    /// What `snug status` says of a circle: on how many laptops of how many, as of when.
    pub fn holding(&self, circle: &str) -> anyhow::Result<(u64, u64, Value)> {
        let status = self.json(&["status", circle])?;
        let circle = &status["circles"][0];
        let number = |key: &str| circle[key].as_u64().with_context(|| format!("no {key} in {status}"));
        Ok((number("holding")?, number("laptops")?, circle["as_of"].clone()))
    }

    /// Who answered what to a gathering; those who didn't answer aren't in it.
    pub fn answers(&self, circle: &str, plan: &str) -> anyhow::Result<BTreeMap<String, String>> {
        let shown = self.json(&["plan", "show", circle, plan])?;
        let answers = shown["answers"].as_array().with_context(|| format!("no answers in {shown}"))?;
        let pair = |answer: &Value| {
            Some((answer["person"].as_str()?.to_owned(), answer["answer"].as_str()?.to_owned()))
        };
        Ok(answers.iter().filter_map(pair).collect())
    }

    /// Whether `snug up` runs on it, as far as this value started it.
    pub fn is_online(&self) -> bool {
        self.online.is_some()
    }

    /// Starts `snug up` and waits until it says that it is ready.
    pub fn up(&mut self) -> anyhow::Result<()> {
        self.up_with(&[])
    }

    /// The same, with more arguments.
    pub fn up_with(&mut self, arguments: &[&str]) -> anyhow::Result<()> {
        anyhow::ensure!(self.online.is_none(), "{} is up already", self.name);
        let online = Online::start(self.command(&[&["up"], arguments].concat()))
            .with_context(|| format!("{}: snug up", self.name))?;
        self.online = Some(online);
        Ok(())
    }

    /// Ends `snug up` as Ctrl-C does, and fails unless it ends cleanly.
    pub fn down(&mut self) -> anyhow::Result<()> {
        let online = self.online.take().with_context(|| format!("{} isn't up", self.name))?;
        online.end().with_context(|| format!("{}: ending snug up", self.name))
    }

    /// Ends `snug up` as a power cut would.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        // Dropping it kills and waits.
        self.online.take().map(drop).with_context(|| format!("{} isn't up", self.name))
    }

    /// What the running `snug up` has said since it was asked for the last time, line by line.
    pub fn said(&self) -> Vec<String> {
        self.online.iter().flat_map(|online| online.lines.try_iter()).collect()
    }

    /// The process id of the running `snug up`.
    pub fn pid(&self) -> Option<u32> {
        self.online.as_ref().map(|online| online.child.id())
    }
}

/// A running `snug up`. Dropping it kills it.
#[derive(Debug)]
pub struct Online {
    child: Child,
    lines: Receiver<String>,
}

impl Online {
    fn start(mut command: Command) -> anyhow::Result<Self> {
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn()?;
        let (sender, lines) = mpsc::channel();
        let stdout = child.stdout.take().context("no standard output")?;
        let online = Self { child, lines };
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        online.wait_ready()?;
        Ok(online)
    }

    fn wait_ready(&self) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = self.lines.recv_timeout(left).context("ended, or wasn't ready in time")?;
            if line == "ready" {
                return Ok(());
            }
        }
    }

    fn end(mut self) -> anyhow::Result<()> {
        kill_process(pid(&self.child)?, Signal::INT)?;
        // Its output ends when it does.
        let deadline = Instant::now() + PATIENCE;
        while self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())).is_ok() {}
        anyhow::ensure!(Instant::now() < deadline, "still there after {PATIENCE:?}");
        let status = self.child.wait()?;
        anyhow::ensure!(status.success(), "ended with {status}");
        Ok(())
    }
}

impl Drop for Online {
    fn drop(&mut self) {
        // Both fail only when it has ended, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
