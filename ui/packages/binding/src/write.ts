/**
 * Local edits into Automerge, by the smallest edit that gets there, so that what others write at the same time
 * survives beside it.
 *
 * ```text
 * step ──its map──▶ stretches of the flat body ──common ends cut off──▶ splices, the last first
 *                                                                         → what the markers say, where it differs
 *                                                                         → marks, where they differ
 * ```
 *
 * Typing is a step inside one textblock: one splice, and a look at the marks that the new text got. A paragraph that
 * is cut in two keeps its characters and gets a marker between them; one that becomes a heading keeps everything and
 * its marker says something else.
 */
import type { Node } from "prosemirror-model"
import { AddMarkStep, RemoveMarkStep, ReplaceStep, type Step } from "prosemirror-transform"
import type { Body, Inserted } from "./body.js"
import { type Marks, PLAIN } from "./flat.js"
import { placeOf, tokens } from "./place.js"
import { schema } from "./schema.js"
import { kindsOf, marksOf } from "./tree.js"
import type { MarkName } from "./words.js"

/** A stretch of the tree before and the stretch after that stands in its place, in positions. */
export interface Range {
  readonly old: readonly [number, number]
  readonly now: readonly [number, number]
}

/** Writes one step. */
export function writeStep(body: Body, before: Node, step: Step, after: Node): void {
  const ranges: Range[] = []
  step.getMap().forEach((oldFrom, oldTo, from, to) => {
    ranges.push(wholeCharacters(before, { old: [oldFrom, oldTo], now: [from, to] }))
  })
  const marked = step instanceof AddMarkStep || step instanceof RemoveMarkStep
  if (marked) ranges.push({ old: [step.from, step.to], now: [step.from, step.to] })
  write(body, before, after, ranges, !marked && !(step instanceof ReplaceStep && inText(before, after, ranges)))
}

/** A step can cut a character in half, and Automerge can't: a half that is left goes and comes as what it became. */
function wholeCharacters(before: Node, { old, now }: Range): Range {
  const from = cutsCharacter(before, old[0]) ? 1 : 0
  const to = cutsCharacter(before, old[1]) ? 1 : 0
  return { old: [old[0] - from, old[1] + to], now: [now[0] - from, now[1] + to] }
}

function cutsCharacter(doc: Node, position: number): boolean {
  const place = doc.resolve(position)
  const high = place.nodeBefore?.text?.slice(-1).charCodeAt(0)
  const low = place.nodeAfter?.text?.charCodeAt(0)
  return high !== undefined && low !== undefined && isHigh(high) && isLow(low)
}

/** Writes whatever differs between two trees. */
export function writeDifference(body: Body, before: Node, after: Node): void {
  const range = difference(before, after)
  if (range !== null) write(body, before, after, [wholeCharacters(before, range)], true)
}

/** The one stretch in which two trees differ. */
export function difference(before: Node, after: Node): Range | null {
  const start = before.content.findDiffStart(after.content)
  const end = before.content.findDiffEnd(after.content)
  if (start === null || end === null) return null
  // What is equal at both ends may overlap.
  const overlap = Math.max(0, start - Math.min(end.a, end.b))
  return { old: [start, end.a + overlap], now: [start, end.b + overlap] }
}

/** True if all that changes is text in textblocks that have some, before and after: no marker says anything else then. */
function inText(before: Node, after: Node, ranges: readonly Range[]): boolean {
  const within = (doc: Node, [from, to]: readonly [number, number]): boolean => {
    const place = doc.resolve(from)
    return place.parent.isTextblock && place.parent.content.size > 0 && to <= place.end()
  }
  return ranges.every(({ old, now }) => within(before, old) && within(after, now))
}

/** A range in the flat body, with its common ends cut off. */
interface Change {
  /** Where it begins, before and after. */
  readonly at: number
  readonly to: number
  /** Whole stretches, and how much is the same at their ends. */
  readonly old: string
  readonly now: string
  readonly prefix: number
  readonly suffix: number
  readonly range: Range
}

function write(body: Body, before: Node, after: Node, ranges: readonly Range[], kinds: boolean): void {
  const changes = ranges.map((range) => change(before, after, range))
  let text = false
  for (const { at, old, now, prefix, suffix } of changes.toReversed()) {
    const gone = old.slice(prefix, old.length - suffix)
    const comes = now.slice(prefix, now.length - suffix)
    const markers = gone.includes("\0") || comes.includes("\0")
    body.replace(at + prefix, markers ? blocksBefore(before, at + prefix) : 0, gone, comes)
    text ||= /[^\0]/.test(comes)
  }
  if (kinds) {
    const places: { place: number; empty: boolean }[] = []
    let place = 0
    after.descendants((node) => {
      if (!node.isTextblock) return true
      places.push({ place, empty: node.content.size === 0 })
      place += 1 + node.content.size
      return false
    })
    body.setKinds(
      kindsOf(after),
      (block) => places[block]?.place ?? 0,
      (block) => places[block]?.empty ?? true,
    )
  }
  const inserted = text ? body.inserted() : []
  for (const change of changes) writeMarks(body, before, after, change, inserted)
}

function change(before: Node, after: Node, range: Range): Change {
  const old = tokens(before, ...range.old)
  const now = tokens(after, ...range.now)
  const most = Math.min(old.length, now.length)
  let prefix = 0
  while (prefix < most && old.charCodeAt(prefix) === now.charCodeAt(prefix)) prefix += 1
  if (prefix > 0 && isHigh(old.charCodeAt(prefix - 1))) prefix -= 1
  let suffix = 0
  while (suffix < most - prefix && old.charCodeAt(old.length - suffix - 1) === now.charCodeAt(now.length - suffix - 1)) {
    suffix += 1
  }
  if (suffix > 0 && isLow(old.charCodeAt(old.length - suffix))) suffix -= 1
  return { at: placeOf(before, range.old[0]), to: placeOf(after, range.now[0]), old, now, prefix, suffix, range }
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000
}

function blocksBefore(doc: Node, place: number): number {
  let found = 0
  let at = 0
  doc.descendants((node) => {
    if (!node.isTextblock) return at < place
    if (at < place) found += 1
    at += 1 + node.content.size
    return false
  })
  return found
}

/** Marks over a stretch of the flat body; null for markers and for what isn't known. */
interface Over {
  readonly length: number
  readonly marks: Marks | null
}

const NAMES: readonly MarkName[] = ["strong", "em", "link", "markdown"]

function writeMarks(body: Body, before: Node, after: Node, change: Change, inserted: readonly Inserted[]): void {
  const { range, old, now, prefix, suffix, to } = change
  if (now.length === 0) return
  const was = marksOver(before, ...range.old)
  const is = cut(was, 0, prefix)
  is.push(...marksInserted(inserted, to + prefix, now.length - prefix - suffix))
  is.push(...cut(was, old.length - suffix, old.length))
  const should = marksOver(after, ...range.now)

  const wrong = new Map<MarkName, { from: number; to: number; value: true | string | null }>()
  const flush = (name: MarkName): void => {
    const stretch = wrong.get(name)
    if (stretch !== undefined) body.setMark(name, stretch.value, stretch.from, stretch.to)
    wrong.delete(name)
  }
  for (const [at, length, have, want] of together(is, should)) {
    for (const name of NAMES) {
      const value = want === null ? null : valueOf(want, name)
      const differs = have !== null && want !== null && valueOf(have, name) !== value
      const stretch = wrong.get(name)
      if (!differs) flush(name)
      else if (stretch?.value === value && stretch.to === to + at) stretch.to += length
      else {
        flush(name)
        wrong.set(name, { from: to + at, to: to + at + length, value })
      }
    }
  }
  NAMES.forEach(flush)
}

function valueOf(marks: Marks, name: MarkName): true | string | null {
  switch (name) {
    case "strong":
      return marks.strong || null
    case "em":
      return marks.em || null
    case "link":
      return marks.link
    case "markdown":
      return marks.literal || null
  }
}

function marksOver(doc: Node, from: number, to: number): Over[] {
  const over: Over[] = []
  doc.nodesBetween(from, to, (node, at, parent) => {
    if (node.isTextblock && at >= from && at < to) over.push({ length: 1, marks: null })
    if (node.isText) {
      const length = Math.min(to, at + node.nodeSize) - Math.max(from, at)
      over.push({ length, marks: parent?.type === schema.nodes.literal ? PLAIN : marksOf(node.marks) })
    }
  })
  return over
}

function cut(over: readonly Over[], from: number, to: number): Over[] {
  const out: Over[] = []
  let at = 0
  for (const { length, marks } of over) {
    const inside = Math.min(to, at + length) - Math.max(from, at)
    if (inside > 0) out.push({ length: inside, marks })
    at += length
  }
  return out
}

function marksInserted(inserted: readonly Inserted[], at: number, length: number): Over[] {
  const out: Over[] = []
  let done = at
  for (const piece of inserted) {
    const from = Math.max(piece.at, done)
    const to = Math.min(piece.at + piece.length, at + length)
    if (from >= to) continue
    if (from > done) out.push({ length: from - done, marks: null })
    out.push({ length: to - from, marks: piece.marks })
    done = to
  }
  if (done < at + length) out.push({ length: at + length - done, marks: null })
  return out
}

/** Two lists of equal length in all, in common pieces: where, how long, and what each says. */
function* together(a: readonly Over[], b: readonly Over[]): Generator<[number, number, Marks | null, Marks | null]> {
  let [i, j, usedA, usedB, at] = [0, 0, 0, 0, 0]
  for (;;) {
    const [x, y] = [a[i], b[j]]
    if (x === undefined || y === undefined) return
    const length = Math.min(x.length - usedA, y.length - usedB)
    yield [at, length, x.marks, y.marks]
    at += length
    usedA += length
    usedB += length
    if (usedA === x.length) [i, usedA] = [i + 1, 0]
    if (usedB === y.length) [j, usedB] = [j + 1, 0]
  }
}
