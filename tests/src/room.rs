//! A temporary folder with laptops in it, and the program that they run.

use crate::Laptop;
use anyhow::Context;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A temporary folder that goes with this value.
#[derive(Debug)]
pub struct Room {
    folder: TempDir,
}

impl Room {
    /// A new, empty folder.
    pub fn new() -> anyhow::Result<Self> {
        // Short, because a socket's path may have no more than about a hundred bytes.
        let folder = tempfile::Builder::new().prefix("room-").tempdir()?;
        Ok(Self { folder })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A laptop that hasn't been set up: no data yet, a passphrase in a file.
    pub fn laptop(&self, name: &str) -> anyhow::Result<Laptop> {
        Laptop::new(self.path(), name)
    }

    /// A laptop whose owner goes by `name`.
    pub fn initialised(&self, name: &str) -> anyhow::Result<Laptop> {
        let laptop = self.laptop(name)?;
        laptop.ok(&["init", "--name", name])?;
        Ok(laptop)
    }

    /// Anna and Ben, both up, and the circle that Ben has joined.
    pub fn circle_of_two(&self) -> anyhow::Result<(Laptop, Laptop, String)> {
        let (mut anna, mut ben) = (self.initialised("Anna")?, self.initialised("Ben")?);
        let circle = anna.ok(&["circle", "found", "Thursday walks"])?;
        anna.up()?;
        ben.up()?;
        let link = anna.ok(&["invite", &circle, "--no-confirm"])?;
        anyhow::ensure!(ben.ok(&["join", &link])? == circle, "join prints the circle's id alone");
        Ok((anna, ben, circle))
    }

    /// A file in the room.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> anyhow::Result<PathBuf> {
        let path = self.path().join(name);
        std::fs::write(&path, bytes)?;
        Ok(path)
    }
}

/// The `snug` program that was built beside the running one. `SNUG_PROGRAM` names another.
pub fn snug_program() -> anyhow::Result<PathBuf> {
    if let Some(named) = std::env::var_os("SNUG_PROGRAM") {
        return Ok(named.into());
    }
    // A test runs in target/debug/deps, other programs in target/debug.
    let running = std::env::current_exe()?;
    running
        .ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join("snug"))
        .find(|program| program.is_file())
        .with_context(|| {
            format!("no snug beside {}: cargo build --workspace --all-targets", running.display())
        })
}

/// Says visibly, past the capture of a test's output, how much a test has proven.
pub fn proven(what: &str) {
    let _ = writeln!(std::io::stderr(), "\nproven: {what}");
}

/// Says visibly, past the capture of a test's output, that something wasn't tested here and why.
pub fn skip(what: &str, why: &str) {
    // Nobody is left to tell if standard error is gone.
    let _ = writeln!(std::io::stderr(), "\nskipped: {what}: {why}");
}
