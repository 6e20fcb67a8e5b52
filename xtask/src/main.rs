//! The project's own commands: `cargo xtask run`, `dev`, `demo`, `test`, `check`, `codegen`, `bench`, `fuzz`, `package`
//! and `tidy`.
//!
//! ```text
//! run   = set-up (what a build needs) → ui build → build → the window; with no display, the demo
//! demo  = set-up (and what windows need) → ui build → build → two windows at one circle
//! test  = set-up (and what tests need) → check → build → cargo test → ui tests → windows → fuzz, briefly
//! check = fmt → tidy → deny → ui check → ui build → clippy   (fast, no test)
//! ```
//!
//! Each command is a list of [`steps`]: named, timed, and stopped at the first that fails.

// This program's output is for the person who runs it.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod check;
mod codegen;
mod deny;
mod fuzz;
mod repo;
mod setup;
mod steps;
mod test;
mod tidy;
mod ui;
mod window;

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
    /// Install what is missing, build, and open the window; with no display, show the demo.
    Run {
        /// Only tell which system packages are missing.
        #[arg(long)]
        no_install: bool,
        /// What is handed to the window's program, such as --data DIR.
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// The window on the page as it is being written: a change of the page is there when it is saved.
    Dev {
        /// What is handed to the window's program [default: --data target/dev]
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Install what is missing, then run every test that continuous integration runs.
    Test {
        /// Only tell which system packages are missing.
        #[arg(long)]
        no_install: bool,
    },
    /// Two real windows: found, invite, join, write together and apart, plan, answer. Pictures go to target/demo.
    Demo {
        /// Only tell which system packages are missing.
        #[arg(long)]
        no_install: bool,
    },
    /// The fast checks: format, clippy, dependencies, tidiness, the window's types.
    Check,
    /// Write the window's types from what snug-api declares.
    Codegen,
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
    /// Make the package that is installed, and tell what is in it.
    Package,
    /// Check the arrows between crates, links, decisions and words.
    Tidy,
}

fn main() -> ExitCode {
    let mut steps = Steps::new();
    let outcome = run(Cli::parse().command, &mut steps);
    steps.print_summary();
    if let Err(error) = outcome {
        eprintln!("error: {error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn run(command: Command, steps: &mut Steps) -> anyhow::Result<()> {
    match command {
        Command::Run { no_install, arguments } if window::has_display() => {
            set_up(steps, Needs::Build, no_install)?;
            window::run(steps, &arguments)
        }
        Command::Run { no_install, .. } => {
            println!("there is no display here, so nobody would see a window: this is the demo");
            run(Command::Demo { no_install }, steps)
        }
        Command::Dev { arguments } => window::dev(steps, &arguments),
        Command::Demo { no_install } => {
            set_up(steps, Needs::Windows, no_install)?;
            window::demo(steps)
        }
        Command::Test { no_install } => {
            set_up(steps, Needs::Test, no_install)?;
            check::run(steps)?;
            test::run(steps)?;
            ui::test(steps)?;
            fuzz::test(steps)
        }
        Command::Check => {
            check::run(steps)?;
            codegen::check(steps)
        }
        Command::Codegen => codegen::write(steps),
        Command::Bench => {
            set_up(steps, Needs::Windows, true)?;
            bench::run(steps)
        }
        Command::Fuzz { target, seconds } => fuzz::run(steps, target.as_deref(), seconds),
        Command::Package => window::package(steps),
        Command::Tidy => steps.run("tidy", tidy::run),
    }
}

fn set_up(steps: &mut Steps, needs: Needs, no_install: bool) -> anyhow::Result<()> {
    steps.run("set-up", || setup::run(needs, Installing::unless(no_install)))
}
