/**
 * What others did, into the editor: from one tree to another by steps as small as they can be, so that the selection,
 * decorations and one's own undo pass through them.
 *
 * ```text
 * what came and went (hunks of the flat body), the last first: each a cut through the tree, where one fits
 *   → what is left, which is what blocks are and how text is marked:
 * children against children (diff) → pairs of equal kind: their children → else: one replacement between common ends,
 *                                                                          around a content that stays, or through all
 * ```
 *
 * So a paragraph that another cuts in two is cut in two here, and nothing around the cut is touched. Each replacement
 * is tried as a cut through the tree (which a split or a join is); where the cut doesn't fit, whole
 * children are replaced, which always fits.
 */
import { Fragment, type Node, type ResolvedPos, Slice } from "prosemirror-model"
import { ReplaceAroundStep, ReplaceStep, type Step, Transform } from "prosemirror-transform"
import { diff } from "./diff.js"
import type { Hunk } from "./hunks.js"
import { positionOf } from "./place.js"

/** Makes the document of a transform equal to `now`; `known` is what came and went in the flat body, if it is known. */
export function show(tr: Transform, now: Node, known: readonly Hunk[] = []): void {
  comeAndGo(tr, now, known)
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
    const cut: Hunk = {
      old: [oldFrom + start, oldFrom + end.a + overlap],
      now: [nowFrom + start, nowFrom + end.b + overlap],
    }
    const around = stepAround(tr.doc, now, cut)
    const through = new ReplaceStep(...cut.old, now.slice(...cut.now))
    if (around !== null && fits(tr.doc, around)) tr.step(around)
    else if (fits(tr.doc, through)) tr.step(through)
    else tr.step(new ReplaceStep(oldFrom, hunk.old[1], new Slice(comes, 0, 0)))
  }
  if (!tr.doc.eq(now)) tr.step(new ReplaceStep(0, tr.doc.content.size, new Slice(now.content, 0, 0)))
}

/** True if a document that becomes equal to `now` keeps a textblock as it is, and all that it stands in. */
export function leavesAlone(textblock: ResolvedPos, now: Node, known: readonly Hunk[]): boolean {
  const way = new Transform(textblock.doc)
  show(way, now, known)
  const { pos, deletedAcross } = way.mapping.mapResult(textblock.pos, -1)
  const there = way.doc.resolve(pos)
  if (deletedAcross || there.depth !== textblock.depth || !there.parent.eq(textblock.parent)) return false
  for (let depth = there.depth; depth > 0; depth--) {
    if (!there.node(depth).sameMarkup(textblock.node(depth))) return false
  }
  return true
}

function comeAndGo(tr: Transform, now: Node, known: readonly Hunk[]): void {
  const was = tr.doc
  for (const hunk of known.toReversed()) {
    const [oldFrom, oldTo] = hunk.old.map((place) => positionOf(was, place)) as [number, number]
    const [from, to] = hunk.now.map((place) => positionOf(now, place)) as [number, number]
    if (from > to || oldFrom > oldTo) continue
    const step = new ReplaceStep(oldFrom, oldTo, now.slice(from, to))
    if (fits(tr.doc, step)) tr.step(step)
  }
}

/** A step that changes what stands around the one textblock in a stretch, and leaves the textblock's content alone. */
function stepAround(doc: Node, now: Node, { old, now: comes }: Hunk): Step | null {
  const [kept, same] = [onlyContent(doc, old), onlyContent(now, comes)]
  if (kept === null || same === null || !kept.content.eq(same.content)) return null
  const size = same.content.size
  const hollow = now.replace(same.at, same.at + size, Slice.empty).slice(comes[0], comes[1] - size)
  return new ReplaceAroundStep(...old, kept.at, kept.at + size, hollow, same.at - comes[0])
}

/** The content of the only textblock that reaches into a stretch, if all of it is inside. */
function onlyContent(doc: Node, [from, to]: readonly [number, number]): { at: number; content: Fragment } | null {
  const found: { at: number; content: Fragment }[] = []
  doc.nodesBetween(from, to, (node, at) => {
    if (!node.isTextblock) return true
    found.push({ at: at + 1, content: node.content })
    return false
  })
  const [only, ...others] = found
  if (only === undefined || others.length > 0) return null
  return only.at >= from && only.at + only.content.size <= to ? only : null
}

function fits(doc: Node, step: Step): boolean {
  try {
    return step.apply(doc).failed === null
  } catch {
    // ProseMirror throws where a cut goes through what doesn't fit together.
    return false
  }
}

function childrenBetween(doc: Node, [from, to]: readonly [number, number]): Fragment {
  return doc.slice(from, to).content
}

/** Stretches of children that differ, in positions. */
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
