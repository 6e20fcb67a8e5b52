/** Who comes by Tab finds the caret by a ring around its block, until something is typed or clicked. */
import { Plugin, PluginKey } from "prosemirror-state"
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view"

const ring = new PluginKey<boolean>("arrival")

function show(view: EditorView, shown: boolean): void {
  if (ring.getState(view.state) === shown) return
  view.dispatch(view.state.tr.setMeta(ring, shown))
}

export function arrival(): Plugin {
  let byTab = false
  return new Plugin<boolean>({
    key: ring,
    state: {
      init: () => false,
      apply: (tr, was) => (tr.getMeta(ring) as boolean | undefined) ?? (was && !tr.docChanged),
    },
    props: {
      decorations: (state) => {
        const { $from } = state.selection
        if (ring.getState(state) !== true || !$from.parent.isTextblock) return null
        return DecorationSet.create(state.doc, [Decoration.node($from.before(), $from.after(), { class: "arrived" })])
      },
      handleDOMEvents: {
        focus: (view) => {
          if (!byTab) return
          show(view, true)
          view.dom.querySelector(".arrived")?.scrollIntoView({ block: "nearest" })
        },
        blur: (view) => {
          show(view, false)
        },
        pointerdown: (view) => {
          show(view, false)
        },
      },
    },
    view: ({ dom: { ownerDocument: page } }) => {
      const heard = (event: Event): void => {
        byTab = event instanceof KeyboardEvent && event.key === "Tab"
      }
      page.addEventListener("keydown", heard, true)
      page.addEventListener("pointerdown", heard, true)
      return {
        destroy: () => {
          page.removeEventListener("keydown", heard, true)
          page.removeEventListener("pointerdown", heard, true)
        },
      }
    },
  })
}
