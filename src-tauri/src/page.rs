//! The one window, and what the page in it may do: be there. It goes nowhere else, opens nothing, fetches nothing, is asked
//! for nothing, and leaves nothing behind on the disk.

use crate::ending::Ending;
use crate::place::{self, Place};
use crate::shell::Shell;
use snug_api::preferences::Theme;
use std::path::Path;
use tauri::webview::{NewWindowResponse, PermissionResponse};
use tauri::{App, AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

/// The window's name in `capabilities/main.json`.
const MAIN: &str = "main";
/// What the system's lists of windows show, whatever is open in it.
const TITLE: &str = "Snug";

/// Makes the window, still hidden: it is shown when its page has something to show.
pub(crate) fn open(app: &App, profile: &Path, place: Option<Place>) -> tauri::Result<WebviewWindow> {
    let (width, height) = place.map_or(place::FIRST, |place| (place.width, place.height));
    let mut window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title(TITLE)
        .visible(false)
        .min_inner_size(place::SMALLEST.0, place::SMALLEST.1)
        .inner_size(width.max(place::SMALLEST.0), height.max(place::SMALLEST.1))
        .maximized(place.is_some_and(|place| place.maximized))
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_permission_request(|_, _| PermissionResponse::Deny)
        // The page's own dragging of words stays; a file that is dropped would have to be navigated to.
        .disable_drag_drop_handler()
        .zoom_hotkeys_enabled(true)
        .data_directory(profile.to_owned())
        .incognito(!is_driven());
    let screens = app.available_monitors().unwrap_or_default();
    if let Some((x, y)) = place.filter(|place| place.is_reachable(&screens)).and_then(|place| place.at) {
        window = window.position(x, y);
    }
    let window = window.build()?;
    #[cfg(target_os = "linux")]
    crate::webkit::settle(&window)?;
    Ok(window)
}

/// Shows the window, if it isn't there yet.
pub(crate) fn show(app: &AppHandle) {
    unless_ending(app, |window| {
        if window.is_visible()? { Ok(()) } else { window.show().and_then(|()| window.set_focus()) }
    });
}

/// Brings the window before all others.
pub(crate) fn raise(app: &AppHandle) {
    unless_ending(app, |window| {
        window.show()?;
        window.unminimize()?;
        window.set_focus()
    });
}

/// A window that is gone for the one who looks stays so, whatever its page still says.
fn unless_ending(app: &AppHandle, act: impl FnOnce(&WebviewWindow) -> tauri::Result<()>) {
    if !app.state::<Ending>().has_begun() {
        with(app, act);
    }
}

/// Keeps where the window is, and takes it out of sight.
pub(crate) fn leave(app: &AppHandle) {
    with(app, |window| {
        let kept = &app.state::<Shell>().kept;
        if let Some(place) = Place::of(window, kept.place()) {
            kept.set_place(place);
        }
        window.hide()
    });
}

/// Gives the window's own parts the colours that were chosen.
pub(crate) fn dress(window: &WebviewWindow, theme: Theme) {
    let theme = match theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    };
    // A system without such colours keeps its own.
    let _ = window.set_theme(theme);
}

/// Does something with the window. There is nobody to tell that it failed: the window is all there is.
pub(crate) fn with(app: &AppHandle, act: impl FnOnce(&WebviewWindow) -> tauri::Result<()>) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let _ = act(&window);
    }
}

/// Whether an address is the page that the program was built with: as Tauri serves it on this system, and nothing else. On the
/// others the same name is an ordinary one, which whatever program listens on this laptop could answer.
fn is_ours(url: &Url) -> bool {
    if cfg!(dev) {
        return url.host_str() == Some("127.0.0.1");
    }
    let (scheme, host) = if cfg!(windows) { ("http", "tauri.localhost") } else { ("tauri", "localhost") };
    url.scheme() == scheme && url.host_str() == Some(host) && url.port().is_none()
}

/// Whether a test drives the window. Such a window has a profile, in the folder that goes with the program: a test can only
/// drive the first web context of a process, and one without a profile is a second.
pub(crate) fn is_driven() -> bool {
    cfg!(debug_assertions) && std::env::var("TAURI_WEBVIEW_AUTOMATION").is_ok_and(|value| value == "true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_page_itself_is_gone_to() {
        let goes = |url: &str| is_ours(&Url::parse(url).unwrap());
        let ours = if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };
        assert!(goes(ours) && goes(&format!("{ours}/index.html")));
        for elsewhere in [
            "https://example.org/",
            "http://localhost/",
            "file:///etc/passwd",
            "data:text/html,hello",
            "javascript:alert(1)",
            "tauri://elsewhere/",
            "https://tauri.localhost.example.org/",
            "https://tauri.localhost/",
            "http://tauri.localhost:8080/",
            "tauri://localhost:8080/",
            "about:blank",
        ] {
            assert!(!goes(elsewhere), "{elsewhere}");
        }
    }
}
