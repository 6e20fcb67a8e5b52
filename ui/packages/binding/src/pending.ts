/**
 * What the editor did since it was last written to Automerge.
 *
 * A plugin's state must be pure: ProseMirror makes states that nobody shows. So each state names what happened since
 * the one before it, and whoever writes walks back from the state that is shown to the last one that was written.
 */
import type { Node } from "prosemirror-model"
import { PluginKey, type Transaction } from "prosemirror-state"
import type { Step } from "prosemirror-transform"

/** A link of the chain. */
export interface Pending {
  /** The link before; none for the first, and for one that was written. */
  before: Pending | null
  readonly edits: readonly Edit[]
}

/** One local step. */
export interface Edit {
  readonly step: Step
  readonly before: Node
  readonly after: Node
}

/** Meta of transactions that show what others did. */
export const remote = new PluginKey<Pending>("snug-binding")

/** True for a transaction that shows what others did. */
export function byOthers(tr: Transaction): boolean {
  return tr.getMeta(remote) === true
}

/** The state after a transaction. */
export function after(tr: Transaction, before: Pending): Pending {
  if (!tr.docChanged) return before
  // What others did is in Automerge already.
  if (byOthers(tr)) return { before, edits: [] }
  const edits = tr.steps.map((step, i) => ({
    step,
    before: tr.docs[i] ?? tr.before,
    after: tr.docs[i + 1] ?? tr.doc,
  }))
  return { before, edits }
}

/** The edits since a link, the oldest first; null if the chain doesn't lead there. */
export function since(written: Pending | null, now: Pending): Edit[] | null {
  const links: Pending[] = []
  for (let link: Pending | null = now; link !== written; link = link.before) {
    if (link === null) return null
    links.push(link)
  }
  return links.reverse().flatMap((link) => link.edits)
}
