//! The fuzzers: built with coverage counters on the stable toolchain, run under bounds, told of in one line each.
//!
//! ```text
//! lock    the root's Cargo.lock, so that what is fuzzed is what ships
//! build   fuzz/ with LLVM's sanitizer coverage, libFuzzer from C++ sources, assertions on      target/fuzz
//! seeds   computed by the fuzzers themselves                                                   target/fuzz/seeds
//! run     seeds, fuzz/corpus (what is committed) and what earlier runs found                   target/fuzz/corpus
//!         a finding's input stays                                                              target/fuzz/findings
//! ```

use crate::repo;
use crate::steps::{Steps, succeed};
use anyhow::Context;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

/// What cargo-fuzz asks of rustc too, without a sanitizer: those need a nightly toolchain.
const FLAGS: &[&str] = &[
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];
/// What isn't in the root's lock file; their manifest pins those of them that aren't ours.
const ONLY_THEIRS: &[&str] = &["arbitrary", "libfuzzer-sys", "snug-fuzz"];
/// One input: memory in all and at once, in MiB, seconds, and bytes.
const BOUNDS: &[&str] = &["-rss_limit_mb=512", "-malloc_limit_mb=256", "-timeout=5", "-max_len=8192"];
/// Targets at a time: as many as continuous integration has cores.
const AT_ONCE: usize = 2;
/// Seconds for each target in `cargo xtask test`.
const TEST_SECONDS: u64 = 20;
/// Where the tests' chance begins, each time the same: they hold to what was seen to hold. New finds are for
/// `cargo xtask fuzz`, whose chance is a new one each time.
const TEST_SEED: u32 = 7;
/// Fewer counters than this, and the instrumentation isn't there.
const LEAST_COUNTERS: u64 = 10_000;

/// A short run of every target, beside the other tests.
pub(crate) fn test(steps: &mut Steps) -> anyhow::Result<()> {
    steps.run("fmt fuzzers", || {
        follow_lock()?;
        succeed(repo::cargo().args(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))
    })?;
    fuzz_these(steps, None, Run { seconds: TEST_SECONDS, seed: Some(TEST_SEED) })
}

/// Runs one target, or all of them.
pub(crate) fn run(steps: &mut Steps, only: Option<&str>, seconds: u64) -> anyhow::Result<()> {
    fuzz_these(steps, only, Run { seconds, seed: None })
}

/// How each target is run.
#[derive(Debug, Clone, Copy)]
struct Run {
    seconds: u64,
    seed: Option<u32>,
}

fn fuzz_these(steps: &mut Steps, only: Option<&str>, how: Run) -> anyhow::Result<()> {
    steps.run("build fuzzers", || {
        follow_lock()?;
        succeed(&mut build()?)
    })?;
    let mut targets = steps.run("seeds", seeds)?;
    if let Some(only) = only {
        anyhow::ensure!(
            targets.iter().any(|t| t == only),
            "no target {only}: there are {}",
            targets.join(", ")
        );
        targets.retain(|target| target == only);
    }
    let mut told = Vec::new();
    let outcome = steps.run("fuzz", || fuzz_all(&targets, how, &mut told));
    for line in told {
        steps.close_with(line);
    }
    outcome
}

fn folder() -> PathBuf {
    repo::root().join("target").join("fuzz")
}

/// Gives the fuzzers the versions that the product has; cargo adds what only they use, at pinned versions.
fn follow_lock() -> anyhow::Result<()> {
    let (ours, theirs) = (repo::root().join("Cargo.lock"), repo::root().join("fuzz").join("Cargo.lock"));
    let ours_text = std::fs::read_to_string(&ours)?;
    let theirs_text = std::fs::read_to_string(&theirs).unwrap_or_default();
    if theirs_text.is_empty() || !follows(&theirs_text, &ours_text) {
        std::fs::copy(&ours, &theirs)?;
    }
    Ok(())
}

/// True if a lock file names no package in another version than ours, but for what only the fuzzers use.
fn follows(theirs: &str, ours: &str) -> bool {
    let ours: BTreeSet<_> = packages(ours).collect();
    packages(theirs).all(|package| ONLY_THEIRS.contains(&package.0) || ours.contains(&package))
}

/// The names and versions in a lock file.
fn packages(lock: &str) -> impl Iterator<Item = (&str, &str)> {
    lock.split("[[package]]").filter_map(|entry| {
        let value = |key: &str| entry.lines().find_map(|line| line.strip_prefix(key));
        Some((value("name = ")?.trim_matches('"'), value("version = ")?.trim_matches('"')))
    })
}

/// The machine's own triple: naming it keeps the flags away from build scripts and procedural macros.
fn host() -> anyhow::Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("-vV").current_dir(repo::root()).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc -vV names no host")?.to_owned())
}

fn build() -> anyhow::Result<Command> {
    let mut command = repo::cargo();
    command.args([
        "build",
        "--release",
        "--manifest-path",
        "fuzz/Cargo.toml",
        "--target",
        &host()?,
        "--target-dir",
    ]);
    command.arg(folder()).env("RUSTFLAGS", FLAGS.join(" ")).env_remove("CARGO_ENCODED_RUSTFLAGS");
    Ok(command)
}

fn program() -> anyhow::Result<Command> {
    Ok(Command::new(folder().join(host()?).join("release").join("snug-fuzz")))
}

/// Lets the fuzzers write their seeds, and names the targets that did.
fn seeds() -> anyhow::Result<Vec<String>> {
    let seeds = folder().join("seeds");
    succeed(program()?.env("SNUG_FUZZ_SEEDS", &seeds))?;
    let mut targets: Vec<String> = std::fs::read_dir(&seeds)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<std::io::Result<_>>()?;
    targets.sort_unstable();
    anyhow::ensure!(!targets.is_empty(), "the fuzzers have no targets");
    Ok(targets)
}

fn fuzz_all(targets: &[String], how: Run, told: &mut Vec<String>) -> anyhow::Result<()> {
    let next = Mutex::new(targets.iter());
    let lines = Mutex::new(Vec::new());
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(target) = next.lock().ok().and_then(|mut next| next.next()) {
                    let (line, ok) = match fuzz(target, how) {
                        Ok(line) => (line, true),
                        Err(error) => (format!("fuzz {target}: FAILED: {error:#}"), false),
                    };
                    println!("{line}");
                    if let (Ok(mut lines), Ok(mut failed)) = (lines.lock(), failed.lock()) {
                        lines.push(line);
                        failed.extend((!ok).then(|| target.clone()));
                    }
                }
            });
        }
    });
    told.extend(lines.into_inner().unwrap_or_default());
    told.sort_unstable();
    let failed = failed.into_inner().unwrap_or_default();
    anyhow::ensure!(failed.is_empty(), "findings in {}", failed.join(", "));
    anyhow::ensure!(told.len() == targets.len(), "not every target was run");
    Ok(())
}

/// Runs one target: a line about it.
fn fuzz(target: &str, how: Run) -> anyhow::Result<String> {
    let Run { seconds, seed } = how;
    let [found, seeds, findings] = ["corpus", "seeds", "findings"].map(|of| folder().join(of).join(target));
    let committed = repo::root().join("fuzz").join("corpus").join(target);
    for folder in [&found, &findings] {
        std::fs::create_dir_all(folder)?;
    }
    let mut command = program()?;
    command.env("SNUG_FUZZ_TARGET", target).args(BOUNDS);
    command.args([format!("-max_total_time={seconds}"), format!("-artifact_prefix={}/", findings.display())]);
    command.args(seed.map(|seed| format!("-seed={seed}")));
    command.args(["-print_final_stats=1", "-reload=0"]).arg(found).arg(seeds);
    if committed.is_dir() {
        command.arg(committed);
    }
    let output = command.stdin(Stdio::null()).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let tail: Vec<_> = said.lines().rev().take(60).collect();
        let tail: Vec<_> = tail.into_iter().rev().collect();
        anyhow::bail!("{}\n{}", output.status, tail.join("\n"));
    }
    let Told { counters, covered, runs, per_second, mebibytes } = Told::read(&said);
    anyhow::ensure!(counters >= LEAST_COUNTERS, "{counters} coverage counters: it isn't instrumented");
    anyhow::ensure!(runs > 0 && covered > 0, "nothing ran");
    Ok(format!(
        "fuzz {target}: ok. {runs} runs, {per_second} a second, {covered} edges of {counters}, {mebibytes} MiB"
    ))
}

/// What libFuzzer says of a run.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    counters: u64,
    covered: u64,
    runs: u64,
    per_second: u64,
    mebibytes: u64,
}

impl Told {
    fn read(said: &str) -> Self {
        let mut told = Self::default();
        for line in said.lines() {
            let after = |words: &str| {
                let rest = line.split_once(words)?.1.trim_start();
                rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
            };
            for (words, field) in [
                ("Loaded 1 modules   (", &mut told.counters),
                (" cov: ", &mut told.covered),
                ("stat::number_of_executed_units:", &mut told.runs),
                ("stat::average_exec_per_sec:", &mut told.per_second),
                ("stat::peak_rss_mb:", &mut told.mebibytes),
            ] {
                if let Some(number) = after(words) {
                    *field = number;
                }
            }
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_libfuzzer_says_is_understood() {
        let said = "INFO: Running with entropic power schedule (0xFF, 100).\n\
            INFO: Loaded 1 modules   (120345 inline 8-bit counters): 120345 [0x1, 0x2), \n\
            #8\tINITED cov: 1016 ft: 2002 corp: 7/2Kb exec/s: 0 rss: 48Mb\n\
            #90\tDONE   cov: 1200 ft: 2100 corp: 9/3Kb exec/s: 45 rss: 50Mb\n\
            stat::number_of_executed_units: 90\n\
            stat::average_exec_per_sec:     45\n\
            stat::peak_rss_mb:              50\n";
        let told = Told { counters: 120_345, covered: 1200, runs: 90, per_second: 45, mebibytes: 50 };
        assert_eq!(Told::read(said), told);
    }

    #[test]
    fn what_is_fuzzed_is_what_ships() {
        let lock = |packages: &[(&str, &str)]| {
            let entry =
                |(name, version)| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n\n");
            packages.iter().copied().map(entry).collect::<String>()
        };
        let ours = lock(&[("automerge", "0.12.0"), ("rand", "0.8.0"), ("rand", "0.9.0")]);
        assert!(follows(&lock(&[("automerge", "0.12.0"), ("rand", "0.9.0"), ("arbitrary", "1.5.0")]), &ours));
        assert!(!follows(&lock(&[("automerge", "0.12.1")]), &ours));
        assert!(!follows(&lock(&[("automerge", "0.12.0"), ("stranger", "1.0.0")]), &ours));
    }
}
