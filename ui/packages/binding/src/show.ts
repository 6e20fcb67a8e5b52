/**
 * What others did, into the editor: from one tree to another by steps as small as they can be, so that the selection,
 * decorations and one's own undo pass through them.
 *
 * ```text
 * children against children (diff) → pairs of equal kind: their children → else: one replacement between common ends
 * ```
 *
 * Each replacement is tried as a cut through the tree (which a split or a join is); where the cut doesn't fit, whole
 * children are replaced, which always fits.
 */
import { Fragment, type Node, Slice } from "prosemirror-model"
import type { Transaction } from "prosemirror-state"
import { ReplaceStep } from "prosemirror-transform"
import { diff } from "./diff.js"

/** Makes the document of a transaction equal to `now`. */
export function show(tr: Transaction, now: Node): void {
  const was = tr.doc
  // The last first, so that the positions before stay what they are.
  for (const hunk of hunks(was, now, 0, 0).toReversed()) {
    const old = childrenBetween(was, hunk.old)
    const comes = childrenBetween(now, hunk.now)
    const start = old.findDiffStart(comes, 0)
    const end = old.findDiffEnd(comes, old.size, comes.size)
    if (start === null || end === null) continue
    const overlap = Math.max(0, start - Math.min(end.a, end.b))
    const [oldFrom, nowFrom] = [hunk.old[0], hunk.now[0]]
    const slice = now.slice(nowFrom + start, nowFrom + end.b + overlap)
    const step = new ReplaceStep(oldFrom + start, oldFrom + end.a + overlap, slice)
    const tried = fits(tr.doc, step)
    if (tried) tr.step(step)
    else tr.step(new ReplaceStep(oldFrom, hunk.old[1], new Slice(comes, 0, 0)))
  }
  if (!tr.doc.eq(now)) tr.step(new ReplaceStep(0, tr.doc.content.size, new Slice(now.content, 0, 0)))
}

function fits(doc: Node, step: ReplaceStep): boolean {
  try {
    return step.apply(doc).failed === null
  } catch {
    // ProseMirror throws where a cut goes through what doesn't fit together.
    return false
  }
}

/** A stretch of children before and the stretch after that stands in its place, in positions. */
interface Hunk {
  readonly old: readonly [number, number]
  readonly now: readonly [number, number]
}

function childrenBetween(doc: Node, [from, to]: readonly [number, number]): Fragment {
  return doc.slice(from, to).content
}

function hunks(was: Node, now: Node, wasAt: number, nowAt: number): Hunk[] {
  const out: Hunk[] = []
  const before = starts(was, wasAt)
  const after = starts(now, nowAt)
  for (const { old, now: comes } of diff(was.children, now.children, (a, b) => a.eq(b))) {
    const pairs = pairsOf(was.children.slice(...old), now.children.slice(...comes))
    if (pairs === null) {
      out.push({ old: [before(old[0]), before(old[1])], now: [after(comes[0]), after(comes[1])] })
      continue
    }
    pairs.forEach(([a, b], i) => {
      const [wasFrom, nowFrom] = [before(old[0] + i), after(comes[0] + i)]
      if (a.isTextblock) {
        out.push({ old: [wasFrom, wasFrom + a.nodeSize], now: [nowFrom, nowFrom + b.nodeSize] })
      } else {
        out.push(...hunks(a, b, wasFrom + 1, nowFrom + 1))
      }
    })
  }
  return out
}

/** The children two by two, if there are as many and each stands for one that looks alike. */
function pairsOf(was: readonly Node[], now: readonly Node[]): [Node, Node][] | null {
  const pairs: [Node, Node][] = []
  for (const [i, a] of was.entries()) {
    const b = now[i]
    if (b === undefined || !a.sameMarkup(b)) return null
    pairs.push([a, b])
  }
  return was.length === now.length ? pairs : null
}

/** Where each child begins. */
function starts(parent: Node, at: number): (child: number) => number {
  const places = [at]
  for (const child of parent.children) places.push((places.at(-1) ?? at) + child.nodeSize)
  return (child) => places[child] ?? at + parent.content.size
}
