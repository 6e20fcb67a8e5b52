//! The arrows between crates: downward only, and foreign crates with weight in one room each.
//!
//! ```text
//! cli, desktop → api → node → { sync, meet, document, store, net }
//! sync → circle → crypto → types     meet → circle
//! document, store, net → types
//! ```

use super::Tree;
use crate::repo;
use serde_json::Value;

/// A crate of ours and those of ours that it may use.
const HOUSE: &[(&str, &[&str])] = &[
    ("snug-types", &[]),
    ("snug-crypto", &["snug-types"]),
    ("snug-circle", &["snug-crypto", "snug-types"]),
    ("snug-document", &["snug-types"]),
    ("snug-meet", &["snug-circle", "snug-crypto", "snug-types"]),
    ("snug-sync", &["snug-circle", "snug-crypto", "snug-types"]),
    ("snug-store", &["snug-types"]),
    ("snug-net", &["snug-types"]),
    (
        "snug-node",
        &[
            "snug-circle",
            "snug-crypto",
            "snug-document",
            "snug-meet",
            "snug-net",
            "snug-store",
            "snug-sync",
            "snug-types",
        ],
    ),
    ("snug-api", &["snug-circle", "snug-document", "snug-node", "snug-types"]),
    ("snug-cli", &["snug-api", "snug-node", "snug-types"]),
    ("snug-desktop", &["snug-api"]),
    ("snug-testkit", &["snug-circle", "snug-crypto", "snug-document", "snug-sync", "snug-types"]),
    ("snug-bench", &["snug-document", "snug-net", "snug-node", "snug-types"]),
    ("snug-scenarios", &[]),
    ("xtask", &[]),
];

/// A foreign crate and the only rooms that may use it.
const FOREIGN: &[(&str, &[&str])] = &[
    ("automerge", &["snug-document"]),
    ("rusqlite", &["snug-bench", "snug-store"]),
    ("libp2p", &["snug-net"]),
    ("tauri", &["snug-desktop"]),
    ("tokio", &["snug-store", "snug-net", "snug-node", "snug-api", "snug-cli", "snug-desktop", "snug-bench"]),
    // Time and randomness are passed in below the node; so is what draws them.
    ("getrandom", &["snug-net", "snug-node"]),
    ("rand", &[]),
    // Raw primitives have one room; everybody else uses its types.
    ("ed25519-dalek", &["snug-crypto"]),
    ("x25519-dalek", &["snug-crypto"]),
    ("chacha20poly1305", &["snug-crypto"]),
    ("hpke", &["snug-crypto"]),
    ("argon2", &["snug-crypto"]),
];

/// Tests may use these in addition.
const DEV: &[&str] = &["snug-testkit"];

/// What cargo knows of the packages in the workspace.
pub(super) fn metadata() -> anyhow::Result<Value> {
    let output =
        repo::cargo().args(["metadata", "--no-deps", "--format-version", "1", "--locked"]).output()?;
    anyhow::ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Faults in who uses whom, and crates that don't take the workspace's lints.
pub(super) fn check(metadata: &Value, tree: &Tree) -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    let packages = metadata["packages"].as_array().ok_or_else(|| anyhow::anyhow!("no packages"))?;
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, allowed)) = HOUSE.iter().find(|(room, _)| *room == name) else {
            faults.push(format!("{name}: a new room; give it its arrows in {}", file!()));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let used = dependency["name"].as_str().unwrap_or_default();
            let dev = dependency["kind"] == "dev";
            if is_ours(used) {
                if !allowed.contains(&used) && !(dev && (DEV.contains(&used) || HOUSE_TESTS.contains(&name)))
                {
                    faults.push(format!("{name} → {used}: not an arrow of this house"));
                }
            } else if let Some((_, rooms)) = FOREIGN.iter().find(|(foreign, _)| *foreign == used)
                && !dev
                && !rooms.contains(&name)
            {
                faults.push(format!("{name} → {used}: {used} lives in {}", rooms.join(", ")));
            }
        }
    }
    faults.extend(lints(tree));
    Ok(faults)
}

/// Rooms of tests, which may look into every room.
const HOUSE_TESTS: &[&str] = &["snug-scenarios"];

fn is_ours(name: &str) -> bool {
    HOUSE.iter().any(|(room, _)| *room == name)
}

fn lints(tree: &Tree) -> impl Iterator<Item = String> {
    tree.iter()
        .filter(|(path, text)| path.ends_with("Cargo.toml") && text.contains("[package]"))
        // A workspace of its own has none of ours to take.
        .filter(|(_, text)| !text.contains("[workspace]"))
        .filter(|(_, text)| !text.contains("[lints]\nworkspace = true"))
        .map(|(path, _)| format!("{path}: doesn't take the workspace's lints"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn faults(name: &str, used: &str, kind: Option<&str>) -> Vec<String> {
        let metadata = json!({ "packages": [
            { "name": name, "dependencies": [{ "name": used, "kind": kind }] },
        ]});
        check(&metadata, &Tree::new()).unwrap()
    }

    #[test]
    fn arrows_point_down() {
        assert_eq!(faults("snug-sync", "snug-circle", None).len(), 0);
        assert_eq!(faults("snug-circle", "snug-sync", None).len(), 1);
        assert_eq!(faults("snug-store", "snug-net", None).len(), 1);
        assert_eq!(faults("snug-sync", "snug-document", None).len(), 1);
    }

    #[test]
    fn tests_may_use_the_testkit_and_only_tests() {
        assert_eq!(faults("snug-sync", "snug-testkit", Some("dev")).len(), 0);
        assert_eq!(faults("snug-sync", "snug-testkit", None).len(), 1);
        assert_eq!(faults("snug-sync", "snug-store", Some("dev")).len(), 1);
    }

    #[test]
    fn heavy_foreigners_have_one_room() {
        assert_eq!(faults("snug-document", "automerge", None).len(), 0);
        assert_eq!(faults("snug-node", "automerge", None).len(), 1);
        assert_eq!(faults("snug-node", "rusqlite", None).len(), 1);
        assert_eq!(faults("snug-sync", "tokio", None).len(), 1);
        assert_eq!(faults("snug-node", "serde", None).len(), 0);
    }

    #[test]
    fn a_room_nobody_knows_is_a_fault() {
        assert_eq!(faults("snug-attic", "serde", None).len(), 1);
    }

    #[test]
    fn every_crate_takes_the_lints() {
        let with = "[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n";
        let tree = Tree::from([
            ("a/Cargo.toml".into(), with.into()),
            ("b/Cargo.toml".into(), "[package]\nname = \"b\"\n".into()),
            ("Cargo.toml".into(), "[workspace]\n".into()),
        ]);
        assert_eq!(lints(&tree).collect::<Vec<_>>(), ["b/Cargo.toml: doesn't take the workspace's lints"]);
    }
}
