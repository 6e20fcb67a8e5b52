// @vitest-environment jsdom
/**
 * What a keystroke costs, beside @automerge/prosemirror where it is installed (`npm install --no-save
 * @automerge/prosemirror@0.2.0`). CPU time of this process, medians; run it on an idle machine: `npm run bench`.
 */
import * as Automerge from "@automerge/automerge/slim"
import { EditorState, type Plugin } from "prosemirror-state"
import { EditorView } from "prosemirror-view"
import type { Node, Schema } from "prosemirror-model"
import { test } from "vitest"
import { open } from "../src/index.js"
import { HandTimers, NOW, actor, rawNote } from "../test/harness.js"

const KEYS = 200
const WORDS = "so they met in the old mill by the river and talked until the lamps were lit "

function noteOf(characters: number): Uint8Array {
  return rawNote((doc, body) => {
    const paragraph = WORDS.repeat(3).trim()
    for (let at = 0; at < characters; ) {
      const marker = doc.insertObject(body, at, {})
      doc.put(marker, "type", "paragraph", "str")
      // What the other binding asks for in each marker.
      doc.putObject(marker, "parents", [])
      doc.putObject(marker, "attrs", {})
      doc.put(marker, "isEmbed", false, "boolean")
      doc.splice(body, at + 1, 0, paragraph)
      at += 1 + paragraph.length
    }
  })
}

/** CPU milliseconds of each run. */
function measure(times: number, run: () => void): { median: number; p99: number } {
  const costs: number[] = []
  for (let i = 0; i < times; i++) {
    const before = process.cpuUsage()
    run()
    const used = process.cpuUsage(before)
    costs.push((used.user + used.system) / 1000)
  }
  costs.sort((a, b) => a - b)
  return { median: costs[Math.floor(times / 2)]!, p99: costs[Math.floor(times * 0.99)]! }
}

const table: Record<string, Record<string, string>> = {}

function row(what: string, who: string, { median, p99 }: { median: number; p99: number }): void {
  table[what] = { ...table[what], [who]: `${median.toFixed(2)} / ${p99.toFixed(2)}` }
}

function typeInto(view: EditorView): () => void {
  const middle = Math.floor(view.state.doc.content.size / 2)
  return () => {
    view.dispatch(view.state.tr.insertText("k", middle))
  }
}

function splitIn(view: EditorView): () => void {
  const middle = Math.floor(view.state.doc.content.size / 3)
  return () => {
    view.dispatch(view.state.tr.split(middle))
  }
}

function boldIn(view: EditorView): () => void {
  let at = Math.floor(view.state.doc.content.size / 4)
  return () => {
    view.dispatch(view.state.tr.addMark(at, at + 2, view.state.schema.marks.strong!.create()))
    at += 3
  }
}

function measureView(who: string, view: EditorView, times: number): void {
  for (let i = 0; i < 10; i++) typeInto(view)()
  row("a character typed", who, measure(times, typeInto(view)))
  row("a paragraph split", who, measure(Math.min(times, 40), splitIn(view)))
  row("two characters made bold", who, measure(Math.min(times, 40), boldIn(view)))
}

/** Somebody else's changes, each of one character. */
function remotely(bytes: Uint8Array, n: number): Uint8Array[] {
  const doc = Automerge.getBackend(Automerge.load(bytes, { actor: actor(7) }))
  const [, body] = doc.getWithType("_root", "body") as [string, string]
  return Array.from({ length: n }, (_, i) => {
    doc.splice(body, 100 + i, 0, "r")
    doc.commit(null, NOW / 1000)
    return doc.getLastLocalChange()!
  })
}

async function theirs(): Promise<((handle: unknown) => { schema: Schema; pmDoc: Node; plugin: Plugin }) | null> {
  try {
    const name = "@automerge/prosemirror"
    const { init } = (await import(/* @vite-ignore */ name)) as {
      init: (handle: unknown, path: string[]) => { schema: Schema; pmDoc: Node; plugin: Plugin }
    }
    return (handle) => init(handle, ["body"])
  } catch {
    return null
  }
}

test.each([2_000, 50_000])("keystrokes in a note of %i characters", { timeout: 600_000 }, async (characters) => {
  const bytes = noteOf(characters)
  const timers = new HandTimers()
  const ours = open(bytes, actor(1), { now: () => NOW, timers })
  const view = new EditorView(document.createElement("div"), { state: ours.state() })
  measureView("snug", view, KEYS)
  view.destroy()
  ours.destroy()

  const listener = open(bytes, actor(2), { now: () => NOW, timers })
  const listening = new EditorView(document.createElement("div"), { state: listener.state() })
  const changes = remotely(bytes, 40)
  row(
    "one change of another, shown",
    "snug",
    measure(20, () => {
      listener.applyRemote([changes.shift()!])
      timers.pass(250)
    }),
  )
  row(
    "20 changes of another, shown",
    "snug",
    measure(1, () => {
      listener.applyRemote(changes)
      timers.pass(250)
    }),
  )
  row("idle compare", "snug", measure(1, () => { timers.pass(2_000) }))
  listening.destroy()
  listener.destroy()

  const plain = EditorState.create({ doc: listener.doc })
  const bare = new EditorView(document.createElement("div"), { state: plain })
  measureView("no binding", bare, KEYS)
  bare.destroy()

  const init = await theirs()
  if (init === null) {
    console.log("@automerge/prosemirror isn't installed: no figures beside these")
  } else {
    let doc = Automerge.load<{ body: string }>(bytes, { actor: actor(3) })
    const listeners = new Set<(payload: unknown) => void>()
    const handle = {
      doc: () => doc,
      docSync: () => doc,
      change: (edit: (doc: unknown) => void) => {
        let patches: Automerge.Patch[] = []
        let info: Automerge.PatchInfo<{ body: string }> | undefined
        doc = Automerge.change(
          doc,
          {
            patchCallback: (p, i) => {
              patches = p
              info = i
            },
          },
          edit,
        )
        for (const listener of listeners) listener({ handle, doc, patches, patchInfo: info })
      },
      on: (_event: string, listener: (payload: unknown) => void) => listeners.add(listener),
      off: (_event: string, listener: (payload: unknown) => void) => listeners.delete(listener),
    }
    const { pmDoc, plugin } = init(handle)
    const other = new EditorView(document.createElement("div"), { state: EditorState.create({ doc: pmDoc, plugins: [plugin] }) })
    measureView("@automerge/prosemirror", other, characters > 10_000 ? 20 : KEYS)
    other.destroy()
  }
  console.log(`${String(characters)} characters; CPU milliseconds, median / p99`)
  console.table(table)
})
