/** What a replica needs of its surroundings, and what it tells them. */
import type { EditorState, Transaction } from "prosemirror-state"

/** Timers, as the platform or a test has them. */
export interface Timers {
  set(run: () => void, ms: number): unknown
  clear(timer: unknown): void
}

export interface Options {
  /** The time, in milliseconds since 1970: it goes into changes. */
  readonly now: () => number
  readonly timers: Timers
  /** Hears of what can't be taken from others or written here. The note should be opened anew. */
  readonly onFault?: (fault: Fault) => void
  /** Hears that the editor held something else than the document and was mended. */
  readonly onMended?: () => void
}

export type Fault =
  | { readonly code: "changes-refused"; readonly changes: readonly Uint8Array[] }
  | { readonly code: "replica-broken"; readonly cause: unknown }

/** Where a replica's state is shown: an `EditorView`, or anything that acts like one. */
export interface Surface {
  readonly state: EditorState
  readonly composing?: boolean
  dispatch(tr: Transaction): void
}

/** The actor id isn't one that the core mints. */
export class ActorError extends Error {
  constructor(readonly actor: string) {
    super("an actor id is 16 bytes in lower-case hexadecimal digits")
    this.name = "ActorError"
  }
}

/** The state isn't this replica's, or not its newest. */
export class StateError extends Error {
  constructor() {
    super("an editor's state must come from the replica when it is shown")
    this.name = "StateError"
  }
}
