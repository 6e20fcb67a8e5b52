//! Seen from outside, in the system calls: nobody is told that something is saved before it is on the disk, and
//! nothing is done on another network interface than those that were allowed.

use anyhow::{Context, Result, ensure};
use snug_scenarios::trace::{CALLS, can_trace, durable_before_told, read};
use snug_scenarios::{Room, skip, until};
use std::process::{Child, Command, Stdio};

#[test]
fn a_command_tells_after_the_sync() -> Result<()> {
    if let Err(why) = can_trace() {
        skip("fsync before each acknowledgement", &why);
        return Ok(());
    }
    let room = Room::new()?;
    let anna = room.initialised("Anna")?;
    let circle = anna.ok(&["circle", "found", "Readers"])?;
    let trace = room.path().join("trace");
    let to = trace.to_str().context("a path in UTF-8")?;
    let traced = anna.through(&["strace", "-f", "-y", "-s", "4096", "-e", CALLS, "-o", to]);
    let note = traced.ok(&["note", "new", &circle, "Diary"])?;
    durable_before_told(&read(&trace)?, &[note])
}

#[test]
fn a_running_snug_tells_after_the_sync() -> Result<()> {
    if let Err(why) = can_trace() {
        skip("fsync before each acknowledgement of a running snug", &why);
        return Ok(());
    }
    let room = Room::new()?;
    let mut anna = room.initialised("Anna")?;
    let circle = anna.ok(&["circle", "found", "Readers"])?;
    let trace = room.path().join("trace");
    anna.up()?;
    let mut tracer = Tracer::attach(
        anna.pid().context("it is up")?,
        &["-y", "-s", "4096", "-e", CALLS, "-o", trace.to_str().context("a path in UTF-8")?],
    )?;
    let notes = (0..20)
        .map(|n| anna.ok(&["note", "new", &circle, &format!("Note {n}")]))
        .collect::<Result<Vec<_>>>()?;
    tracer.detach()?;
    durable_before_told(&read(&trace)?, &notes)
}

#[test]
fn a_laptop_that_cannot_sync_is_not_counted() -> Result<()> {
    if let Err(why) = can_trace() {
        skip("a laptop whose fsync fails", &why);
        return Ok(());
    }
    let room = Room::new()?;
    let mut anna = room.initialised("Anna")?;
    let mut ben = room.initialised("Ben")?;
    let circle = anna.ok(&["circle", "found", "Readers"])?;
    anna.up()?;
    ben.up()?;
    ben.ok(&["join", &anna.ok(&["invite", &circle, "--no-confirm"])?])?;
    until("2 of 2", || {
        let held = anna.holding(&circle)?;
        Ok(if (held.0, held.1) == (2, 2) { Ok(()) } else { Err(format!("{held:?}")) })
    })?;

    let mut tracer = Tracer::attach(
        ben.pid().context("it is up")?,
        &["-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO", "-o", "/dev/null"],
    )?;
    let note = anna.ok(&["note", "new", &circle, "For Ben"])?;
    until("Ben's laptop to say that it can't write", || {
        let status = ben.json(&["status", &circle])?;
        Ok(if status["circles"][0]["stopped"].is_null() { Err(status.to_string()) } else { Ok(()) })
    })?;
    let held = anna.holding(&circle)?;
    ensure!((held.0, held.1) == (1, 2), "what Ben's disk refused isn't on 2 laptops: {held:?}");
    tracer.detach()?;

    // A restart on a disk that works again makes it good.
    ben.kill()?;
    ben.up()?;
    until("the note on Ben's laptop, and 2 of 2", || {
        let shown = ben.run(&["note", "show", &circle, &note])?;
        let held = anna.holding(&circle)?;
        let good = shown.code == Some(0) && (held.0, held.1) == (2, 2);
        Ok(if good { Ok(()) } else { Err(format!("{shown:?}, {held:?}")) })
    })
}

/// strace, attached to a running process. Detaches when dropped.
struct Tracer(Child);

impl Tracer {
    fn attach(pid: u32, arguments: &[&str]) -> Result<Self> {
        let mut child = Command::new("strace")
            .args(["-f", "-p", &pid.to_string()])
            .args(arguments)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        // It says "attached" once every thread is.
        let stderr = child.stderr.take().context("no standard error")?;
        let tracer = Self(child);
        let (sender, lines) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            use std::io::BufRead;
            for line in std::io::BufReader::new(stderr).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        loop {
            let line = lines.recv_timeout(snug_scenarios::PATIENCE).context("strace didn't attach")?;
            if line.contains("attached") {
                return Ok(tracer);
            }
        }
    }

    fn detach(&mut self) -> Result<()> {
        let pid =
            i32::try_from(self.0.id()).ok().and_then(rustix::process::Pid::from_raw).context("a pid")?;
        rustix::process::kill_process(pid, rustix::process::Signal::INT)?;
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Tracer {
    fn drop(&mut self) {
        // Both fail only when it has ended, which is what is wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
