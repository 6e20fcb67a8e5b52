//! The bench: builds `snug-bench` and the window optimised, and runs them beside what others made; the tables go to
//! `target/bench.json` too.

mod others;
mod window;

use crate::steps::Steps;
use crate::{repo, ui};

/// Builds and measures.
pub(crate) fn run(steps: &mut Steps) -> anyhow::Result<()> {
    others::install(steps);
    // Only a development build can be driven, to measure its keys.
    super::window::build(steps)?;
    let build = ["build", "--package", "snug-bench", "--release", "--locked"];
    steps.command("build, optimised", repo::cargo().args(build))?;
    let build = ["build", "--package", "snug-desktop", "--bins", "--examples", "--release", "--locked"];
    steps.command("build the window, optimised", repo::cargo().args(build))?;
    let file = repo::root().join("target").join("bench.json");
    let run = ["run", "--quiet", "--package", "snug-bench", "--release", "--locked", "--"];
    steps.command("bench", repo::cargo().args(run).arg(&file))?;
    ui::bench(steps, &file)?;
    let rows = steps.run("bench of the window", window::rows)?;
    window::append(&file, &rows)?;
    for row in rows {
        steps.close_with(row.to_string());
    }
    steps.close_with(format!("written to {}", file.display()));
    Ok(())
}
