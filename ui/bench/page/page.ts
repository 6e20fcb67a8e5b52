/** One editor at a time, on the same note. */
import * as Automerge from "@automerge/automerge/slim"
import { open } from "@snug/binding"
import { baseKeymap } from "prosemirror-commands"
import { history } from "prosemirror-history"
import { keymap } from "prosemirror-keymap"
import { EditorState } from "prosemirror-state"
import { EditorView } from "prosemirror-view"
import { mount } from "svelte"
import { startDocuments } from "@/editor/wasm"
import type { Host } from "@/lib/host/host"
import "@/styles/app.css"
import "@/editor/editor.css"
import "prosemirror-view/style/prosemirror.css"
import Sheet from "./Sheet.svelte"
import { upstream } from "./upstream"

const WORDS = "so they met in the old mill by the river and talked until the lamps were lit "

/** A note of so many characters, with what either binding asks for in each marker. */
function noteOf(characters: number): Uint8Array {
  const doc = Automerge.getBackend(Automerge.init<Record<string, unknown>>({ actor: "cc".repeat(16) }))
  const body = doc.putObject("_root", "body", "")
  const paragraph = WORDS.repeat(3).trim()
  for (let at = 0; at < characters; at += 1 + paragraph.length) {
    const marker = doc.insertObject(body, at, {})
    doc.put(marker, "type", "paragraph", "str")
    doc.putObject(marker, "parents", [])
    doc.putObject(marker, "attrs", {})
    doc.put(marker, "isEmbed", false, "boolean")
    doc.splice(body, at + 1, 0, paragraph)
  }
  doc.commit(null, 0)
  return doc.save()
}

/** A host whose store is durable at once: what is measured is the window. */
function hostOf(bytes: Uint8Array): Host {
  const line = { actor: "01".repeat(16), bytes, write: () => Promise.resolve(), close: () => Promise.resolve() }
  return { openNote: () => Promise.resolve(line) } as unknown as Host
}

async function show(who: string, characters: number): Promise<void> {
  await startDocuments()
  const bytes = noteOf(characters)
  const place = document.getElementById("app")
  if (place === null) throw new Error("the page has no place for an editor")
  if (who === "snug") mount(Sheet, { target: place, props: { host: hostOf(bytes) } })
  else if (who === "upstream") await upstream(place, bytes)
  else {
    const { doc } = open(bytes, "02".repeat(16), { now: Date.now, timers: { set: setTimeout, clear: () => undefined } })
    const state = EditorState.create({ doc, plugins: [history(), keymap(baseKeymap)] })
    new EditorView(place, { state, attributes: { class: "note-text" } })
  }
  while (document.querySelectorAll(".note-text p").length < 2) await new Promise(requestAnimationFrame)
}

Object.assign(window, { show })
