//! A peer, measured in the same run: y-websocket, which does the same through a server, in memory and in clear.

use crate::figures::Figures;
use anyhow::Context;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs `peers/y-websocket`, whose packages are installed from its lock file first.
pub(crate) fn y_websocket(samples: usize) -> anyhow::Result<Figures> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/y-websocket");
    if !folder.join("node_modules").is_dir() {
        let installed = Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()
            .context("npm")?;
        anyhow::ensure!(installed.success(), "npm ci ended with {installed}");
    }
    let output = Command::new("node")
        .arg("bench.mjs")
        .arg(samples.to_string())
        .current_dir(&folder)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("node")?;
    anyhow::ensure!(output.status.success(), "node ended with {}", output.status);
    let figures: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let number = |key: &str| figures[key].as_f64().with_context(|| format!("no {key} in {figures}"));
    Ok(Figures { median: number("median_ms")?, p99: number("p99_ms")? })
}
