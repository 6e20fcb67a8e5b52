//! The window's types in TypeScript, as snug-api declares them in Rust. A test there compares the two, and writes them.

use crate::repo;
use crate::steps::Steps;
use std::process::Command;

/// Fails if what is committed isn't what is declared.
pub(crate) fn check(steps: &mut Steps) -> anyhow::Result<()> {
    steps.command("the window's types", &mut command())
}

/// Writes what is declared.
pub(crate) fn write(steps: &mut Steps) -> anyhow::Result<()> {
    steps.command("write the window's types", command().env("SNUG_WRITE", "1"))
}

fn command() -> Command {
    let mut command = repo::cargo();
    command.args(["test", "--quiet", "--package", "snug-api", "--lib", "--locked", "typescript"]);
    command
}
