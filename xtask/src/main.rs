//! The project's own commands: `cargo xtask run`, `test`, `demo`, `check`, `bench`, `fuzz` and
//! `tidy`.
//!
//! ```text
//! run   = set-up (what a build needs)  → build → demo
//! test  = set-up (and what tests need) → check → build → cargo test → ui tests → fuzz, briefly
//! check = fmt → tidy → deny → ui check → clippy              (fast, no test)
//! ```
//!
//! Each command is a list of [`steps`]: named, timed, and stopped at the first that fails.

// This program's output is for the person who runs it.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod check;
mod demo;
mod deny;
mod fuzz;
mod repo;
mod setup;
mod steps;
mod test;
mod tidy;
mod ui;

use clap::{Parser, Subcommand};
use setup::{Installing, Needs};
use std::process::ExitCode;
use steps::Steps;

/// Builds, runs, tests and measures Snug.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing, build, and show two laptops at one circle.
    Run {
        /// Only tell which system packages are missing.
        #[arg(long)]
        no_install: bool,
    },
    /// Install what is missing, then run every test that continuous integration runs.
    Test {
        /// Only tell which system packages are missing.
        #[arg(long)]
        no_install: bool,
    },
    /// Two laptops as separate processes: found, invite, join, write together and apart, plan, answer.
    Demo,
    /// The fast checks: format, clippy, dependencies, tidiness.
    Check,
    /// Measure the product beside its limits; prints a table and writes target/bench.json.
    Bench,
    /// Search the decoders and state machines that meet foreign bytes for inputs that break a promise.
    Fuzz {
        /// One target; all of them if none is named.
        target: Option<String>,
        /// How long each target runs.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
    /// Check the arrows between crates, links, decisions and words.
    Tidy,
}

fn main() -> ExitCode {
    let mut steps = Steps::new();
    let outcome = match Cli::parse().command {
        Command::Run { no_install } => steps
            .run("set-up", || setup::run(Needs::Build, Installing::unless(no_install)))
            .and_then(|()| demo::build_and_run(&mut steps)),
        Command::Test { no_install } => steps
            .run("set-up", || setup::run(Needs::Test, Installing::unless(no_install)))
            .and_then(|()| check::run(&mut steps))
            .and_then(|()| test::run(&mut steps))
            .and_then(|()| ui::test(&mut steps))
            .and_then(|()| fuzz::test(&mut steps)),
        Command::Demo => demo::build_and_run(&mut steps),
        Command::Check => check::run(&mut steps),
        Command::Bench => bench::run(&mut steps),
        Command::Fuzz { target, seconds } => fuzz::run(&mut steps, target.as_deref(), seconds),
        Command::Tidy => steps.run("tidy", tidy::run),
    };
    steps.print_summary();
    if let Err(error) = outcome {
        eprintln!("error: {error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
