//! An empty window: what `cargo xtask bench` measures beside Snug's own. As there, it is shown when its page is there.

use tauri::http::{HeaderValue, Response, header::CONTENT_TYPE};
use tauri::webview::PageLoadEvent;
use tauri::{App, Url, WebviewUrl, WebviewWindowBuilder};

/// Nothing at all wouldn't be loaded, and so never be there.
const PAGE: &[u8] = b"<!doctype html><title>Snug</title>";

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .register_uri_scheme_protocol("empty", |_, _| {
            let mut response = Response::new(PAGE);
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
            response
        })
        .on_page_load(|webview, page| {
            if page.event() == PageLoadEvent::Finished {
                // What can't be shown isn't measured.
                let _ = webview.window().show();
            }
        })
        .setup(|app| Ok(open(app)?))
        .build(tauri::generate_context!())?
        .run(|_, _| {});
    Ok(())
}

fn open(app: &App) -> tauri::Result<()> {
    let page = Url::parse("empty://localhost/").map_err(tauri::Error::InvalidUrl)?;
    WebviewWindowBuilder::new(app, "main", WebviewUrl::CustomProtocol(page))
        .title("Snug")
        .visible(false)
        .inner_size(1080.0, 760.0)
        .incognito(true)
        .build()?;
    Ok(())
}
