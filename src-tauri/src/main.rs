//! `snug-desktop`: the window.

mod args;
mod idle;
mod kept;
mod page;
mod place;
#[cfg(target_os = "linux")]
mod webkit;

use clap::Parser;

fn main() {
    let _ = args::Args::parse();
    #[cfg(target_os = "linux")]
    webkit::prepare();
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_dialog::init())
        .setup(|app| {
            page::open(app, None)?.show()?;
            Ok(())
        })
        .build(tauri::generate_context!());
    if let Ok(app) = built {
        app.run(|_, _| {});
    }
}
