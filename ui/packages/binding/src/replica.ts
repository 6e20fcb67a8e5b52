/**
 * A note in the window: a thin replica of its Automerge document, and the editor's state bound to it.
 *
 * ```text
 * keystroke ──▶ editor state ──settle──▶ Automerge ──▶ raw changes ──▶ onLocal   (to the core, which stores and sends)
 * applyRemote ──▶ queue ──timer──▶ settle, Automerge ──derive──▶ one transaction, selection held ──▶ editor
 * nothing for a while ──▶ derive, compare, mend
 * ```
 *
 * **Invariant:** after `settle` the tree in the editor is the tree derived from Automerge, and only then are others'
 * changes taken. Where it doesn't hold (the editor can hold what Automerge can't, half a character for one), the idle
 * repair shows what the document really says.
 */
import { history } from "prosemirror-history"
import type { Node } from "prosemirror-model"
import { EditorState, Plugin, TextSelection, type Transaction } from "prosemirror-state"
import { Body } from "./body.js"
import { ActorError, type Options, StateError, type Surface } from "./host.js"
import { type Pending, after, byOthers, remote, since } from "./pending.js"
import { placeOf, positionOf, width } from "./place.js"
import { schema } from "./schema.js"
import { leavesAlone, show } from "./show.js"
import { knownIn, treeOf } from "./tree.js"
import { endWord } from "./word.js"
import { writeDifference, writeStep } from "./write.js"

/** How long a document is that takes long to apply others' changes: Automerge walks all of it. */
export const LONG = 10_000
/** How long they are collected there, in milliseconds: the longer the document, the longer, between these. */
export const COALESCE_MS = { least: 100, most: 250 }
/** How long nothing happens before the editor is compared with the document. */
export const IDLE_MS = 1_000
/**
 * How long others' changes wait for an input method that is composing, in milliseconds: before it is asked again; before
 * they are looked at; and before a word is ended in which nothing is typed. Some hold their last letter until the next key,
 * however long that takes; what isn't in its paragraph is shown meanwhile. To redraw what is being composed would double it.
 * When a word has ended, the view still takes over what the input method left in the page, 20 ms later at most.
 */
export const COMPOSING_MS = { step: 100, look: 1_000, still: 10_000, over: 50 }
/** Steps at once that are written one by one; more are written as the difference they make. */
const STEPS = 256

/**
 * Opens a note.
 *
 * `bytes` is the Automerge document as the core gives it: a saved document, raw changes one after the other, or
 * nothing yet. `actor` is the id that the core minted for this replica.
 *
 * Automerge's WebAssembly must have been started before.
 *
 * @throws ActorError
 * @throws if the bytes aren't a document
 */
export function open(bytes: Uint8Array, actor: string, options: Options): NoteReplica {
  if (!/^[0-9a-f]{32}$/.test(actor)) throw new ActorError(actor)
  return new NoteReplica(new Body(bytes, actor, () => Math.floor(options.now() / 1000)), options)
}

export class NoteReplica {
  /** Plugins of the editor's state: this binding, and the history of one's own edits. */
  readonly plugins: readonly Plugin[]

  /** The tree that Automerge holds, as far as it was written and read. */
  private shown: Node
  private written: Pending | null = null
  private surface: Surface | null = null
  private queue: Uint8Array[] = []
  private arrival: unknown = null
  /** How long what has arrived has waited for an input method. */
  private waited = 0
  /** How long it has waited since something was typed. */
  private still = 0
  private endWord: (() => void) | null = null
  /** Runs for a moment after a word has ended. */
  private over: unknown = null
  private idle: unknown = null
  private broken = false
  private destroyed = false
  private readonly listeners = new Set<(changes: Uint8Array[]) => void>()

  /** @internal Use {@link open}. */
  constructor(
    private readonly body: Body,
    private readonly options: Options,
  ) {
    this.shown = treeOf(body.read())
    this.plugins = [this.binding(), history()]
  }

  /** The document as the editor shows it at first. */
  get doc(): Node {
    return this.shown
  }

  /** A new state with the plugins in it and others after them. */
  state(others: readonly Plugin[] = []): EditorState {
    return EditorState.create({ schema, doc: this.shown, plugins: [...this.plugins, ...others] })
  }

  /** False before the change that creates the note has arrived, and after a fault. */
  get editable(): boolean {
    return this.body.here && !this.broken
  }

  /** Takes raw changes of others; they are shown together a little later. After a fault the core's document has them. */
  applyRemote(changes: readonly Uint8Array[]): void {
    if (this.broken) return
    this.queue.push(...changes)
    const long = width(this.shown)
    this.expect(long < LONG ? 0 : Math.min(Math.max(long / 400, COALESCE_MS.least), COALESCE_MS.most))
  }

  /** Hears of the raw changes of local edits, in their order. Returns how to stop. */
  onLocal(listener: (changes: Uint8Array[]) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /**
   * Binds the replica to where its state is shown. An `EditorView` with the plugins does it by itself.
   *
   * @throws StateError
   */
  attach(surface: Surface): void {
    if (!this.knows(surface.state)) throw new StateError()
    this.surface = surface
    this.settle()
    if (this.queue.length > 0) this.expect(0)
  }

  /** False for a state that somebody kept while the note went on: to write it would take back what others did since. */
  private knows(state: EditorState): boolean {
    const now = remote.getState(state)
    if (now === undefined) return false
    const edits = since(this.written, now)
    return (edits?.[0]?.before ?? state.doc) === this.shown
  }

  /** Ends the binding. What was typed is written first; changes that haven't been shown are the core's to keep. */
  destroy(): void {
    if (this.destroyed) return
    this.destroyed = true
    this.detach()
    this.clear("arrival")
    this.clear("idle")
    this.clear("over")
    this.queue = []
    this.listeners.clear()
    this.broken = true
    this.body.free()
  }

  /** Writes what the editor did since the last time. */
  settle(): void {
    const { surface } = this
    if (surface === null || this.broken) return
    const { state } = surface
    const now = remote.getState(state)
    if (now === undefined) return
    if (state.doc === this.shown) {
      this.reached(now)
      return
    }
    let changes: Uint8Array[] = []
    this.guarded(() => {
      this.write(now, state.doc)
      this.shown = state.doc
      this.reached(now)
      changes = this.body.take()
    })
    this.rest()
    this.still = 0
    if (changes.length > 0) for (const listener of this.listeners) listener(changes)
  }

  private write(now: Pending, doc: Node): void {
    const edits = since(this.written, now)
    const first = edits?.[0]
    if (edits === null || edits.length > STEPS || first?.before !== this.shown) {
      writeDifference(this.body, this.shown, doc)
      return
    }
    for (const { before, step, after } of edits) writeStep(this.body, before, step, after)
  }

  /** Nobody needs the chain before what was written. */
  private reached(link: Pending): void {
    link.before = null
    this.written = link
  }

  private binding(): Plugin {
    const plugin: Plugin<Pending> = new Plugin<Pending>({
      key: remote,
      state: {
        init: () => ({ before: null, edits: [] }),
        apply: after,
      },
      filterTransaction: (tr) => !tr.docChanged || this.editable || byOthers(tr),
      props: {
        editable: () => this.editable,
        handleDOMEvents: {
          compositionend: () => {
            this.clear("over")
            this.over = this.options.timers.set(() => (this.over = null), COMPOSING_MS.over)
          },
        },
      },
      view: (view) => {
        this.attach(view)
        this.endWord = () => {
          endWord(view, this.options.timers)
        }
        return {
          update: () => {
            this.settle()
          },
          destroy: () => {
            this.detach()
          },
        }
      },
    })
    return plugin
  }

  /** Takes it from where its state is shown; what was typed there is written first. */
  detach(): void {
    this.settle()
    this.surface = null
    this.endWord = null
  }

  /** Whether an input method's letters are still its own, or on their way from the page into the state. */
  get composing(): boolean {
    return this.surface?.composing === true || this.over !== null
  }

  private expect(ms: number): void {
    if (this.arrival !== null || this.surface === null || this.broken) return
    this.arrival = this.options.timers.set(() => {
      this.arrival = null
      if (!this.composing || this.mayShow()) this.flush()
      else this.expect(COMPOSING_MS.step)
    }, ms)
  }

  /** Whether what has arrived leaves alone the paragraph in which an input method composes; looked at now and then. */
  private mayShow(): boolean {
    this.waited += COMPOSING_MS.step
    this.still += COMPOSING_MS.step
    const { surface } = this
    if (surface === null || this.waited < COMPOSING_MS.look) return false
    this.waited = 0
    this.settle()
    let apart = false as boolean
    this.guarded(() => {
      const { blocks, hunks } = this.body.foresee(this.queue)
      apart = leavesAlone(surface.state.selection.$head, treeOf(blocks, knownIn(this.shown)), hunks ?? [])
    })
    if (!apart && this.still >= COMPOSING_MS.still) {
      this.still = 0
      this.endWord?.()
    }
    return apart
  }

  /** Takes all that has arrived. */
  private flush(): void {
    if (this.surface === null || this.broken || this.queue.length === 0) return
    this.waited = 0
    this.still = 0
    this.settle()
    const changes = this.queue
    this.queue = []
    this.guarded(() => {
      const before = this.body.heads.join()
      const selection = this.selection()
      const refused = this.body.apply(changes)
      if (refused.length > 0) this.options.onFault?.({ code: "changes-refused", changes: refused })
      if (this.body.heads.join() !== before) this.derive(selection, true)
    })
    this.rest()
  }

  /** Shows what the document says. True if the editor held something else. */
  private derive(selection: (tr: Transaction) => void, applied: boolean): boolean {
    const { surface } = this
    if (surface === null) return false
    const doc = treeOf(this.body.read(), knownIn(this.shown))
    const known = applied ? (this.body.cameAndWent() ?? []) : []
    if (doc.eq(this.shown)) return false
    const { tr } = surface.state
    show(tr, doc, known)
    selection(tr)
    tr.setMeta(remote, true).setMeta("addToHistory", false)
    this.shown = tr.doc
    surface.dispatch(tr)
    return true
  }

  /** Holds on to the selection while others edit: its ends stay with the characters before them. */
  private selection(): (tr: Transaction) => void {
    const selection = this.surface?.state.selection
    // Other selections go through the steps.
    if (!(selection instanceof TextSelection)) return () => undefined
    const held = [selection.anchor, selection.head].map((p) => this.body.hold(placeOf(this.shown, p)))
    return (tr) => {
      const [anchor = 0, head = 0] = held.map((place) => positionOf(tr.doc, place()))
      tr.setSelection(TextSelection.create(tr.doc, anchor, head))
    }
  }

  /** After a while without anything, compares and mends. */
  private rest(): void {
    this.clear("idle")
    if (this.broken) return
    this.idle = this.options.timers.set(() => {
      this.idle = null
      if (this.composing) this.rest()
      else this.mend()
    }, IDLE_MS)
  }

  private mend(): void {
    this.settle()
    this.clear("idle")
    this.guarded(() => {
      if (this.derive(this.selection(), false)) this.options.onMended?.()
    })
  }

  private clear(timer: "arrival" | "idle" | "over"): void {
    if (this[timer] !== null) this.options.timers.clear(this[timer])
    this[timer] = null
  }

  /** A fault inside WebAssembly leaves the replica in an unknown state: it stops, and the core's document is whole. */
  private guarded(run: () => void): void {
    if (this.broken) return
    try {
      run()
    } catch (cause) {
      this.broken = true
      this.options.onFault?.({ code: "replica-broken", cause })
    }
  }
}
