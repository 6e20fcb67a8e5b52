//! The demo: two laptops, two processes, one circle.
//!
//! It drives the product through its command line alone and imitates nothing. Each laptop is a data folder of its own
//! and `snug` processes on it; both stay on loopback. It fails if in the end any text differs between them.

mod story;

use crate::repo;
use crate::steps::Steps;
use std::time::Instant;

/// Builds `snug` and tells the story.
pub(crate) fn build_and_run(steps: &mut Steps) -> anyhow::Result<()> {
    steps.command("build", repo::cargo().args(["build", "--package", "snug-cli", "--locked"]))?;
    steps.run("demo: two laptops, one circle", || {
        let mut told = Told::new();
        story::tell(&mut told)
    })
}

/// What the demo prints while it goes.
struct Told {
    last: Instant,
}

impl Told {
    fn new() -> Self {
        Self { last: Instant::now() }
    }

    /// A step that is done, with the time since the one before.
    fn step(&mut self, what: &str) {
        println!("{:>8.0} ms  {what}", self.last.elapsed().as_secs_f64() * 1000.0);
        self.last = Instant::now();
    }

    /// Something to read, indented.
    fn text(title: &str, text: &str) {
        println!("\n  {title}");
        for line in text.lines() {
            println!("  | {line}");
        }
    }
}
