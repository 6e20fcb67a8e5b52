//! The arrows in the window: views → features → components, the editor beside the features, and one file that knows
//! the shell.

use super::{Tree, is_a};

/// A folder of the window's sources, and those that it doesn't import from.
const ROOMS: &[(&str, &[&str])] = &[
    ("lib", &["components", "editor", "features", "views"]),
    ("components", &["editor", "features", "views"]),
    ("editor", &["features", "views"]),
    ("features", &["views"]),
];
/// The packages of the shell's own API.
const SHELL: &str = "@tauri-apps/";
/// The only file that imports them.
const HOST: &str = "ui/src/lib/host/tauri.ts";
/// Where the window's sources are.
const SOURCES: &str = "ui/src/";

/// What was found where.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| path.starts_with(SOURCES)) {
        // A test may look at a part in its place.
        if !(is_a(path, "ts") || is_a(path, "svelte")) || path.ends_with(".test.ts") {
            continue;
        }
        let room = path[SOURCES.len()..].split('/').next().unwrap_or_default();
        let above = ROOMS.iter().find(|(name, _)| *name == room).map_or(&[][..], |(_, above)| above);
        for from in imports(text) {
            if from.starts_with(SHELL) && path != HOST {
                faults.push(format!("{path} imports {from}: only {HOST} knows the shell"));
            }
            if let Some(room) = room_of(path, from).filter(|room| above.contains(&room.as_str())) {
                faults.push(format!("{path} imports {from}: {room} is above it"));
            }
        }
    }
    faults
}

/// The room that an import of this file leads to; none outside the window's sources.
fn room_of(path: &str, from: &str) -> Option<String> {
    if let Some(inside) = from.strip_prefix("@/") {
        return inside.split('/').next().map(str::to_owned);
    }
    let mut way: Vec<&str> = path.strip_prefix(SOURCES)?.split('/').collect();
    way.pop();
    if !from.starts_with('.') {
        return None;
    }
    for part in from.split('/') {
        match part {
            "." => {}
            ".." => _ = way.pop()?,
            part => way.push(part),
        }
    }
    way.first().map(|room| (*room).to_owned())
}

/// What a module imports from.
fn imports(text: &str) -> impl Iterator<Item = &str> {
    ["from \"", "import \"", "import(\""].into_iter().flat_map(move |begin| {
        text.match_indices(begin).filter_map(move |(at, _)| text[at + begin.len()..].split('"').next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, text: &str) -> usize {
        check(&Tree::from([(path.to_owned(), text.to_owned())])).len()
    }

    #[test]
    fn arrows_point_down() {
        assert_eq!(faults("ui/src/views/A.svelte", "import A from \"@/features/a/A.svelte\""), 0);
        assert_eq!(faults("ui/src/components/A.svelte", "import A from \"@/features/a/A.svelte\""), 1);
        assert_eq!(faults("ui/src/lib/a.ts", "const a = await import(\"../views/A.svelte\")"), 1);
        assert_eq!(faults("ui/src/features/a/A.svelte", "import A from \"@/components/A.svelte\""), 0);
        assert_eq!(faults("ui/src/lib/host/host.ts", "import type { A } from \"../api/generated/views\""), 0);
        assert_eq!(faults("ui/src/features/a/A.svelte", "import A from \"../../../packages/views/a\""), 0);
    }

    #[test]
    fn one_file_knows_the_shell() {
        assert_eq!(faults(HOST, "import { invoke } from \"@tauri-apps/api/core\""), 0);
        assert_eq!(faults("ui/src/main.ts", "import \"@tauri-apps/api/core\""), 1);
    }
}
