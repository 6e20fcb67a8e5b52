//! `snug-desktop`: the window in front of a laptop's circles. It holds nothing and decides nothing that could stand below.
//!
//! ```text
//! args ─▶ claim the folder ── a window has it: that one shows itself, this program ends
//!             │
//!             ▼
//!           Shell ◀── commands ─── page        one window; hidden until it has something to show
//!             │  └─── streams ──────▶          how the door stands, what happens, a note's changes
//!             ├ kept     how the window likes to be and where it was: window.json
//!             ├ idle     locks when nobody is there, and after sleep
//!             ├ outward  what the page may ask for that leads out of the folder
//!             ├ raise    a second start: the window comes forward
//!             └ ending   lets the page write what waits, closes the door, then the program
//! ```

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod args;
mod clipboard;
mod commands;
mod ending;
mod idle;
mod kept;
mod note;
mod outward;
mod page;
mod place;
mod profile;
mod shell;
mod streams;
#[cfg(target_os = "linux")]
mod webkit;

use args::Args;
use clap::Parser;
use ending::Ending;
use kept::Kept;
use shell::Shell;
use snug_api::{Claimed, Door, DoorConfig, DoorState, Raises, default_folder, fail_discreetly};
use std::path::Path;
use std::process::ExitCode;
use tauri::async_runtime::{block_on, spawn};
use tauri::webview::PageLoadEvent;
use tauri::{App, Manager, RunEvent, WindowEvent};

fn main() -> ExitCode {
    fail_discreetly("snug-desktop");
    let args = Args::parse();
    log();
    match run(args) {
        Ok(code) => u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from),
        Err(why) => {
            complain(&why);
            ExitCode::FAILURE
        }
    }
}

fn run(args: Args) -> Result<i32, String> {
    #[cfg(target_os = "linux")]
    webkit::prepare()?;
    let Some((shell, raises)) = block_on(claim(args)) else { return Ok(0) };
    let profile = profile::make().map_err(|why| format!("there is no place for temporary files: {why}"))?;
    let folder = profile.path().to_owned();
    let app = clipboard::begin(tauri::Builder::default())
        .plugin(tauri_plugin_dialog::init())
        .manage(shell)
        .manage(Ending::default())
        .on_page_load(|webview, page| {
            if page.event() == PageLoadEvent::Started {
                webview.state::<Shell>().streams.begin_page();
            }
        })
        .invoke_handler(commands::all())
        .setup(move |app| Ok(begin(app, &folder, raises)?))
        .build(tauri::generate_context!())
        .map_err(|why| format!("the window can't be opened: {why}"))?;
    let code = app.run_return(|app, event| match event {
        RunEvent::WindowEvent { event: WindowEvent::CloseRequested { api, .. }, .. } => {
            api.prevent_close();
            app.state::<Ending>().begin(app);
        }
        RunEvent::ExitRequested { api, .. } if !app.state::<Ending>().is_done() => {
            api.prevent_exit();
            app.state::<Ending>().begin(app);
        }
        _ => {}
    });
    drop(profile);
    Ok(code)
}

/// Takes the folder. None where another window has it, and has shown itself.
async fn claim(args: Args) -> Option<(Shell, Raises)> {
    let config = DoorConfig { interfaces: args.interfaces, dial: Vec::new() };
    let folder = args.data.map_or_else(default_folder, Ok);
    let claimed = match &folder {
        Ok(folder) => Door::claim(folder, config).await,
        Err(error) => Err(error.clone()),
    };
    let (door, raises) = match claimed {
        Ok(Claimed::Here(door, raises)) => (door, raises),
        Ok(Claimed::Raised) => return None,
        // The window says why, in its own language.
        Err(error) => Door::unusable(error),
    };
    // What can't be used is left as it is.
    let ours = folder.ok().filter(|_| !matches!(door.state(), DoorState::Unusable { .. }));
    Some((Shell::new(door, ours.map_or_else(Kept::nowhere, Kept::read)), raises))
}

/// Opens the window, and begins what goes on beside it.
fn begin(app: &App, profile: &Path, raises: Raises) -> tauri::Result<()> {
    let kept = &app.state::<Shell>().kept;
    let window = page::open(app, profile, kept.place())?;
    page::dress(&window, kept.preferences().theme);
    spawn(Shell::lock_when_idle(app.handle().clone()));
    #[cfg(target_os = "linux")]
    spawn(webkit::forget_when_locked(app.handle().clone()));
    spawn(Shell::show_in_the_end(app.handle().clone()));
    spawn(Ending::at_a_signal(app.handle().clone()));
    let app = app.handle().clone();
    spawn(async move { app.state::<Ending>().raise_until_then(raises, || page::raise(&app)).await });
    Ok(())
}

/// Diagnostics for developers, on standard error and only where `SNUG_LOG` asks for them.
fn log() {
    if let Ok(filter) = std::env::var("SNUG_LOG") {
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    }
}

#[allow(clippy::print_stderr, reason = "there is no window to say it in")]
fn complain(why: &str) {
    eprintln!("snug-desktop: {why}");
}
