//! Steps: named, timed pieces of a command, with what is to be read again at the end.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// The steps done so far and the lines worth repeating after them.
pub(crate) struct Steps {
    begun: Instant,
    done: Vec<(String, Duration, bool)>,
    closing: Vec<String>,
}

impl Steps {
    /// Nothing done yet.
    pub(crate) fn new() -> Self {
        Self { begun: Instant::now(), done: Vec::new(), closing: Vec::new() }
    }

    /// Does one step and records how long it took.
    pub(crate) fn run<T>(
        &mut self,
        name: &str,
        step: impl FnOnce() -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        eprintln!("\n== {name}");
        let begun = Instant::now();
        let outcome = step();
        self.done.push((name.to_owned(), begun.elapsed(), outcome.is_ok()));
        outcome.map_err(|error| error.context(format!("step `{name}` failed")))
    }

    /// Runs a command as a step.
    pub(crate) fn command(&mut self, name: &str, command: &mut Command) -> anyhow::Result<()> {
        self.run(name, || succeed(command))
    }

    /// Keeps a line for the end.
    pub(crate) fn close_with(&mut self, line: impl Into<String>) {
        self.closing.push(line.into());
    }

    /// Prints each step with its time, and the lines kept for the end.
    pub(crate) fn print_summary(&self) {
        if self.done.len() > 1 {
            println!("\n== steps");
            for (name, took, ok) in &self.done {
                println!("{:>8.1} s  {name}{}", took.as_secs_f64(), if *ok { "" } else { "  FAILED" });
            }
            println!("{:>8.1} s  in all", self.begun.elapsed().as_secs_f64());
        }
        for line in &self.closing {
            println!("{line}");
        }
    }
}

/// Runs a command without standard input and fails if it does.
pub(crate) fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let status = command.stdin(Stdio::null()).status()?;
    anyhow::ensure!(status.success(), "{} ended with {status}", command.get_program().display());
    Ok(())
}

/// Runs a command, passes its output on line by line, and shows each line to `see`. Tells whether it succeeded.
pub(crate) fn watch(command: &mut Command, mut see: impl FnMut(&str)) -> anyhow::Result<bool> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (sender, lines) = mpsc::channel();
    let readers = [
        child.stdout.take().map(|out| forward(out, sender.clone())),
        child.stderr.take().map(|err| forward(err, sender)),
    ];
    for line in lines {
        println!("{line}");
        see(&line);
    }
    for reader in readers.into_iter().flatten() {
        // A reader that panicked has shown why already.
        let _ = reader.join();
    }
    Ok(child.wait()?.success())
}

fn forward(from: impl Read + Send + 'static, to: mpsc::Sender<String>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while from.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            let text = String::from_utf8_lossy(&line).trim_end_matches('\n').to_owned();
            line.clear();
            if to.send(text).is_err() {
                return;
            }
        }
    })
}
