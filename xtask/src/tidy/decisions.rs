//! Decisions: `docs/decisions/NNNN-title.md`, numbered without gaps, whole, and linked in the index.

use super::Tree;

const FOLDER: &str = "docs/decisions/";
const INDEX: &str = "docs/decisions/README.md";
const PARTS: [&str; 4] = ["## Context", "## Choice", "## Rejected", "## Consequence"];

/// Decisions that are misnumbered, incomplete or in no index.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    let index = tree.get(INDEX).map_or("", String::as_str);
    let decisions = tree.iter().filter(|(path, _)| path.starts_with(FOLDER) && path.as_str() != INDEX);
    for (position, (path, text)) in decisions.enumerate() {
        let name = &path[FOLDER.len()..];
        if !name.starts_with(&format!("{:04}-", position + 1)) {
            faults.push(format!("{path}: its number should be {:04}", position + 1));
        }
        if !index.contains(&format!("({name})")) {
            faults.push(format!("{path}: not linked in {INDEX}"));
        }
        for part in PARTS {
            if !text.lines().any(|line| line == part) {
                faults.push(format!("{path}: has no \"{part}\""));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(name: &str, text: &str) -> usize {
        let index = "[one](0001-one.md)".to_owned();
        check(&Tree::from([(INDEX.into(), index), (format!("{FOLDER}{name}"), text.into())])).len()
    }

    #[test]
    fn a_decision_is_numbered_whole_and_linked() {
        let whole = PARTS.join("\n\nwords\n\n");
        assert_eq!(faults("0001-one.md", &whole), 0);
        assert_eq!(faults("0002-one.md", &whole), 2);
        assert_eq!(faults("0001-two.md", &whole), 1);
        assert_eq!(faults("0001-one.md", &PARTS[..3].join("\n")), 1);
    }
}
