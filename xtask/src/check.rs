//! The fast checks: everything about the tree that can be told without running it.

use crate::steps::Steps;
use crate::{deny, repo, tidy, ui};

/// Format, clippy, dependencies, tidiness.
pub(crate) fn run(steps: &mut Steps) -> anyhow::Result<()> {
    steps.command("fmt", repo::cargo().args(["fmt", "--all", "--check"]))?;
    steps.run("tidy", tidy::run)?;
    deny::run(steps)?;
    ui::check(steps)?;
    // The window's program takes the built page in, also when it is only checked.
    ui::build(steps)?;
    steps.command(
        "clippy",
        repo::cargo().args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "--deny",
            "warnings",
        ]),
    )
}
