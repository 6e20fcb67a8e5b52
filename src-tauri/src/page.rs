//! The one window, and what the page in it may do: be there. It goes nowhere else, opens nothing, fetches nothing, is asked
//! for nothing, and leaves nothing behind on the disk.

use crate::place::{self, Place};
use tauri::webview::{NewWindowResponse, PermissionResponse};
use tauri::{App, Runtime, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

/// The window's name in `capabilities/main.json`.
pub(crate) const MAIN: &str = "main";
/// What the system's lists of windows show, whatever is open in it.
const TITLE: &str = "Snug";

/// Makes the window, still hidden: it is shown when its page has something to show.
pub(crate) fn open<R: Runtime>(app: &App<R>, place: Option<Place>) -> tauri::Result<WebviewWindow<R>> {
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

/// Whether an address is the page that the program was built with.
fn is_ours(url: &Url) -> bool {
    if cfg!(dev) {
        return url.host_str() == Some("127.0.0.1");
    }
    let place = (url.scheme(), url.host_str());
    matches!(place, ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost")))
}

/// Whether a test drives the window. Such a window keeps a profile, in a folder that the test chooses: a WebDriver can only
/// drive the first web context of a process, which one without a profile never is.
fn is_driven() -> bool {
    cfg!(debug_assertions) && std::env::var("TAURI_WEBVIEW_AUTOMATION").is_ok_and(|value| value == "true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_page_itself_is_gone_to() {
        let goes = |url: &str| is_ours(&Url::parse(url).unwrap());
        assert!(goes("tauri://localhost/") && goes("http://tauri.localhost/index.html"));
        for elsewhere in [
            "https://example.org/",
            "http://localhost/",
            "file:///etc/passwd",
            "data:text/html,hello",
            "javascript:alert(1)",
            "tauri://elsewhere/",
            "https://tauri.localhost.example.org/",
            "about:blank",
        ] {
            assert!(!goes(elsewhere), "{elsewhere}");
        }
    }
}
