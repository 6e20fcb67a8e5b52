/** How the window looks and speaks, kept by the host. */
import type { Host, Preferences } from "@/lib/host/host"
import { type Locale, baseLocale, isLocale, locales, overwriteGetLocale } from "@/paraglide/runtime"

const DEFAULTS: Preferences = { theme: "system", language: null, lock_after_minutes: 15 }

let current = $state.raw<Preferences>(DEFAULTS)
/** What the host keeps. */
let kept = DEFAULTS
/** The changes that the host hasn't answered. It gets one at a time: each has to begin where the one before ended. */
let waiting = 0
let turn: Promise<unknown> = Promise.resolve()
let locale = $state.raw<Locale>(baseLocale)

// Every message reads this, so that what is on screen changes its language at once.
overwriteGetLocale(() => locale)

export const preferences = {
  get current(): Preferences {
    return current
  },
  get locale(): Locale {
    return locale
  },
}

/** The first of somebody's languages that Snug speaks. */
export function systemLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split("-")[0] ?? ""
    if (isLocale(language)) return language
  }
  return baseLocale
}

function show(next: Preferences): void {
  current = next
  const chosen = locales.find((known) => known === next.language)
  locale = chosen ?? systemLocale(navigator.languages)
  const page = document.documentElement
  page.lang = locale
  if (next.theme === "system") delete page.dataset.theme
  else page.dataset.theme = next.theme
}

/** Reads what is kept. The window is usable without it. */
export async function loadPreferences(host: Host): Promise<void> {
  try {
    kept = await host.preferences.get()
  } catch {
    kept = DEFAULTS
  }
  show(kept)
}

/** Shows the change at once and keeps it; rejects, and shows what is kept, if it can't be kept. */
export async function changePreferences(host: Host, change: Partial<Preferences>): Promise<void> {
  show({ ...current, ...change })
  waiting += 1
  const mine = turn.then(async () => {
    const wanted = { ...kept, ...change }
    await host.preferences.set(wanted)
    kept = wanted
  })
  turn = mine.catch(() => undefined)
  try {
    await mine
  } finally {
    waiting -= 1
    if (waiting === 0) show(kept)
  }
}
