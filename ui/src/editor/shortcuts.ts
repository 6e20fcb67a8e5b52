/** Shortcuts as the keyboard in front of somebody has them. */
import { m } from "@/paraglide/messages"

const mac = /Mac|iP(hone|[oa]d)/.test(navigator.userAgent)

/** `Mod-Shift-z` as "Ctrl+Shift+Z". */
export function wordsOf(shortcut: string): string {
  const names: Record<string, () => string> = {
    Mod: () => (mac ? "⌘" : m.note_key_ctrl()),
    Shift: () => (mac ? "⇧" : m.note_key_shift()),
    Alt: () => (mac ? "⌥" : "Alt"),
  }
  return shortcut
    .split("-")
    .map((key) => names[key]?.() ?? key.toUpperCase())
    .join(mac ? "" : "+")
}

/** The same for screen readers. */
export function ariaKeys(shortcut: string): string {
  return shortcut
    .split("-")
    .map((key) => (key === "Mod" ? (mac ? "Meta" : "Control") : key.length === 1 ? key.toUpperCase() : key))
    .join("+")
}
