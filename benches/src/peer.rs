//! y-websocket beside us, measured by its own program in the same run. Needs Node and the packages of `benches/peer`.

use crate::row::Spread;
use anyhow::{Context, bail};
use serde::Deserialize;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

#[derive(Deserialize)]
struct Measured {
    /// Microseconds.
    samples: Vec<f64>,
}

/// A keystroke through y-websocket; none where its packages aren't installed.
pub(crate) fn y_websocket(rounds: usize) -> anyhow::Result<Option<Spread>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("peer");
    if !dir.join("node_modules").is_dir() {
        return Ok(None);
    }
    let run = Command::new("node").arg(dir.join("keystroke.mjs")).arg(rounds.to_string()).output();
    let run = run.context("node can't be run")?;
    if !run.status.success() {
        bail!("y-websocket failed: {}", String::from_utf8_lossy(&run.stderr));
    }
    let Measured { samples } = serde_json::from_slice(&run.stdout)?;
    Ok(Some(Spread::of(samples.into_iter().map(|us| Duration::from_secs_f64(us / 1e6)).collect())))
}
