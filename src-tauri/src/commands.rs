//! What the page may ask for: one function for each command in `build.rs`, and in each what it hands on to.

#![allow(clippy::needless_pass_by_value, reason = "tauri hands everything over by value")]

use crate::clipboard;
use crate::note::{self, Opened};
use crate::page;
use crate::shell::Shell;
use snug_api::{ApiError, DoorState, ErrorCode, Event, Preferences, Request, Response, Service};
use std::path::PathBuf;
use std::time::Instant;
use tauri::ipc::{self, Channel, InvokeBody, InvokeResponseBody};
use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

/// In which open note a write belongs. Its body is bytes and nothing else.
const SESSION: &str = "snug-session";

/// All of them.
pub(crate) fn all() -> impl Fn(ipc::Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        door,
        door_follow,
        create,
        unlock,
        lock,
        call,
        follow,
        event_taken,
        note_open,
        note_taken,
        note_write,
        note_close,
        preferences,
        set_preferences,
        copy,
        choose_folder,
        active,
        shown,
        end_follow,
        settled,
    ]
}

#[tauri::command]
fn door(shell: State<'_, Shell>) -> DoorState {
    shell.door.state()
}

#[tauri::command]
fn door_follow(shell: State<'_, Shell>, channel: Channel<DoorState>) {
    shell.streams.door(&shell.door, channel);
}

#[tauri::command]
async fn create(shell: State<'_, Shell>, name: String, passphrase: String) -> Result<(), ApiError> {
    let passphrase = Zeroizing::new(passphrase);
    shell.idle.active(Instant::now());
    shell.door.create(&name, &passphrase).await
}

#[tauri::command]
async fn unlock(shell: State<'_, Shell>, passphrase: String) -> Result<(), ApiError> {
    let passphrase = Zeroizing::new(passphrase);
    shell.idle.active(Instant::now());
    shell.door.unlock(&passphrase).await
}

#[tauri::command]
async fn lock(shell: State<'_, Shell>) -> Result<(), ApiError> {
    shell.lock().await
}

#[tauri::command]
async fn call(shell: State<'_, Shell>, request: Request) -> Result<Response, ApiError> {
    shell.outward.admit(&request)?;
    shell.door.handle(request).await
}

#[tauri::command]
fn follow(shell: State<'_, Shell>, channel: Channel<Event>) {
    let door = shell.door.clone();
    shell.streams.events(move || door.follow(), channel);
}

#[tauri::command]
fn event_taken(shell: State<'_, Shell>) {
    shell.streams.event_taken();
}

#[tauri::command]
async fn note_open(
    app: AppHandle,
    circle: String,
    note: String,
    channel: Channel<InvokeResponseBody>,
) -> Result<Opened, ApiError> {
    note::open(&app, &circle, &note, channel).await
}

#[tauri::command]
fn note_taken(shell: State<'_, Shell>, session: u64) {
    shell.streams.taken(session);
}

#[tauri::command]
async fn note_write(shell: State<'_, Shell>, request: ipc::Request<'_>) -> Result<(), ApiError> {
    let session = request.headers().get(SESSION).and_then(|session| session.to_str().ok()?.parse().ok());
    match (session, request.body()) {
        (Some(session), InvokeBody::Raw(payload)) => note::write(&shell, session, payload).await,
        _ => Err(ApiError::new(
            ErrorCode::Internal,
            "a note's changes are bytes, with the number of its session",
        )),
    }
}

#[tauri::command]
async fn note_close(shell: State<'_, Shell>, session: u64) -> Result<(), ApiError> {
    if let Some(desk) = shell.streams.end_note(session) {
        note::close(&desk, session).await;
    }
    Ok(())
}

#[tauri::command]
fn preferences(shell: State<'_, Shell>) -> Preferences {
    shell.kept.preferences()
}

#[tauri::command]
fn set_preferences(
    shell: State<'_, Shell>,
    window: WebviewWindow,
    preferences: Preferences,
) -> Result<(), ApiError> {
    shell.kept.set_preferences(preferences)?;
    page::dress(&window, shell.kept.preferences().theme);
    Ok(())
}

#[tauri::command]
fn copy(app: AppHandle, text: String) -> Result<(), ApiError> {
    clipboard::write(&app, text).map_err(|error| {
        ApiError::new(ErrorCode::Unsupported, format!("this system's clipboard took nothing: {error}"))
    })
}

/// Lets somebody choose a folder; none if they didn't.
#[tauri::command]
async fn choose_folder(
    shell: State<'_, Shell>,
    app: AppHandle,
    window: WebviewWindow,
) -> Result<Option<String>, ApiError> {
    let (chosen, choice) = oneshot::channel();
    app.dialog().file().set_parent(&window).pick_folder(move |folder| {
        // Whoever asked may be gone, with the page.
        let _ = chosen.send(folder);
    });
    let Ok(Some(folder)) = choice.await else { return Ok(None) };
    let folder = folder.into_path().ok().and_then(|path| path.into_os_string().into_string().ok());
    let unnameable =
        || ApiError::new(ErrorCode::ExportFolder, "the name of this folder can't be read as text");
    let folder = folder.ok_or_else(unnameable)?;
    shell.outward.chose(PathBuf::from(&folder));
    Ok(Some(folder))
}

/// Somebody is at the keyboard.
#[tauri::command]
fn active(shell: State<'_, Shell>) {
    shell.idle.active(Instant::now());
}

/// The page has something to show.
#[tauri::command]
fn shown(app: AppHandle) {
    page::show(&app);
}

#[tauri::command]
fn end_follow(shell: State<'_, Shell>, channel: Channel<()>) {
    shell.streams.end(channel);
}

/// The page was told of a lock or of the end, and has written what waited.
#[tauri::command]
fn settled(shell: State<'_, Shell>) {
    shell.streams.settled();
}
