//! The window's page: its packages, its build, its checks and its tests, by npm, from its lock file.

use crate::repo;
use crate::steps::{Steps, watch};
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The page as it is shipped, in `ui/dist`, from where `snug-desktop` takes it.
pub(crate) fn build(steps: &mut Steps) -> anyhow::Result<()> {
    install(steps)?;
    steps.command("ui build", npm()?.args(["run", "--silent", "build", "--", "--logLevel", "warn"]))
}

/// Types and lints.
pub(crate) fn check(steps: &mut Steps) -> anyhow::Result<()> {
    install(steps)?;
    steps.command("ui check", npm()?.args(["run", "--silent", "check"]))
}

/// Every test of the page: its parts, the whole in a browser, and real windows with the real program behind them.
pub(crate) fn test(steps: &mut Steps) -> anyhow::Result<()> {
    install(steps)?;
    let parts = suite(steps, "ui tests", npm()?.args(["run", "--silent", "test"]));
    let browser = suite(steps, "ui in a browser", npm()?.args(["run", "--silent", "test:browser"]));
    let windows = suite(steps, "windows", npm()?.args(["run", "--silent", "test:windows"]));
    parts.and(browser).and(windows)
}

/// Two real windows at one circle.
pub(crate) fn demo() -> anyhow::Result<Command> {
    let mut command = npm()?;
    command.args(["run", "--silent", "demo"]);
    Ok(command)
}

/// What a key costs, beside other editors and in the real window; rows are put beside those that are in the file.
pub(crate) fn bench(steps: &mut Steps, file: &Path) -> anyhow::Result<()> {
    suite(steps, "bench of a key", npm()?.args(["run", "--silent", "bench", "--"]).arg(file))
}

/// The server that hands out the page as it is being written.
pub(crate) fn dev() -> Command {
    // Not through npm, so that ending it ends the server itself.
    let mut command = program("vite");
    command.current_dir(folder()).stdin(Stdio::null());
    command
}

/// Tauri's own program, which makes packages.
pub(crate) fn tauri() -> Command {
    program("tauri")
}

/// A program that a package brought.
fn program(name: &str) -> Command {
    Command::new(folder().join("node_modules").join(".bin").join(name))
}

/// Installs what the lock file names, if that isn't what is there.
pub(crate) fn install(steps: &mut Steps) -> anyhow::Result<()> {
    let changed = |file: PathBuf| file.metadata().and_then(|data| data.modified()).ok();
    let installed = changed(folder().join("node_modules").join(".package-lock.json"));
    if installed.is_some() && installed >= changed(folder().join("package-lock.json")) {
        return Ok(());
    }
    // Not `npm ci`, which turns down a lock file that leaves out what only other systems could install.
    let install = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
    steps.command("ui packages", npm()?.args(install))
}

/// Runs tests; their closing lines are repeated at the end.
fn suite(steps: &mut Steps, name: &str, script: &mut Command) -> anyhow::Result<()> {
    let mut seen = Vec::new();
    let ok = steps.run(name, || watch(script, |line| seen.extend(closing(line).map(str::to_owned))));
    for line in &seen {
        steps.close_with(format!("{name}: {line}"));
    }
    anyhow::ensure!(ok?, "{name} failed");
    anyhow::ensure!(!seen.is_empty(), "{name}: nothing was run");
    Ok(())
}

/// A line that is worth reading again: how many tests there were, what was skipped, and what was proven or measured.
fn closing(line: &str) -> Option<&str> {
    const BEGINNINGS: [&str; 5] = ["Test Files ", "Tests ", "skipped: ", "proven: ", "measured: "];
    let line = line.trim();
    BEGINNINGS.iter().any(|begin| line.starts_with(begin)).then_some(line)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_worth_reading_again_is_kept() {
        assert_eq!(closing("      Tests  5 passed (5)"), Some("Tests  5 passed (5)"));
        assert_eq!(closing("skipped: no chromium here"), Some("skipped: no chromium here"));
        assert_eq!(closing("proven: two windows, one text"), Some("proven: two windows, one text"));
        assert_eq!(closing(" ✓ src/a.test.ts (3 tests)"), None);
    }
}
