/** Links are read and copied here, never followed: a page that others wrote leads nobody out of the window. */
import { href, schema } from "@snug/binding"
import { type EditorState, Plugin } from "prosemirror-state"

/** The address of the link that the selection begins in. */
export function linkAt({ selection: { $from }, doc }: EditorState): string | null {
  const after = doc.resolve($from.pos).nodeAfter
  const marks = [...(after?.marks ?? []), ...$from.marks()]
  return href(marks.find((mark) => mark.type === schema.marks.link)?.attrs.href)
}

export function stillLinks(): Plugin {
  const stay = (_view: unknown, event: Event): boolean => {
    if (event.target instanceof Element && event.target.closest("a") !== null) event.preventDefault()
    return false
  }
  // What could be dragged here comes from anywhere, and what is dragged away goes anywhere.
  const refuse = (_view: unknown, event: Event): boolean => {
    event.preventDefault()
    return true
  }
  return new Plugin({ props: { handleDOMEvents: { click: stay, auxclick: stay, dragstart: refuse, drop: refuse } } })
}
