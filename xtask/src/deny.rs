//! cargo-deny: which dependencies, licences and sources may be in the tree.
//!
//! Compiled from crates.io once per machine, at a pinned version, into cargo's home folder, where it survives a fresh
//! clone and doesn't meet a version that somebody installed for themselves.

use crate::repo;
use crate::steps::{Steps, succeed};
use std::path::PathBuf;
use std::process::Command;

const VERSION: &str = "0.20.2";

/// Checks bans, licences and sources against `deny.toml`.
pub(crate) fn run(steps: &mut Steps) -> anyhow::Result<()> {
    let program = folder().join("bin").join("cargo-deny");
    if !program.is_file() {
        steps.run("install cargo-deny", install)?;
    }
    steps.command(
        "deny",
        Command::new(&program).current_dir(repo::root()).args(["check", "bans", "licenses", "sources"]),
    )?;
    steps.close_with(
        "skipped: cargo-deny advisories (their database is in no package registry; deny.toml holds the floors as bans)",
    );
    Ok(())
}

fn folder() -> PathBuf {
    repo::cargo_home().join("snug-tools").join(format!("cargo-deny-{VERSION}"))
}

fn install() -> anyhow::Result<()> {
    println!("compiling cargo-deny {VERSION} into {}, once", folder().display());
    let version = format!("={VERSION}");
    let mut command = repo::cargo();
    command
        .args(["install", "cargo-deny", "--locked", "--debug", "--version", &version, "--root"])
        .arg(folder())
        .env("CARGO_TARGET_DIR", repo::root().join("target").join("tools"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0");
    succeed(&mut command)
}
