//! Measures the product beside its limits and its peers, in one run on one machine.
//!
//! Each row has one figure of Snug's and, beside it, what bounds it from below and what others take for the same. Rows
//! are measured or absent: nothing is quoted from elsewhere. Everything stays on loopback and in a temporary folder.
//!
//! ```text
//! snug-bench [FILE]      prints a table; writes it to FILE as JSON
//! ```

// This program's output is its purpose.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod figures;
mod floor;
mod keystroke;
mod local;
mod pair;
mod peer;
mod table;

use anyhow::Context;
use table::{Row, Table};

/// Samples of each figure; the first tenth warms up and doesn't count.
const SAMPLES: usize = 1000;

fn main() -> anyhow::Result<()> {
    let file = std::env::args_os().nth(1);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let table = runtime.block_on(measure())?;
    println!("{table}");
    if let Some(file) = file {
        let json = serde_json::to_string_pretty(&table.to_json())?;
        std::fs::write(&file, json + "\n").with_context(|| format!("writing {}", file.display()))?;
    }
    Ok(())
}

async fn measure() -> anyhow::Result<Table> {
    let mut table = Table::default();
    table.add(
        Row::new("durable local edit of a 2 KiB note", local::edit(SAMPLES).await?, 1.5)
            .beside("bare SQLite commit", floor::commit(SAMPLES)?),
    );
    let keystroke = keystroke::through_two_laptops(SAMPLES).await?;
    let row = Row::new("keystroke on A, in B's note, durable on both", keystroke, 1.5)
        .beside("two commits and one stream trip", floor::two_commits_and_a_trip(SAMPLES).await?);
    table.add(match peer::y_websocket(SAMPLES) {
        Ok(peer) => row.beside("y-websocket, in memory, in clear", peer),
        Err(error) => {
            eprintln!("skipped: y-websocket: {error:#}");
            row
        }
    });
    Ok(table)
}
