/**
 * What is pasted: never more than a note has words for, never so much that the window stands still.
 *
 * ```text
 * clipboard ──HTML, if it isn't too much──▶ tidy ──▶ the schema's own parser ──▶ the note
 *           └─plain text, otherwise─────────────────────────────────────────────▶ the note
 * ```
 */
import { schema } from "@snug/binding"
import { DOMParser as SchemaParser } from "prosemirror-model"
import { Plugin } from "prosemirror-state"
import type { EditorView } from "prosemirror-view"
import { ELEMENTS, tidy } from "./tidy"

/** UTF-16 units of text that are taken at once. */
export const PASTE_UNITS = 200_000
/** UTF-16 units of HTML that are read at all. */
export const HTML_UNITS = 2_000_000

/** What was written as Markdown stays so where it was copied from a note; elsewhere the same tags mean other things. */
const parser = new SchemaParser(
  schema,
  SchemaParser.fromSchema(schema).rules.map((rule) => {
    if (!("tag" in rule)) return rule
    if (rule.tag === "pre") return { ...rule, tag: "pre.literal" }
    if (rule.tag === "code") return { ...rule, tag: "code.literal" }
    return rule
  }),
)

/** `tooLong` hears that nothing was pasted. */
export function paste(tooLong: () => void): Plugin {
  return new Plugin({
    props: {
      clipboardParser: parser,
      handleDOMEvents: {
        paste: (view, event) => {
          // Whatever happens below, the web view's own way of pasting never runs.
          event.preventDefault()
          if (view.editable && event.clipboardData !== null) take(view, event, event.clipboardData, tooLong)
          return true
        },
      },
    },
  })
}

function take(view: EditorView, event: ClipboardEvent, clipboard: DataTransfer, tooLong: () => void): void {
  const html = clipboard.getData("text/html")
  const text = clipboard.getData("text/plain")
  const plain = (): void => {
    if (text.length > PASTE_UNITS || text.split(/[\r\n]+/).length > ELEMENTS) tooLong()
    else if (text !== "") view.pasteText(text, event)
  }
  if (html === "" || html.length > HTML_UNITS || view.state.selection.$from.parent.type.spec.code === true) {
    plain()
    return
  }
  try {
    const tidied = tidy(html)
    if (tidied.length > PASTE_UNITS) tooLong()
    else view.pasteHTML(tidied.html, event)
  } catch {
    // HTML that can't be read, or is too much, has nothing to say but its text.
    if (text === "") tooLong()
    else plain()
  }
}
