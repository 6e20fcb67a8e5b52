/** Tab leaves the editor. Some web views write a tab into what can be edited, so the focus is moved by hand. */
import type { Command } from "prosemirror-state"

const TABBABLE = 'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable="true"]'

function takesFocus(element: HTMLElement): boolean {
  return element.tabIndex >= 0 && !element.matches(":disabled") && element.getClientRects().length > 0
}

/** To the next place outside that takes the focus, or to the one before. */
export function leaveBy(step: 1 | -1): Command {
  return (_state, _dispatch, view) => {
    if (view === undefined) return false
    const { dom } = view
    const others = [...dom.ownerDocument.querySelectorAll<HTMLElement>(TABBABLE)].filter(
      (element) => !dom.contains(element) && takesFocus(element),
    )
    const side = step === 1 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING
    const ahead = others.filter((element) => (dom.compareDocumentPosition(element) & side) !== 0)
    // After the last comes the first.
    const next = step === 1 ? (ahead[0] ?? others[0]) : (ahead.at(-1) ?? others.at(-1))
    next?.focus()
    return true
  }
}
