//! A program that fails tells nothing of what it held: no copy of its memory on the disk, no words in the system's log.

use std::panic::PanicHookInfo;

/// What each program does before anything else. What it starts afterwards leaves no copy of its memory either.
pub fn fail_discreetly(program: &'static str) {
    leave_no_core();
    // Whoever works on a program looks into it.
    #[cfg(all(target_os = "linux", not(debug_assertions)))]
    refuse_looks();
    std::panic::set_hook(Box::new(move |panic| tell_place(program, panic)));
}

/// The smallest limit but one: no file of one byte is begun. Where Linux hands the memory to another program instead, which may
/// keep it, it does so at a limit of 0 too, and only at 1 it doesn't (`fs/coredump.c`).
#[cfg(unix)]
const CORE_BYTES: u64 = 1;

#[cfg(unix)]
fn leave_no_core() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // It fails where the limit is 0 and may not be raised. There is no better one to be had then.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(CORE_BYTES), maximum: Some(CORE_BYTES) });
}

#[cfg(not(unix))]
fn leave_no_core() {}

/// No other program of the same person looks into the memory, and nobody collects it, whatever the limit.
#[cfg(all(target_os = "linux", any(test, not(debug_assertions))))]
fn refuse_looks() {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    // It is refused to nobody.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

/// Says where it went wrong. What went wrong may quote what people wrote.
#[allow(clippy::print_stderr, reason = "nothing else may work any more")]
fn tell_place(program: &str, panic: &PanicHookInfo<'_>) {
    match panic.location() {
        Some(place) => eprintln!("{program}: a fault of its own, at {}:{}", place.file(), place.line()),
        None => eprintln!("{program}: a fault of its own"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    /// Set for the process that fails, which is this program once more.
    const FAILING: &str = "SNUG_TEST_FAILING";

    /// Runs one test of these alone in a process of its own, and gives what it said.
    fn alone(test: &str) -> String {
        let done = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture", &format!("discreet::tests::{test}")])
            .env(FAILING, "1")
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
        String::from_utf8(done.stderr).unwrap() + &String::from_utf8(done.stdout).unwrap()
    }

    #[test]
    fn a_panic_tells_its_place_and_no_words() {
        if std::env::var_os(FAILING).is_some() {
            fail_discreetly("snug-test");
            let caught = std::panic::catch_unwind(|| panic!("by the mill {}", "stream"));
            assert!(caught.is_err());
            return;
        }
        let said = alone("a_panic_tells_its_place_and_no_words");
        assert!(said.contains("snug-test: a fault of its own, at "), "{said}");
        assert!(said.contains("discreet.rs:"), "{said}");
        assert!(!said.contains("mill"), "{said}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn nobody_looks_in() {
        use rustix::process::{DumpableBehavior, dumpable_behavior};
        if std::env::var_os(FAILING).is_some() {
            refuse_looks();
            assert_eq!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable));
            return;
        }
        alone("nobody_looks_in");
    }
}
