//! `WebKitGTK`, where its ways aren't ours.

use crate::clipboard;
use crate::page;
use crate::shell::Shell;
use snug_api::DoorState;
use std::cell::Cell;
use std::time::{Duration, Instant};
use tauri::{AppHandle, Manager, WebviewWindow};
use webkit2gtk::{
    ContextMenu, ContextMenuAction, ContextMenuExt, ContextMenuItem, ContextMenuItemExt,
    InputMethodContextExt, SettingsExt, WebProcessTerminationReason, WebViewExt, glib,
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
        // Nothing of ours is in its process that isn't here too.
        let ends = Cell::new(Ends::default());
        view.connect_web_process_terminated(move |view, why| {
            let (then, now) = ends.get().then(why, Instant::now());
            ends.set(now);
            match view.uri() {
                Some(address) if then == Then::Start => view.load_uri(start_of(&address)),
                _ => view.reload(),
            }
        });
    })
}

/// Where the page begins when its process has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// Where it was: a lock, or a mishap.
    There,
    /// At the start: what was open there would end it again and again.
    Start,
}

/// The ends of the page's process so far, other than by a lock.
#[derive(Debug, Clone, Copy, Default)]
struct Ends {
    last: Option<Instant>,
}

impl Ends {
    /// Two ends within this time have one cause, which is what is open.
    const TOGETHER: Duration = Duration::from_mins(1);

    fn then(self, why: WebProcessTerminationReason, now: Instant) -> (Then, Self) {
        if why == WebProcessTerminationReason::TerminatedByApi {
            return (Then::There, self);
        }
        let again = self.last.is_some_and(|last| now.duration_since(last) < Self::TOGETHER);
        let too_much = why == WebProcessTerminationReason::ExceededMemoryLimit;
        (if again || too_much { Then::Start } else { Then::There }, Self { last: Some(now) })
    }
}

/// The page's address without the place in it.
fn start_of(address: &str) -> &str {
    address.split('#').next().unwrap_or(address)
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

#[cfg(test)]
mod tests {
    use super::*;
    use WebProcessTerminationReason::{Crashed, ExceededMemoryLimit, TerminatedByApi};

    /// Where the page begins after each of these ends, so many seconds after the first.
    fn after(ends: &[(WebProcessTerminationReason, u64)]) -> Vec<Then> {
        let (mut so_far, first) = (Ends::default(), Instant::now());
        let mut then = Vec::new();
        for (why, seconds) in ends {
            let (next, now) = so_far.then(*why, first + Duration::from_secs(*seconds));
            then.push(next);
            so_far = now;
        }
        then
    }

    #[test]
    fn what_ends_the_page_twice_isnt_opened_a_third_time() {
        assert_eq!(
            after(&[(Crashed, 0), (Crashed, 59), (Crashed, 118)]),
            [Then::There, Then::Start, Then::Start]
        );
        assert_eq!(after(&[(Crashed, 0), (Crashed, 60)]), [Then::There, Then::There]);
        assert_eq!(after(&[(ExceededMemoryLimit, 0)]), [Then::Start]);
    }

    #[test]
    fn locks_count_for_nothing() {
        let locks = [(TerminatedByApi, 0), (TerminatedByApi, 1), (Crashed, 2), (TerminatedByApi, 3)];
        assert_eq!(after(&locks), [Then::There; 4]);
    }

    #[test]
    fn the_start_has_no_place_in_its_address() {
        assert_eq!(start_of("tauri://localhost#note/01/02"), "tauri://localhost");
        assert_eq!(start_of("tauri://localhost"), "tauri://localhost");
    }
}
