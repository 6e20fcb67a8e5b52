//! Fuzzers for whatever of Snug meets foreign bytes.
//!
//! ```text
//! cargo xtask fuzz ─► this program, built with coverage counters
//!                       SNUG_FUZZ_SEEDS=folder    writes every target's seeds and ends
//!                       SNUG_FUZZ_TARGET=name     libFuzzer, or only the inputs that are named, through that target
//! input ─► target: Choices ─► the crates ─► a panic, a hang or too much memory is a finding
//! ```
//! A target says what it promises where it is declared. Many don't take raw bytes alone: they read their input as
//! decisions ([`script`]) about what a hostile member of a fixed circle ([`cast`]) signs and sends, and so get past
//! signatures, seals and checksums. Inputs that once were findings, and those that reach most, are in `corpus/`.

#![no_main]

mod cast;
mod script;
mod target;

use libfuzzer_sys::fuzz_target;
use std::backtrace::Backtrace;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};
use target::{ALL, Target};

static CHOSEN: OnceLock<&Target> = OnceLock::new();
static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

fuzz_target!(
    init: begin(),
    |data: &[u8]| {
        let Some(target) = CHOSEN.get() else { return };
        if std::panic::catch_unwind(|| (target.run)(data)).is_err() {
            eprintln!("{}", LAST_PANIC.lock().map(|text| text.clone()).unwrap_or_default());
            std::process::abort();
        }
    }
);

/// Writes seeds, or chooses the target.
fn begin() {
    if let Some(folder) = std::env::var_os("SNUG_FUZZ_SEEDS") {
        for target in &ALL {
            write_seeds(&PathBuf::from(&folder).join(target.name), target);
        }
        std::process::exit(0);
    }
    let name = std::env::var("SNUG_FUZZ_TARGET").unwrap_or_default();
    let found = ALL.iter().find(|target| target.name == name);
    let chosen = found.unwrap_or_else(|| panic!("SNUG_FUZZ_TARGET={name:?} isn't a target"));
    CHOSEN.get_or_init(|| chosen);
    // libFuzzer's own hook ends the process at any panic. Only one that nobody catches is a finding: documents catch
    // what Automerge asserts of a change.
    std::panic::set_hook(Box::new(|panic| {
        if let Ok(mut text) = LAST_PANIC.lock() {
            *text = format!("{panic}\n{}", Backtrace::capture());
        }
    }));
}

fn write_seeds(folder: &Path, target: &Target) {
    std::fs::create_dir_all(folder).expect("a folder for seeds");
    for (n, seed) in (target.seeds)().into_iter().enumerate() {
        std::fs::write(folder.join(format!("seed-{n:02}")), seed).expect("a seed is written");
    }
}
