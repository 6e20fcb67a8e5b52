/**
 * A note that is open in an editor.
 *
 * ```text
 * open ──▶ line ──bytes──▶ replica ──state──▶ sheet (the editor's view)
 * typed ──▶ replica ──▶ outbox ──▶ durable ──▶ saved            others' changes ──▶ replica ──▶ sheet
 * the line ends, or the replica breaks ──▶ a new line and replica under the same sheet; what the core never got is
 *                                          said again by the new replica
 * a write fails ──▶ halted: all words stay on the sheet, to be read and copied ──retry──▶ a new line
 * close ──▶ what waits is written ──durable──▶ the line ends; what couldn't be written is kept for the next time
 * ```
 *
 * **Invariant:** what was typed is in the core's store, in the outbox or on the sheet, and a line is given up only
 * after the next one has taken all of it.
 */
import { type Left, again, between } from "@snug/binding"
import { type EditorState, type Plugin, Selection, TextSelection, type Transaction } from "prosemirror-state"
import type { Node } from "prosemirror-model"
import { HostError } from "@/lib/host/error"
import { type Ended, Line, LineEnded, type LineListener, type LineOptions } from "./line"
import { unsaved } from "./unsaved"

/** Where the note is shown: an `EditorView`. */
export interface Sheet {
  readonly state: EditorState
  readonly composing: boolean
  dispatch(tr: Transaction): void
  updateState(state: EditorState): void
  destroy(): void
}

/** How the note stands. */
export type NoteState =
  | { readonly name: "opening" }
  /** `saved`: all of it is durable on this laptop. */
  | { readonly name: "open"; readonly saved: boolean }
  /** Not saved, and not editable for now; `unsaved`: there are words that the core doesn't have. */
  | { readonly name: "halted"; readonly error: unknown; readonly unsaved: boolean }
  /** It can't be opened, or not be shown as it is. */
  | { readonly name: "unreadable"; readonly error: unknown }
  | { readonly name: "closed" }

export interface SessionOptions extends LineOptions {
  /** Starts Automerge. */
  readonly start: () => Promise<void>
  /** Shows the note. */
  readonly show: (state: EditorState) => Sheet
  readonly plugins: () => readonly Plugin[]
  readonly onState: (state: NoteState) => void
}

/** Lines that end one after the other: how long to wait before the next, in milliseconds; after these, it is told. */
export const AGAIN_MS = [0, 250, 1_000, 4_000]
/** How long a line holds before its end counts as the first again. */
export const STEADY_MS = 30_000
/** How long an input method may go on before the sheet changes under it. */
export const COMPOSING_MS = { step: 100, most: 10_000 }

export class NoteSession implements LineListener {
  private line: Line | null = null
  private sheet: Sheet | null = null
  private is: NoteState = { name: "opening" }
  /** A new line on its way. */
  private coming: Promise<void> | null = null
  private closing: Promise<boolean> | null = null
  private ends = 0
  private began = -Infinity

  constructor(private readonly options: SessionOptions) {}

  get state(): NoteState {
    return this.is
  }

  /** Opens the note, or tries again after it was halted. How it went is told to `onState`. */
  open(): Promise<void> {
    return this.next({ wait: 0, words: true })
  }

  /** Goes on with the note as the core has it, and gives up what the core doesn't have. */
  giveUp(): Promise<void> {
    unsaved.drop(this.options)
    return this.next({ wait: 0, words: false })
  }

  /** Writes what waits, at once. Resolves with true when all of it is durable. */
  async settle(): Promise<boolean> {
    for (;;) {
      await this.coming
      this.line?.replica?.settle()
      const durable = (await this.line?.outbox?.done()) ?? true
      // What couldn't be written on a line that ended may be on the next.
      if (durable || this.coming === null) return durable
    }
  }

  /** Takes the note from its sheet. Resolves with true when all of it is durable. */
  close(): Promise<boolean> {
    this.closing ??= this.settle().then((durable) => {
      const left = durable ? null : this.left()
      if (left !== null) unsaved.keep(this.options, left)
      this.sheet?.destroy()
      this.line?.hangUp()
      this.line = null
      this.tell({ name: "closed" })
      return durable
    })
    return this.closing
  }

  saved(line: Line, saved: boolean): void {
    if (line === this.line && this.is.name === "open") this.tell({ name: "open", saved })
  }

  stopped(line: Line, error: unknown): void {
    if (line !== this.line || this.coming !== null) return
    // The line had ended there before this side heard of it.
    if (HostError.of(error).code === "not_found") this.again(error)
    else this.halt(error)
  }

  ended(line: Line, reason: Ended): void {
    if (line !== this.line || this.closing !== null || this.coming !== null || this.is.name !== "open") return
    if (reason === "refused") {
      // The write that was refused says why.
      if (line.outbox?.writing !== true) this.halt(new LineEnded(reason))
    } else {
      this.again(new LineEnded(reason))
    }
  }

  /** A new line, later and later; after the last, why is told. */
  private again(why: unknown): void {
    if (this.options.now() - this.began > STEADY_MS) this.ends = 0
    const wait = AGAIN_MS[this.ends]
    this.ends += 1
    if (wait === undefined) this.halt(why)
    else void this.next({ wait, words: true })
  }

  private tell(state: NoteState): void {
    this.is = state
    this.options.onState(state)
  }

  /** Nothing more is taken or written on this line; what is on the sheet stays as it is. */
  private halt(error: unknown): void {
    const { sheet, line } = this
    if (sheet === null) {
      this.tell({ name: "unreadable", error })
      return
    }
    line?.stop()
    const left = this.left()
    this.tell({ name: "halted", error, unsaved: left !== null && (left.changes.length > 0 || left.written !== left.shown) })
    sheet.updateState(sheet.state)
  }

  /** What the core may not have. */
  private left(): Left | null {
    const { line, sheet } = this
    if (line?.replica == null || line.outbox === null || sheet === null) return unsaved.of(this.options)
    return { changes: line.outbox.unsaved, written: line.replica.doc, shown: sheet.state.doc }
  }

  private next(how: { wait: number; words: boolean }): Promise<void> {
    this.coming ??= this.connect(how).finally(() => {
      this.coming = null
      if (this.line?.ended != null) this.ended(this.line, this.line.ended)
    })
    return this.coming
  }

  private async connect({ wait, words }: { wait: number; words: boolean }): Promise<void> {
    const outbox = this.line?.outbox
    outbox?.stop()
    // Only when nothing is under way any more does the core's document say what is missing in it.
    await outbox?.landed()
    if (wait > 0) await this.pause(wait)
    const line = new Line(this.options, this)
    try {
      await this.options.start()
      await line.open()
      for (let waited = 0; this.composing && waited < COMPOSING_MS.most; waited += COMPOSING_MS.step) {
        await this.pause(COMPOSING_MS.step)
      }
      this.line?.replica?.settle()
      // Closed before it was shown.
      if (this.closing !== null && this.sheet === null) line.hangUp()
      else this.change(line, words ? this.left() : null)
    } catch (error) {
      line.hangUp()
      this.halt(error)
    }
  }

  /** Whether an input method's letters are still its own, or on their way from the page into the state. */
  private get composing(): boolean {
    return this.sheet?.composing === true || this.line?.replica?.composing === true
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.options.timers.set(() => {
        resolve()
      }, ms)
    })
  }

  /** A new line in the place of the old one, all in one go: nothing is typed between. */
  private change(line: Line, left: Left | null): void {
    const { options } = this
    const replica = line.bind()
    const state = replica.state(options.plugins())
    const words = left === null ? state.tr : again(state, line.bytes, left)
    // Where they stood is gone: they stay on the sheet to be copied.
    if (words === null) throw new LineEnded("broken")
    if (left !== null && left.changes.length > 0) unsaved.keep(options, left)

    // The old replica takes no part in what follows.
    this.line?.hangUp()
    this.line = line
    this.began = options.now()
    this.tell({ name: "open", saved: true })
    const before = this.sheet?.state
    if (this.sheet === null) this.sheet = options.show(state)
    else this.sheet.updateState(state)
    if (before !== undefined) words.setSelection(sameSelection(before, words.doc))
    if (words.docChanged || words.selectionSet) this.sheet.dispatch(words)
    unsaved.drop(options)
    line.begin()
  }
}

/** The selection of another state, where its ends are in a document that says nearly the same. */
function sameSelection({ doc, selection }: EditorState, now: Node): Selection {
  const where = between(doc, now)
  const anchor = now.resolve(where(selection.anchor))
  const head = now.resolve(where(selection.head))
  return selection instanceof TextSelection ? TextSelection.between(anchor, head) : Selection.near(head)
}
