//! Reading strace's output: was the log of the database on the disk before somebody was told that it is?
//!
//! ```text
//! 41 pwrite64(9</tmp/room/anna/store.db-wal>, …) = 4096      written
//! 41 fdatasync(9</tmp/room/anna/store.db-wal> <unfinished …>
//! 41 <... fdatasync resumed>) = 0                            durable
//! 40 write(1</dev/pts/0>, "d1c0…\n", 33) = 33                told
//! ```

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

/// The calls that a trace must show: what makes durable, and what tells.
pub const CALLS: &str = "trace=fsync,fdatasync,write,writev,pwrite64,pwritev,sendto,sendmsg,io_uring_enter";

/// Whether programs can be traced here; if not, why.
pub fn can_trace() -> std::result::Result<(), String> {
    let tried = Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match tried {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("strace may not trace here".into()),
        Err(error) => Err(format!("no strace: {error}")),
    }
}

/// Checks that before each of `told`, which must be found in this order, the database's log was written and then
/// synced, both since the one before. `told` are texts as a call carries them.
pub fn durable_before_told(trace: &str, told: &[String]) -> Result<()> {
    let mut seen = Seen::default();
    let mut told = told.iter();
    let mut next = told.next();
    for line in trace.lines() {
        let Some(word) = next else { return Ok(()) };
        seen.line(line);
        if is_telling(line) && line.contains(word.as_str()) {
            if !seen.synced {
                bail!("told {word:?} before it was durable: {line}");
            }
            seen.synced = false;
            seen.written = false;
            next = told.next();
        }
    }
    next.map_or(Ok(()), |word| Err(anyhow::anyhow!("{word:?} wasn't told at all")))
}

fn is_telling(line: &str) -> bool {
    !line.contains("-wal>")
        && ["write(", "writev(", "sendto(", "sendmsg("].iter().any(|call| line.contains(call))
}

/// What happened to the log since somebody was last told something.
#[derive(Default)]
struct Seen {
    written: bool,
    synced: bool,
    /// Threads inside a sync of the log.
    syncing: BTreeMap<String, bool>,
}

impl Seen {
    fn line(&mut self, line: &str) {
        let (thread, call) = line.trim_start().split_once(' ').unwrap_or(("", line));
        let call = call.trim_start();
        let syncs =
            ["fsync(", "fdatasync("].iter().any(|name| call.starts_with(name)) && call.contains("-wal>");
        if syncs && call.ends_with("= 0") {
            self.synced = self.written;
        } else if syncs {
            self.syncing.insert(thread.to_owned(), self.written);
        } else if call.starts_with("<... fsync resumed>") || call.starts_with("<... fdatasync resumed>") {
            // What was written before the call began is durable now.
            let covered = self.syncing.remove(thread).unwrap_or(false);
            self.synced |= covered && call.ends_with("= 0");
        } else if call.contains("-wal>") {
            self.written = true;
        }
    }
}

/// The traces that `strace -ff -o PREFIX` or `strace -f -o FILE` wrote into one file.
pub fn read(path: &Path) -> Result<String> {
    std::fs::read(path)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .with_context(|| format!("reading {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = "7 pwrite64(9</r/a/store-wal>, \"x\", 1, 0) = 1";
    const SYNCED: &str = "7 fdatasync(9</r/a/store-wal>) = 0";
    const TOLD: &str = "8 write(1<pipe:[5]>, \"abc\\n\", 4) = 4";

    fn check(lines: &[&str]) -> Result<()> {
        durable_before_told(&lines.join("\n"), &["abc".into()])
    }

    #[test]
    fn written_synced_told_is_the_only_order() {
        assert!(check(&[WRITTEN, SYNCED, TOLD]).is_ok());
        assert!(check(&[WRITTEN, TOLD, SYNCED]).is_err());
        assert!(check(&[SYNCED, WRITTEN, TOLD]).is_err());
        assert!(check(&[WRITTEN, TOLD]).is_err());
        assert!(check(&[WRITTEN, SYNCED]).is_err());
        assert!(check(&[WRITTEN, "7 fdatasync(9</r/a/store>) = 0", TOLD]).is_err(), "another file");
        assert!(
            check(&[WRITTEN, "7 fdatasync(9</r/a/store-wal>) = -1 EIO (Input/output error)", TOLD]).is_err()
        );
    }

    #[test]
    fn calls_of_several_threads_are_told_apart() {
        let began = "7 fdatasync(9</r/a/store-wal> <unfinished ...>";
        let ended = "7 <... fdatasync resumed>)          = 0";
        assert!(check(&[WRITTEN, began, "9 write(3<x>, \"\", 0) = 0", ended, TOLD]).is_ok());
        assert!(check(&[WRITTEN, began, TOLD, ended]).is_err());
        assert!(check(&[began, WRITTEN, ended, TOLD]).is_err(), "written after the sync began");
    }

    #[test]
    fn each_telling_needs_a_sync_of_its_own() {
        let told = ["abc".to_owned(), "abc".to_owned()];
        let once = [WRITTEN, SYNCED, TOLD, TOLD].join("\n");
        assert!(durable_before_told(&once, &told).is_err());
        let twice = [WRITTEN, SYNCED, TOLD, WRITTEN, SYNCED, TOLD].join("\n");
        assert!(durable_before_told(&twice, &told).is_ok());
    }
}
