//! What others made, to be measured beside Snug in the same run: packages that only the bench has, from their lock files.

use crate::repo;
use crate::steps::Steps;
use std::process::Command;

/// Folders of `benches`, and what is in them.
const OTHERS: [(&str, &str); 2] = [("peer", "y-websocket"), ("upstream", "@automerge/prosemirror")];

/// Installs what is missing. Whatever can't be installed is left out of the bench.
pub(super) fn install(steps: &mut Steps) {
    for (folder, name) in OTHERS {
        let folder = repo::root().join("benches").join(folder);
        if folder.join("node_modules").join(name).is_dir() {
            continue;
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder);
        if let Err(error) = steps.command(&format!("{name}, to measure it"), &mut npm) {
            steps.close_with(format!("skipped: {name} beside Snug: {error:#}"));
        }
    }
}
