//! The bench: builds `snug-bench` optimised and runs it; the table goes to `target/bench.json` too.

use crate::repo;
use crate::steps::Steps;

/// Builds and measures.
pub(crate) fn run(steps: &mut Steps) -> anyhow::Result<()> {
    let build = ["build", "--package", "snug-bench", "--release", "--locked"];
    steps.command("build, optimised", repo::cargo().args(build))?;
    let file = repo::root().join("target").join("bench.json");
    let run = ["run", "--quiet", "--package", "snug-bench", "--release", "--locked", "--"];
    steps.command("bench", repo::cargo().args(run).arg(&file))?;
    steps.close_with(format!("written to {}", file.display()));
    Ok(())
}
