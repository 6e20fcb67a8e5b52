/** An editor on `@automerge/prosemirror`, with a document handle as its repository has them. */
import * as Automerge from "@automerge/automerge/slim"
import { baseKeymap } from "prosemirror-commands"
import { history } from "prosemirror-history"
import { keymap } from "prosemirror-keymap"
import type { Node, Schema } from "prosemirror-model"
import { EditorState, type Plugin } from "prosemirror-state"
import { EditorView } from "prosemirror-view"

interface Upstream {
  init: (handle: unknown, path: string[]) => { schema: Schema; pmDoc: Node; plugin: Plugin }
}

export async function upstream(place: HTMLElement, bytes: Uint8Array): Promise<void> {
  // The bench's builder points this name at where it is installed.
  const { init } = (await import("upstream-binding")) as unknown as Upstream
  let doc = Automerge.load<{ body: string }>(bytes, { actor: "03".repeat(16) })
  const listeners = new Set<(payload: unknown) => void>()
  const handle = {
    doc: () => doc,
    docSync: () => doc,
    change: (edit: (doc: unknown) => void) => {
      let patches: Automerge.Patch[] = []
      let patchInfo: unknown
      const patchCallback = (found: Automerge.Patch[], info: unknown): void => {
        patches = found
        patchInfo = info
      }
      doc = Automerge.change(doc, { patchCallback }, edit)
      for (const listener of listeners) listener({ handle, doc, patches, patchInfo })
    },
    on: (_event: string, listener: (payload: unknown) => void) => listeners.add(listener),
    off: (_event: string, listener: (payload: unknown) => void) => listeners.delete(listener),
  }
  const { pmDoc, plugin } = init(handle, ["body"])
  const state = EditorState.create({ doc: pmDoc, plugins: [plugin, history(), keymap(baseKeymap)] })
  new EditorView(place, { state, attributes: { class: "note-text" } })
}
