/** The word of an input method. */
import type { EditorView } from "prosemirror-view"
import type { Timers } from "./host.js"

/** How long the focus stays away for an input method that says nothing, in milliseconds. */
const AWAY_MS = 100

/**
 * Ends the word as it stands. The focus leaves the text until the input method has given the word out: if it came back at
 * once, the input method wouldn't hear of it, and the letters would be there twice. A key that is struck meanwhile brings
 * it back before it does what it does.
 */
export function endWord(view: EditorView, timers: Timers): void {
  const { dom } = view
  if (!view.hasFocus()) return
  const back = (): void => {
    dom.removeEventListener("compositionend", given)
    dom.ownerDocument.removeEventListener("keydown", struck, true)
    timers.clear(timer)
    if (!view.isDestroyed && dom.ownerDocument.activeElement === dom.ownerDocument.body) view.focus()
  }
  let timer = timers.set(back, AWAY_MS)
  const given = (): void => {
    timers.clear(timer)
    timer = timers.set(back, 0)
  }
  const struck = (event: KeyboardEvent): void => {
    back()
    // It was on its way to the page: the text's own keys wouldn't hear of it, and what it writes goes to the focus.
    if (event.target !== dom.ownerDocument.body || !view.hasFocus()) return
    if (view.someProp("handleKeyDown", (handle) => handle(view, event)) === true) event.preventDefault()
  }
  dom.addEventListener("compositionend", given)
  dom.ownerDocument.addEventListener("keydown", struck, true)
  dom.blur()
}
