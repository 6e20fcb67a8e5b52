//! What of ours every program on this laptop may paste: what was copied last, by keys or by a button, and on Linux what was
//! selected last. The program has both for the page, and has them still when the page's process is gone.

#[cfg(target_os = "linux")]
pub(crate) use ours::{begin, forget, write};
#[cfg(not(target_os = "linux"))]
pub(crate) use systems::{begin, write};

#[cfg(target_os = "linux")]
mod ours {
    use crate::page;
    use gtk::Clipboard;
    use gtk::gdk::{SELECTION_CLIPBOARD, SELECTION_PRIMARY, WindowType, selection_owner_get};
    use tauri::{AppHandle, Builder, Wry};

    /// GTK's own is there already.
    pub(crate) fn begin(app: Builder<Wry>) -> Builder<Wry> {
        app
    }

    /// Copies a text. `WebKit` copies by way of GTK as well, so all of it can be taken back.
    pub(crate) fn write(app: &AppHandle, text: String) -> tauri::Result<()> {
        app.run_on_main_thread(move || Clipboard::get(&SELECTION_CLIPBOARD).set_text(&text))
    }

    /// Takes back whatever of ours is still to be pasted. What another program has copied since stays.
    pub(crate) fn forget(app: &AppHandle) {
        page::with(app, |window| {
            window.run_on_main_thread(|| {
                for selection in [SELECTION_PRIMARY, SELECTION_CLIPBOARD] {
                    // GTK would clear another program's as well, and knows the window that this one keeps it for.
                    let owner = selection_owner_get(&selection);
                    if owner.is_some_and(|window| window.window_type() != WindowType::Foreign) {
                        Clipboard::get(&selection).clear();
                    }
                }
            })
        });
    }
}

#[cfg(not(target_os = "linux"))]
mod systems {
    use tauri::{AppHandle, Builder, Wry};
    use tauri_plugin_clipboard_manager::ClipboardExt;

    pub(crate) fn begin(app: Builder<Wry>) -> Builder<Wry> {
        app.plugin(tauri_plugin_clipboard_manager::init())
    }

    /// Copies a text.
    pub(crate) fn write(app: &AppHandle, text: String) -> Result<(), tauri_plugin_clipboard_manager::Error> {
        app.clipboard().write_text(text)
    }
}
