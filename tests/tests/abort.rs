//! A `snug` that ends by a fault leaves no copy of its memory, which holds keys and words, on the disk.

use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, Signal, kill_process};
use snug_scenarios::{Room, until};
use std::fs;

#[test]
fn an_abort_leaves_no_memory_on_the_disk() -> Result<()> {
    let room = Room::new()?;
    // Without the limit Linux puts it beside whatever the program was started in, where that is its way.
    let unlimited = format!("ulimit -c unlimited && cd '{}' && exec \"$0\" \"$@\"", room.path().display());
    let mut anna = room.initialised("Anna")?.through(&["sh", "-c", &unlimited]);
    let before = entries(&room)?;
    anna.up()?;
    let pid = anna.pid().context("it is up")?;
    let limits = fs::read_to_string(format!("/proc/{pid}/limits"))?;
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).context("no limit")?;

    kill_process(Pid::from_raw(i32::try_from(pid)?).context("a process")?, Signal::ABORT)?;
    until("its end", || {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        Ok(if stat.contains(") Z ") { Ok(()) } else { Err(stat) })
    })?;
    anna.kill()?;
    let after = entries(&room)?;
    ensure!(after.iter().all(|name| !name.contains("core")), "{before:?} became {after:?}");
    // At 1 the system doesn't hand it to another program either, and a file of one byte isn't begun.
    ensure!(core.split_whitespace().skip(4).take(2).eq(["1", "1"]), "{core}");
    Ok(())
}

fn entries(room: &Room) -> Result<Vec<String>> {
    let names = fs::read_dir(room.path())?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    names.collect()
}
