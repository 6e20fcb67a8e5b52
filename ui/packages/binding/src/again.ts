/**
 * What was typed into a replica that ended, made anew in the next one: the core never got the old changes, so they are
 * nobody's, and the new replica makes its own of what they say.
 *
 * ```text
 * the document as the core has it + changes it never got ──▶ the tree as it should be
 * edits that were never written ──mapped onto that tree──▶ one local transaction
 * ```
 *
 * What the core got after all says nothing new there, so nothing comes twice.
 */
import type { Node } from "prosemirror-model"
import type { EditorState, Transaction } from "prosemirror-state"
import { ReplaceStep, Transform } from "prosemirror-transform"
import { Body, NOBODY } from "./body.js"
import { show } from "./show.js"
import { treeOf } from "./tree.js"
import { difference } from "./write.js"

/** What an ended replica leaves. */
export interface Left {
  /** Changes that may not have arrived, in their order. */
  readonly changes: readonly Uint8Array[]
  /** The tree as it was last written. */
  readonly written: Node
  /** The tree as it was last shown; another one only if the replica broke while writing. */
  readonly shown: Node
}

/**
 * A transaction of a new replica's state, whose document came as `bytes`, that says what was left; none where what
 * was shown has no place in the document any more.
 *
 * @throws if the bytes aren't a document
 */
export function again(state: EditorState, bytes: Uint8Array, left: Left): Transaction | null {
  const merged = treeWith(bytes, left.changes)
  const { tr } = state
  show(tr, merged)
  const lost = difference(left.written, left.shown)
  if (lost === null) return tr
  const way = new Transform(left.written)
  show(way, merged)
  const step = new ReplaceStep(...lost.old, left.shown.slice(...lost.now)).map(way.mapping)
  return step === null || tr.maybeStep(step).failed !== null ? null : tr
}

/** Where places of one tree are in another. */
export function between(was: Node, now: Node): (position: number) => number {
  const way = new Transform(was)
  show(way, now)
  return (position) => Math.min(way.mapping.map(position), now.content.size)
}

function treeWith(bytes: Uint8Array, changes: readonly Uint8Array[]): Node {
  const body = new Body(bytes, NOBODY, () => 0)
  try {
    body.apply(changes)
    return treeOf(body.read())
  } finally {
    body.free()
  }
}
