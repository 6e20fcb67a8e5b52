//! Words that don't belong in the tree: notes to oneself, leftovers of debugging, names that say nothing.

use super::{Tree, is_a};

/// Anywhere. Written in pieces, so that this file holds none of them.
const ANYWHERE: &[(&str, &str)] = &[
    (concat!("TO", "DO"), "do it, or file it"),
    (concat!("FIX", "ME"), "fix it, or file it"),
    (concat!("<<<<", "<<<"), "a merge that wasn't finished"),
];

/// In Rust.
const IN_RUST: &[(&str, &str)] = &[
    (concat!("db", "g!("), "a leftover of debugging"),
    (concat!("uni", "mplemented!("), "say what happens instead"),
    (concat!("to", "do!("), "do it, or file it"),
];

/// Endings of type names that say nothing.
const EMPTY: [&str; 3] = ["Manager", "Helper", "Util"];

/// What was found where.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| !path.ends_with("Cargo.lock")) {
        let rust = is_a(path, "rs");
        for (number, line) in text.lines().enumerate() {
            let words = ANYWHERE.iter().chain(IN_RUST.iter().filter(|_| rust));
            for (word, instead) in words.filter(|(word, _)| holds(line, word)) {
                faults.push(format!("{path}:{}: {word}: {instead}", number + 1));
            }
            if rust
                && let Some(name) = type_name(line)
                && EMPTY.iter().any(|word| name.ends_with(word))
            {
                faults.push(format!("{path}:{}: {name}: what does it do?", number + 1));
            }
        }
    }
    faults
}

/// True if the word is in the line, and isn't the end of a longer one.
fn holds(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(char::is_alphanumeric))
}

/// The name that a line declares a type by.
fn type_name(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    words.find(|word| matches!(*word, "struct" | "enum" | "trait"))?;
    words.next()?.split(|c: char| !c.is_alphanumeric()).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, text: &str) -> usize {
        check(&Tree::from([(path.into(), text.into())])).len()
    }

    #[test]
    fn leftovers_are_found() {
        assert_eq!(faults("a.md", concat!("a TO", "DO here")), 1);
        assert_eq!(faults("a.rs", concat!("db", "g!(x);")), 1);
        assert_eq!(faults("a.md", concat!("db", "g!(x);")), 0);
        assert_eq!(faults("a.rs", "fn to_document() {}"), 0);
        assert_eq!(faults("a.ics", concat!("BEGIN:VTO", "DO")), 0);
    }

    #[test]
    fn names_say_something() {
        assert_eq!(faults("a.rs", concat!("pub(crate) struct Peer", "Manager<T> {")), 1);
        assert_eq!(faults("a.rs", "pub struct PeerSession;"), 0);
        assert_eq!(faults("a.rs", "/// A struct"), 0);
    }
}
