/** A new note: its title waits to be written over. */
import type { Host } from "@/lib/host/host"
import { go } from "@/lib/state/route.svelte"
import { UNTITLED } from "./untitled"

let fresh: string | null = null

/** Makes a note and opens it. Rejects as the host does. */
export async function newNote(host: Host, circle: string): Promise<void> {
  const { id } = await host.call("note_new", { circle, title: UNTITLED, markdown: "" })
  fresh = id
  go({ name: "note", circle, note: id })
}

/** True once, for a note that was just made here. */
export function takeFresh(note: string): boolean {
  const is = fresh === note
  if (is) fresh = null
  return is
}

/** Ctrl+N, or what is in its place on a Mac, where nothing lies over the page. */
export function isNewNoteKey({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): boolean {
  if (document.querySelector("dialog[open]") !== null) return false
  return (ctrlKey || metaKey) && !shiftKey && !altKey && key.toLowerCase() === "n"
}
