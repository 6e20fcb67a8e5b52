//! The window beside an empty one of the same kind: how long until it is shown, and how much memory all its processes hold.
//!
//! Each start has a display, a folder and a home of its own, and no desktop around it. The two take turns.

use crate::repo;
use anyhow::Context;
use serde_json::{Value, json};
use std::fmt;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Starts of each.
const ROUNDS: usize = 7;
/// How exactly a start is seen.
const LOOK: Duration = Duration::from_millis(5);
/// A window that isn't there by then won't be.
const PATIENCE: Duration = Duration::from_mins(1);
/// Until what a start leaves behind in memory is given back.
const SETTLED: Duration = Duration::from_secs(3);

/// A measurement of the window, and of the empty one.
pub(super) struct Row {
    what: &'static str,
    unit: &'static str,
    ours: f64,
    empty: f64,
}

/// Measures.
pub(super) fn rows() -> anyhow::Result<[Row; 2]> {
    let release = repo::root().join("target").join("release");
    let (window, empty) = (release.join("snug-desktop"), release.join("examples").join("empty"));
    let mut seen = [Seen::default(), Seen::default()];
    for round in 0..ROUNDS {
        for (program, seen) in [&window, &empty].into_iter().zip(&mut seen) {
            let home = repo::root().join("target").join("bench-window").join(round.to_string());
            let started = Started::start(program, &home)?;
            seen.shown.push(started.until_shown()?);
            sleep(SETTLED);
            seen.memory.push(started.memory()?);
        }
    }
    let [mut ours, mut empty] = seen;
    Ok([
        Row {
            what: "window: from start to shown",
            unit: "ms",
            ours: median(&mut ours.shown),
            empty: median(&mut empty.shown),
        },
        Row {
            what: "window: memory of all its processes",
            unit: "MiB",
            ours: median(&mut ours.memory),
            empty: median(&mut empty.memory),
        },
    ])
}

/// Puts the rows beside those that are in the file.
pub(super) fn append(file: &Path, rows: &[Row]) -> anyhow::Result<()> {
    let mut all: Vec<Value> = serde_json::from_slice(&std::fs::read(file)?)?;
    all.extend(rows.iter().map(Row::json));
    std::fs::write(file, serde_json::to_vec_pretty(&all)?)?;
    Ok(())
}

impl Row {
    fn ratio(&self) -> f64 {
        self.ours / self.empty
    }

    fn json(&self) -> Value {
        json!({
            "what": self.what,
            "unit": self.unit,
            "ours": self.ours,
            "beside": "an empty Tauri window",
            "floor": self.empty,
            "ratio_median": self.ratio(),
            "samples": ROUNDS,
        })
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, unit, ours, empty } = self;
        write!(f, "{what}: {ours:.0} {unit}, an empty Tauri window {empty:.0} {unit}, × {:.2}", self.ratio())
    }
}

#[derive(Default)]
struct Seen {
    shown: Vec<f64>,
    memory: Vec<f64>,
}

/// The middle of some measurements.
fn median(of: &mut [f64]) -> f64 {
    of.sort_unstable_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A running program on a display of its own. Both end with it.
struct Started {
    display: Child,
    name: String,
    program: Child,
    home: PathBuf,
    begun: Instant,
}

impl Started {
    fn start(program: &Path, home: &Path) -> anyhow::Result<Self> {
        let mut display = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x860x24", "-nolisten", "tcp", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("Xvfb")?;
        let said = display.stdout.take().context("Xvfb has no output")?;
        let mut number = String::new();
        BufReader::new(said).read_line(&mut number)?;
        let name = format!(":{}", number.trim());
        std::fs::create_dir_all(home)?;
        let begun = Instant::now();
        let program = Command::new(program)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs([("DISPLAY", name.as_str()), ("SNUG_INTERFACES", "lo"), ("GSETTINGS_BACKEND", "memory")])
            // As Snug does by itself, so that both are drawn alike.
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            // No desktop is asked for anything.
            .envs([("NO_AT_BRIDGE", "1"), ("DBUS_SESSION_BUS_ADDRESS", "disabled:")])
            .envs(["HOME", "XDG_RUNTIME_DIR", "TMPDIR"].map(|name| (name, home)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| program.display().to_string())?;
        Ok(Self { display, name, program, home: home.to_owned(), begun })
    }

    /// Milliseconds from the start until the window is on the display.
    fn until_shown(&self) -> anyhow::Result<f64> {
        while self.begun.elapsed() < PATIENCE {
            let seen = Command::new("xwininfo").args(["-display", &self.name, "-name", "Snug"]).output()?;
            if String::from_utf8_lossy(&seen.stdout).contains("IsViewable") {
                return Ok(self.begun.elapsed().as_secs_f64() * 1000.0);
            }
            sleep(LOOK);
        }
        anyhow::bail!("the window isn't shown")
    }

    /// MiB that all its processes hold; what several share is divided among them.
    fn memory(&self) -> anyhow::Result<f64> {
        let mut kib = 0;
        for process in std::fs::read_dir("/proc")? {
            let process = process?.path();
            // Processes end while they are looked at.
            let read = |file| std::fs::read_to_string(process.join(file)).unwrap_or_default();
            if group(&read("stat")) == Some(self.program.id()) {
                kib += shares(&read("smaps_rollup")).unwrap_or_default();
            }
        }
        anyhow::ensure!(kib > 0, "the window has no processes");
        #[allow(clippy::cast_precision_loss, reason = "a terabyte is far away")]
        Ok(kib as f64 / 1024.0)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if let Some(group) = i32::try_from(self.program.id()).ok().and_then(rustix::process::Pid::from_raw) {
            // What is gone already needn't be ended.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.program.wait();
        let _ = self.display.kill().and_then(|()| self.display.wait());
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

/// The process group in a line of `/proc/N/stat`: the third field after the name, which is in brackets.
fn group(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(2)?.parse().ok()
}

/// The proportional share in a `smaps_rollup`, in KiB.
fn shares(rollup: &str) -> Option<u64> {
    rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_of_a_process_is_understood() {
        assert_eq!(group("6504 (WebKit) Proc (x) S 6451 6448 6448 0 -1"), Some(6448));
        assert_eq!(
            shares("00400000-7ff ---p [rollup]\nRss: 9 kB\nPss:   1234 kB\nPss_Anon: 5 kB\n"),
            Some(1234)
        );
        assert!((median(&mut [3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
    }
}
