//! Tidiness: what keeps the house, beyond what the compiler checks.
//!
//! - [`arrows`]: which crate may use which.
//! - [`links`]: links in Markdown files lead somewhere.
//! - [`decisions`]: every decision is numbered, whole and in the index.
//! - [`messages`]: the window's words are in its message files, in every language.
//! - [`rooms`]: the arrows in the window.
//! - [`words`]: what doesn't belong in the tree.
//! - sizes: a hint, not a fault.

mod arrows;
mod decisions;
mod links;
mod messages;
mod rooms;
mod words;

use crate::repo;
use std::collections::BTreeMap;

/// Past this many lines a file is worth a talk about splitting it.
const LINES: usize = 500;

/// The tree's files by their paths from the root.
pub(crate) type Tree = BTreeMap<String, String>;

/// Runs every check, prints all faults, and fails if there are any.
pub(crate) fn run() -> anyhow::Result<()> {
    let tree = read_tree()?;
    let mut faults = arrows::check(&arrows::metadata()?, &tree)?;
    faults.extend(links::check(&tree));
    faults.extend(decisions::check(&tree));
    faults.extend(messages::check(&tree));
    faults.extend(rooms::check(&tree));
    faults.extend(words::check(&tree));
    for hint in sizes(&tree) {
        println!("hint: {hint}");
    }
    for fault in &faults {
        println!("fault: {fault}");
    }
    anyhow::ensure!(faults.is_empty(), "{} faults", faults.len());
    println!("tidy: {} files", tree.len());
    Ok(())
}

fn read_tree() -> anyhow::Result<Tree> {
    let mut tree = Tree::new();
    for path in repo::files()? {
        // What isn't text can be linked to, and has nothing to check.
        let text = String::from_utf8(std::fs::read(repo::root().join(&path))?).unwrap_or_default();
        tree.insert(path, text);
    }
    Ok(tree)
}

/// Whether a file's name ends in this extension.
fn is_a(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, found)| found == extension)
}

fn sizes(tree: &Tree) -> Vec<String> {
    tree.iter()
        .filter(|(path, _)| is_a(path, "rs"))
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > LINES)
        .map(|(path, lines)| format!("{path} has {lines} lines: is it one idea?"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_are_hinted_at() {
        let long = "//\n".repeat(LINES + 1);
        let tree = Tree::from([
            ("a.rs".into(), long.clone()),
            ("b.md".into(), long),
            ("c.rs".into(), String::new()),
        ]);
        assert_eq!(sizes(&tree).len(), 1);
    }
}
