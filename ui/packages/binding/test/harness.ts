/** Replicas without a window: an editor's state, timers that are run by hand, and a network that is a list. */
import * as Automerge from "@automerge/automerge/slim"
import { automergeWasmBase64 } from "@automerge/automerge/automerge.wasm.base64"
import { EditorState, type Plugin, type Transaction } from "prosemirror-state"
import type { Command } from "prosemirror-state"
import type { Node } from "prosemirror-model"
import { type Fault, type NoteReplica, open } from "../src/index.js"
import type { Surface, Timers } from "../src/index.js"

if (!Automerge.isWasmInitialized()) await Automerge.initializeBase64Wasm(automergeWasmBase64)

export const NOW = 1_790_000_000_000

export function actor(n: number): string {
  return n.toString(16).padStart(2, "0").repeat(16)
}

/** Timers that run when they are told to, in the order of their times. */
export class HandTimers implements Timers {
  private waiting: { run: () => void; at: number }[] = []
  private time = 0

  set(run: () => void, ms: number): unknown {
    const timer = { run, at: this.time + ms }
    this.waiting.push(timer)
    return timer
  }

  clear(timer: unknown): void {
    this.waiting = this.waiting.filter((t) => t !== timer)
  }

  /** Lets so much time pass. */
  pass(ms: number): void {
    const end = this.time + ms
    for (;;) {
      const next = this.waiting.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.clear(next)
      this.time = next.at
      next.run()
    }
    this.time = end
  }
}

/** What an `EditorView` is to a replica. */
export class Editor implements Surface {
  state: EditorState
  composing = false
  readonly sent: Uint8Array[] = []
  readonly faults: Fault[] = []
  mended = 0
  readonly timers = new HandTimers()
  readonly note: NoteReplica

  constructor(bytes: Uint8Array, actor: string, plugins: readonly Plugin[] = []) {
    this.note = open(bytes, actor, {
      now: () => NOW,
      timers: this.timers,
      onFault: (fault) => this.faults.push(fault),
      onMended: () => (this.mended += 1),
    })
    this.note.onLocal((changes) => this.sent.push(...changes))
    this.state = this.note.state(plugins)
    this.note.attach(this)
  }

  dispatch = (tr: Transaction): void => {
    this.state = this.state.applyTransaction(tr).state
    this.note.settle()
  }

  get doc(): Node {
    return this.state.doc
  }

  do(edit: (tr: Transaction) => unknown): void {
    const { tr } = this.state
    edit(tr)
    this.dispatch(tr)
  }

  run(command: Command): boolean {
    return command(this.state, this.dispatch)
  }

  /** The changes since the last call. */
  take(): Uint8Array[] {
    return this.sent.splice(0)
  }

  receive(changes: readonly Uint8Array[]): void {
    this.note.applyRemote(changes)
    this.timers.pass(250)
  }
}

/** A note as the core makes one: a title and an empty body. */
export function emptyNote(): Uint8Array {
  return rawNote(() => undefined)
}

type Backend = ReturnType<typeof Automerge.getBackend>

/** A note whose body is written by hand. */
export function rawNote(write: (doc: Backend, body: string) => void): Uint8Array {
  const doc = Automerge.init<Record<string, unknown>>({ actor: actor(0xcc) })
  const backend = Automerge.getBackend(doc)
  backend.put("_root", "title", "Note", "str")
  const body = backend.putObject("_root", "body", "")
  write(backend, body)
  backend.commit(null, NOW / 1000)
  return backend.save()
}

/** Replicas with everything exchanged. */
export function meet(...editors: Editor[]): void {
  const all = editors.map((editor) => editor.take())
  editors.forEach((editor, i) => {
    editor.receive(all.filter((_, j) => j !== i).flat())
  })
}

/** One more replica of the same note. */
export function join(bytes: Uint8Array, n: number, plugins?: readonly Plugin[]): Editor {
  return new Editor(bytes, actor(n), plugins)
}

/** The raw changes of a saved note, in their order. */
export function changesOf(bytes: Uint8Array): Uint8Array[] {
  return Automerge.getBackend(Automerge.load(bytes)).getChanges([])
}
