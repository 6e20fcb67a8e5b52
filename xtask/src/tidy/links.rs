//! Links in Markdown files: a file that is named must be there, and a heading that is named in it too.

use super::{Tree, is_a};
use std::collections::BTreeSet;

/// Links that lead nowhere.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| is_a(path, "md")) {
        for target in targets(text) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let Some(to) = resolve(path, file) else {
                faults.push(format!("{path}: {target} leads out of the repository"));
                continue;
            };
            if !exists(tree, &to) {
                faults.push(format!("{path}: {target} leads nowhere"));
            } else if !anchor.is_empty() && tree.get(&to).is_some_and(|text| !anchors(text).contains(anchor))
            {
                faults.push(format!("{path}: {target} names a heading that isn't there"));
            }
        }
    }
    faults
}

/// What stands between `](` and `)`, outside of code.
fn targets(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in prose(text) {
        for piece in line.split("](").skip(1) {
            if let Some((target, _)) = piece.split_once(')') {
                found.push(target);
            }
        }
    }
    found
}

/// The lines outside fenced code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

/// A path from the root, from a link in the file `from`; `None` if it climbs out.
fn resolve(from: &str, link: &str) -> Option<String> {
    if link.is_empty() {
        return Some(from.to_owned());
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

fn exists(tree: &Tree, path: &str) -> bool {
    let folder = if path.is_empty() { String::new() } else { format!("{path}/") };
    tree.contains_key(path) || tree.keys().any(|file| file.starts_with(&folder))
}

/// The anchors of a file's headings, as they are commonly made.
fn anchors(text: &str) -> BTreeSet<String> {
    prose(text)
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
                .map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() })
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        check(&Tree::from([
            ("docs/a.md".into(), text.into()),
            ("docs/b.md".into(), "# Two words, here\n```\n# no heading\n```\n".into()),
            ("crates/x/src/lib.rs".into(), String::new()),
        ]))
    }

    #[test]
    fn links_lead_somewhere() {
        assert_eq!(
            faults("[b](b.md) [b](../docs/b.md#two-words-here) [x](../crates/x) [w](https://e.org)"),
            [""; 0]
        );
        assert_eq!(faults("[b](c.md)").len(), 1);
        assert_eq!(faults("[b](../../b.md)").len(), 1);
        assert_eq!(faults("[b](b.md#no-heading)").len(), 1);
        assert_eq!(faults("[here](#nothing)\n# Something").len(), 1);
    }

    #[test]
    fn code_holds_no_links() {
        assert_eq!(faults("```\n[b](c.md)\n```\n"), [""; 0]);
    }
}
