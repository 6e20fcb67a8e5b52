/** Shortcuts: what they do is in `Home.svelte` and the palette, how they are written is here. */
import { m } from "@/paraglide/messages"

export type Shortcut = "palette" | "settings" | "lock" | "note" | "back"

const MAC = typeof navigator !== "undefined" && /mac/iu.test(navigator.userAgent)

/** As tinykeys reads them. */
export const BINDINGS: Record<Shortcut, string> = {
  palette: "$mod+k",
  settings: "$mod+Comma",
  lock: "$mod+Shift+L",
  note: "$mod+n",
  back: "Alt+ArrowLeft",
}

const MAC_SIGNS: Record<string, string> = { $mod: "⌘", Shift: "⇧", Alt: "⌥", Comma: ",", ArrowLeft: "←" }

/** What is printed on the keys of the chosen language's keyboards. */
const keyNames = (): Record<string, string> => ({
  $mod: m.shell_key_ctrl(),
  Shift: m.shell_key_shift(),
  Alt: m.shell_key_alt(),
  Comma: ",",
  ArrowLeft: "←",
})

/** As people read them: "Ctrl+K", "Strg+K", "⌘K". */
export function shortcut(name: Shortcut): string {
  const names = MAC ? MAC_SIGNS : keyNames()
  const keys = BINDINGS[name].split("+").map((key) => names[key] ?? key.toUpperCase())
  return keys.join(MAC ? "" : "+")
}
