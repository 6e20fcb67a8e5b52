/** Shortcuts: what they do is in `Home.svelte`, the palette and the editor, how they are written is here. */
import { m } from "@/paraglide/messages"

export type Shortcut = "palette" | "settings" | "lock" | "note" | "back"

const MAC = typeof navigator !== "undefined" && /Mac|iP(?:hone|[oa]d)/u.test(navigator.userAgent)

/** As tinykeys reads them. */
export const BINDINGS: Record<Shortcut, string> = {
  palette: "$mod+k",
  settings: "$mod+Comma",
  lock: "$mod+Shift+L",
  note: "$mod+n",
  back: "Alt+ArrowLeft",
}

const MAC_SIGNS: Record<string, string> = { Mod: "⌘", Shift: "⇧", Alt: "⌥", Comma: ",", ArrowLeft: "←" }

/** What is printed on the keys of the chosen language's keyboards. */
const keyNames = (): Record<string, string> => ({
  Mod: m.shell_key_ctrl(),
  Shift: m.shell_key_shift(),
  Alt: m.shell_key_alt(),
  Comma: ",",
  ArrowLeft: "←",
})

/** `$mod+k`, as tinykeys has it, or `Mod-k`, as the editor has it. */
const keysOf = (written: string): string[] => written.replace("$mod", "Mod").split(/[+-]/u)

/** As people read them: "Ctrl+K", "Strg+K", "⌘K". */
export function keysInWords(written: string): string {
  const names = MAC ? MAC_SIGNS : keyNames()
  return keysOf(written)
    .map((key) => names[key] ?? key.toUpperCase())
    .join(MAC ? "" : "+")
}

export function shortcut(name: Shortcut): string {
  return keysInWords(BINDINGS[name])
}

/** As `aria-keyshortcuts` has them. */
export function ariaKeys(written: string): string {
  return keysOf(written)
    .map((key) => (key === "Mod" ? (MAC ? "Meta" : "Control") : key.length === 1 ? key.toUpperCase() : key))
    .join("+")
}
