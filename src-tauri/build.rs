//! Compiles the window's configuration and its one capability into the program.

/// Every command that the page may call; `capabilities/main.json` allows each, and nothing else of ours exists.
const COMMANDS: &[&str] = &[
    "door",
    "door_follow",
    "create",
    "unlock",
    "lock",
    "call",
    "follow",
    "event_taken",
    "note_open",
    "note_taken",
    "note_write",
    "note_close",
    "preferences",
    "set_preferences",
    "copy",
    "choose_folder",
    "active",
    "shown",
    "end_follow",
    "settled",
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:warning={error:#}");
        std::process::exit(1);
    }
}
