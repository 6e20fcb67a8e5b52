/**
 * The app on a host in memory. The address chooses what is there: `?scene=fresh|home|locked|empty|damaged`, `&manual`
 * (nothing happens by itself), `&theme=light|dark`, `&language=en|de|hu`.
 */
import App from "@/App.svelte"
import type { Language, Preferences, Theme } from "@/lib/api/generated/preferences"
import { changePreferences, loadPreferences } from "@/lib/state/preferences.svelte"
import { go } from "@/lib/state/route.svelte"
import "@/styles/app.css"
import { mount } from "svelte"
import { startAutomerge } from "./memory/automerge"
import { scene } from "./memory/scenes"

const target = document.getElementById("app")
if (target === null) throw new Error("the page has no place for the app")
const asked = new URLSearchParams(location.search)
await startAutomerge()
const host = scene(asked.get("scene") ?? "home", {
  auto: !asked.has("manual"),
  preferences: {
    theme: (asked.get("theme") ?? "system") as Theme,
    language: asked.get("language") as Language | null,
  },
})
// What tests hold it by.
Object.assign(window, { __host: host, __go: go, __prefer: (change: Partial<Preferences>) => changePreferences(host, change) })
await loadPreferences(host)
// The real window loads its page anew when it locks; here the host would be lost with it.
mount(App, { target, props: { host, closed: () => undefined } })
requestAnimationFrame(() => requestAnimationFrame(() => host.shown()))
