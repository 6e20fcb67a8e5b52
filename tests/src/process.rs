//! Running a program to its end, but not for ever.

use anyhow::Context;
use rustix::process::{Pid, Signal, kill_process};
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// How long anything in a scenario may take. Far more than it needs: a machine may be busy.
pub const PATIENCE: Duration = Duration::from_mins(2);

/// A program that has ended.
#[derive(Debug, Clone)]
pub struct Finished {
    /// The exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// What it wrote.
    pub stdout: String,
    /// What it complained about.
    pub stderr: String,
}

/// Runs a command with this standard input to its end, and ends it at [`PATIENCE`].
pub fn finish(command: &mut Command, input: &[u8]) -> anyhow::Result<Finished> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {}", command.get_program().display()))?;
    let pid = pid(&child)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that doesn't read its input may close it early; that's no fault.
        let _ = stdin.write_all(input);
    }
    let (sender, ended) = mpsc::channel();
    std::thread::spawn(move || sender.send(child.wait_with_output()));
    let Ok(output) = ended.recv_timeout(PATIENCE) else {
        // Not waited for yet, so the number is still this program's.
        kill_process(pid, Signal::KILL)?;
        anyhow::bail!("{command:?} didn't end within {PATIENCE:?}");
    };
    let output = output?;
    Ok(Finished {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout)?,
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Runs several commands at the same time, without standard input, and waits for all of them.
pub fn at_once(commands: impl IntoIterator<Item = Command>) -> anyhow::Result<Vec<Finished>> {
    let running: Vec<_> = commands
        .into_iter()
        .map(|mut command| std::thread::spawn(move || finish(&mut command, b"")))
        .collect();
    running
        .into_iter()
        .map(|thread| thread.join().map_err(|_| anyhow::anyhow!("a command's thread panicked"))?)
        .collect()
}

/// A child's process id.
pub(crate) fn pid(child: &Child) -> anyhow::Result<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw).context("a process id out of range")
}
