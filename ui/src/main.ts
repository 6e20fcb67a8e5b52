import { mount } from "svelte"
import App from "./App.svelte"
import { tauriHost } from "./lib/host/tauri"
import { loadPreferences } from "./lib/state/preferences.svelte"
import "./styles/app.css"

const target = document.getElementById("app")
if (target === null) throw new Error("the page has no place for the app")
const host = tauriHost()
// The first frame already has its colours and its language.
await loadPreferences(host)
mount(App, { target, props: { host, closed: () => location.reload() } })
// A window that is still hidden draws no frame, so none is waited for.
host.shown()
