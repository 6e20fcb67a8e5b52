//! `snug`: everything that a laptop does, without a window.
//!
//! ```text
//! args ─▶ run::init                       makes the folder
//!      ├▶ run::up, run::join              open it, stay up: socket and network, until the end
//!      └▶ all others                      laptop::Way::laptop: through the socket of a running Snug, else open, ask, close
//!                                          │
//!                                          ▼
//!                                        out, show: lines for people, JSON for programs
//! ```
//!
//! Exit codes: 0 done, 1 not done (one sentence on standard error says why), 2 wrong usage.

mod args;
mod input;
mod laptop;
mod out;
mod passphrase;
mod plain;
mod run;
mod show;
mod signal;
mod span;

use out::{Stop, complain};
use snug_api::{ApiError, ErrorCode, fail_discreetly};
use std::process::ExitCode;

fn main() -> ExitCode {
    fail_discreetly("snug");
    let cli = args::Cli::typed();
    log();
    let json = cli.common.json;
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(
                &ApiError::new(ErrorCode::Internal, format!("this system gives no threads: {error}")),
                json,
            );
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(run::run(cli));
    // A print that nobody reads isn't waited for.
    runtime.shutdown_background();
    match ended {
        Ok(()) | Err(Stop::NobodyReads) => ExitCode::SUCCESS,
        Err(Stop::Failed(error)) => {
            complain(&error, json);
            ExitCode::FAILURE
        }
    }
}

/// Diagnostics for developers, on standard error and only where `SNUG_LOG` asks for them.
fn log() {
    if let Ok(filter) = std::env::var("SNUG_LOG") {
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    }
}
