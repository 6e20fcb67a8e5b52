//! An empty window: what `cargo xtask bench` measures beside Snug's own. As there, it is shown when its page is there.

use tauri::webview::PageLoadEvent;
use tauri::{App, Url, WebviewUrl, WebviewWindowBuilder};

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
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
    let nothing = WebviewUrl::External(Url::parse("about:blank").map_err(tauri::Error::InvalidUrl)?);
    WebviewWindowBuilder::new(app, "main", nothing)
        .title("Snug")
        .visible(false)
        .inner_size(1080.0, 760.0)
        .incognito(true)
        .build()?;
    Ok(())
}
