/** What an empty note says. */
import { Plugin } from "prosemirror-state"
import { Decoration, DecorationSet } from "prosemirror-view"

export function placeholder(text: () => string): Plugin {
  return new Plugin({
    props: {
      decorations: ({ doc }) => {
        const only = doc.childCount === 1 ? doc.firstChild : null
        if (only?.type.name !== "paragraph" || only.content.size > 0) return null
        const words = { class: "placeholder", "data-placeholder": text() }
        return DecorationSet.create(doc, [Decoration.node(0, only.nodeSize, words)])
      },
    },
  })
}
