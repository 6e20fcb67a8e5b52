//! Measures the product beside its floor, in one run: `cargo xtask bench`.
//!
//! Every row names what was measured beside it and the ratio of the two, because absolute times say more about the machine
//! than about the product. Rounds of the two are taken alternately, so that a slow moment of the disk or the machine meets
//! both. The table is printed, and written as JSON to the file that is given.

mod floor;
mod keystroke;
mod peer;
mod row;

use anyhow::Context;
use row::Row;
use std::path::PathBuf;

fn main() -> anyhow::Result<()> {
    let file: Option<PathBuf> = std::env::args_os().nth(1).map(PathBuf::from);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let rows = runtime.block_on(keystroke::rows())?;
    show(&rows);
    if let Some(file) = file {
        let json = serde_json::to_vec_pretty(&rows)?;
        std::fs::write(&file, json).with_context(|| format!("{} can't be written", file.display()))?;
    }
    Ok(())
}

#[allow(clippy::print_stdout, reason = "the table is what this program is for")]
fn show(rows: &[Row]) {
    println!(
        "{:<58} {:>10} {:>10}   {:<44} {:>10} {:>10} {:>7} {:>7}",
        "what", "median", "p99", "beside", "median", "p99", "×", "× p99"
    );
    for row in rows {
        println!("{row}");
    }
}
