//! The window's own checks and tests, by npm, from its lock file.

use crate::repo;
use crate::steps::{Steps, watch};
use anyhow::Context;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Types and lints.
pub(crate) fn check(steps: &mut Steps) -> anyhow::Result<()> {
    install(steps)?;
    steps.command("ui check", npm()?.args(["run", "--silent", "check"]))
}

/// Every test of the window; their closing lines are repeated at the end.
pub(crate) fn test(steps: &mut Steps) -> anyhow::Result<()> {
    install(steps)?;
    let mut closing = Vec::new();
    let ok = steps.run("ui tests", || {
        watch(npm()?.args(["test", "--silent"]), |line| {
            if ["Test Files", "Tests"].iter().any(|begin| line.trim_start().starts_with(begin)) {
                closing.push(format!("ui:{line}"));
            }
        })
    })?;
    for line in &closing {
        steps.close_with(line);
    }
    anyhow::ensure!(ok, "ui tests failed");
    anyhow::ensure!(!closing.is_empty(), "ui: no test ran");
    Ok(())
}

/// Installs what the lock file names, if that isn't what is there.
fn install(steps: &mut Steps) -> anyhow::Result<()> {
    let changed = |file: PathBuf| file.metadata().and_then(|data| data.modified()).ok();
    let installed = changed(folder().join("node_modules").join(".package-lock.json"));
    if installed.is_some() && installed >= changed(folder().join("package-lock.json")) {
        return Ok(());
    }
    steps.command("ui packages", npm()?.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))
}

fn folder() -> PathBuf {
    repo::root().join("ui")
}

/// npm in the window's folder, without colours.
fn npm() -> anyhow::Result<Command> {
    let there = Command::new("npm").arg("--version").stdin(Stdio::null()).output();
    there.context("npm is missing: the window needs Node 20.19 or later")?;
    let mut command = Command::new("npm");
    command.current_dir(folder()).env("NO_COLOR", "1");
    Ok(command)
}
