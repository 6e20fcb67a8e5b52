//! Every test in Rust: units, properties, the simulator, the scenarios that drive the real `snug`, and the examples in
//! docs.

use crate::repo;
use crate::steps::{Steps, watch};
use std::process::Command;

/// Builds everything and runs the tests on loopback.
pub(crate) fn run(steps: &mut Steps) -> anyhow::Result<()> {
    // All targets at once: `snug` and `snug-desktop` are among them, with the very features that the tests are built with.
    steps.command("build", repo::cargo().args(["build", "--workspace", "--all-targets", "--locked"]))?;
    let tests = run_tests(steps, "tests", &["--all-targets"]);
    let docs = run_tests(steps, "doc tests", &["--doc"]);
    tests.and(docs)
}

fn run_tests(steps: &mut Steps, name: &str, which: &[&str]) -> anyhow::Result<()> {
    let mut seen = Seen::default();
    let ok = steps.run(name, || watch(&mut test_command(which), |line| seen.line(line)));
    for line in seen.closing() {
        steps.close_with(line);
    }
    anyhow::ensure!(ok?, "{name} failed");
    anyhow::ensure!(seen.passed > 0 || which == ["--doc"], "{name}: no test ran");
    Ok(())
}

fn test_command(which: &[&str]) -> Command {
    let mut command = repo::cargo();
    // One failing crate hides no other.
    command.args(["test", "--workspace", "--locked", "--no-fail-fast"]).args(which);
    command.env("SNUG_INTERFACES", std::env::var_os("SNUG_INTERFACES").unwrap_or_else(|| "lo".into()));
    command
}

/// What the runners' output says in the end.
#[derive(Default)]
struct Seen {
    runner: String,
    results: Vec<String>,
    skipped: Vec<String>,
    passed: usize,
    failed: usize,
    ignored: usize,
}

impl Seen {
    fn line(&mut self, line: &str) {
        let text = line.trim_start();
        if let Some(runner) = text.strip_prefix("Running ").or_else(|| text.strip_prefix("Doc-tests ")) {
            runner.clone_into(&mut self.runner);
        } else if let Some(result) = text.strip_prefix("test result: ") {
            self.passed += count(result, "passed");
            self.failed += count(result, "failed");
            self.ignored += count(result, "ignored");
            self.results.push(format!("test result: {result} ({})", self.runner));
        } else if text.starts_with("skipped: ") {
            self.skipped.push(text.to_owned());
        } else if text.starts_with("proven: ") {
            self.results.push(text.to_owned());
        }
    }

    fn closing(&self) -> Vec<String> {
        let mut lines = self.results.clone();
        lines.extend(self.skipped.iter().cloned());
        lines.push(format!(
            "{} passed, {} failed, {} skipped",
            self.passed,
            self.failed,
            self.ignored + self.skipped.len()
        ));
        lines
    }
}

/// The number before a word: `3` in "ok. 3 passed; 0 failed".
fn count(result: &str, word: &str) -> usize {
    let words: Vec<&str> = result.split([' ', ';', '.']).filter(|word| !word.is_empty()).collect();
    words.windows(2).find(|pair| pair[1] == word).and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_summed_and_skips_are_shown() {
        let mut seen = Seen::default();
        for line in [
            "     Running unittests src/lib.rs (target/debug/deps/snug_types-1)",
            "test codec::tests::sets_have_one_spelling ... ok",
            "test result: ok. 7 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "skipped: no tcpdump here",
            "   Doc-tests snug_sync",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s",
        ] {
            seen.line(line);
        }
        assert_eq!((seen.passed, seen.failed, seen.ignored), (9, 1, 1));
        let closing = seen.closing();
        assert!(closing[1].ends_with("(snug_sync)"), "{closing:?}");
        assert_eq!(closing[2], "skipped: no tcpdump here");
        assert_eq!(closing[3], "9 passed, 1 failed, 2 skipped");
    }
}
