//! `WebKitGTK`, where its ways aren't ours.

use crate::clipboard;
use crate::page;
use crate::shell::Shell;
use snug_api::DoorState;
use tauri::{AppHandle, Manager, WebviewWindow};
use webkit2gtk::{
    ContextMenu, ContextMenuAction, ContextMenuExt, ContextMenuItem, ContextMenuItemExt,
    InputMethodContextExt, SettingsExt, WebViewExt, glib,
};

/// What is left in the menu of the right mouse button: no reload, no way back, no inspector.
const EDITING: &[ContextMenuAction] = &[
    ContextMenuAction::Cut,
    ContextMenuAction::Copy,
    ContextMenuAction::Paste,
    ContextMenuAction::SelectAll,
    ContextMenuAction::InputMethods,
];

/// Before anything of GTK begins: it would end the program by itself where there is no display.
pub(crate) fn prepare() -> Result<(), String> {
    if ["DISPLAY", "WAYLAND_DISPLAY"].iter().all(|name| std::env::var_os(name).is_none()) {
        return Err("there is no display here; `snug` does everything without a window".to_owned());
    }
    // With some graphics drivers the window stays empty: https://github.com/tauri-apps/tauri/issues/9304
    glib::setenv("WEBKIT_DISABLE_DMABUF_RENDERER", "1", false).map_err(|why| why.to_string())
}

/// Settles what can be only once there is a web view.
pub(crate) fn settle(window: &WebviewWindow) -> tauri::Result<()> {
    window.with_webview(|webview| {
        let view = webview.inner();
        // Words that are being composed stand in the text; wry takes that away: https://github.com/tauri-apps/wry/pull/1724
        if let Some(input) = view.input_method_context() {
            input.set_enable_preedit(true);
        }
        if let Some(settings) = WebViewExt::settings(&view) {
            // The page that one comes from stays in memory otherwise; there is none.
            settings.set_enable_page_cache(false);
        }
        if cfg!(not(debug_assertions)) {
            view.connect_context_menu(|_, menu, _, _| !keep_editing(menu));
        }
        // Its process may be ended by the system, for want of memory; nothing of ours is in it that isn't here too.
        view.connect_web_process_terminated(|view, _| view.reload());
    })
}

/// Gives the page a new process whenever the laptop is locked. Whatever the one before has in its memory, the passphrase that
/// was typed into it for one, goes with it; loading the page anew would leave all of it there. What was selected or copied in
/// it goes as well: no other program can paste it any more.
pub(crate) async fn forget_when_locked(app: AppHandle) {
    let mut state = app.state::<Shell>().door.watch();
    let mut was_open = false;
    loop {
        let is_open = *state.borrow_and_update() == DoorState::Open;
        if was_open && !is_open {
            // A test that drives the window would lose it.
            if !page::is_driven() {
                page::with(&app, |window| {
                    window.with_webview(|webview| webview.inner().terminate_web_process())
                });
            }
            // Last, so that the page selects nothing after it.
            clipboard::forget(&app);
        }
        was_open = is_open;
        if state.changed().await.is_err() {
            return;
        }
    }
}

/// Takes everything else out of a menu; false if nothing remains.
fn keep_editing(menu: &ContextMenu) -> bool {
    for item in menu.items() {
        if !is_editing(&item) {
            menu.remove(&item);
        }
    }
    menu.n_items() > 0
}

fn is_editing(item: &ContextMenuItem) -> bool {
    !item.is_separator() && EDITING.contains(&item.stock_action())
}
