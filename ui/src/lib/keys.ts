/** Shortcuts: what they do is in `Home.svelte` and the palette, how they are written is here. */

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

const NAMES: Record<string, string> = MAC
  ? { $mod: "⌘", Shift: "⇧", Alt: "⌥", Comma: ",", ArrowLeft: "←" }
  : { $mod: "Ctrl", Comma: ",", ArrowLeft: "←" }

/** As people read them: "Ctrl+K", "⌘K". */
export function shortcut(name: Shortcut): string {
  const keys = BINDINGS[name].split("+").map((key) => NAMES[key] ?? key.toUpperCase().slice(0, 1) + key.slice(1))
  return keys.join(MAC ? "" : "+")
}
