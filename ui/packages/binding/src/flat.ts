/**
 * The body of a note as it stands in Automerge: flat blocks of marked text, one after the other, never one inside the
 * other. An item of a list says how deep it stands; the tree that an editor shows is derived from that.
 *
 * {@link Form} brings any list of blocks into the one form in which bodies are compared, written and shown. It can't
 * fail, so neither can any document that a merge makes. The core has the same rules in `snug-document`'s `body`; the
 * fixtures of this package hold both to each other.
 */

/** Levels of nested lists. */
export const LIST_DEPTH = 9
/** The largest number of a numbered item: CommonMark reads nine digits. */
export const LIST_NUMBER = 999_999_999

/** An item of a list. */
export interface Item {
  readonly type: "item"
  /** Numbered; otherwise a bullet. */
  readonly numbered: boolean
  /** How many lists hold the list that it is in. */
  readonly depth: number
  /** A number where a list begins with it that doesn't begin by itself or doesn't count from 1. */
  readonly begins: number | null
}

/** What a block is. A literal block is Markdown that Snug has no block for yet, as it was written. */
export type Kind =
  | { readonly type: "paragraph" }
  | { readonly type: "heading"; readonly level: number }
  | Item
  | { readonly type: "literal" }

/** The marks of a text. */
export interface Marks {
  readonly strong: boolean
  readonly em: boolean
  /** The target of a link. */
  readonly link: string | null
  /** Inline Markdown that Snug has no mark for yet, as it was written. */
  readonly literal: boolean
}

/** Text under the same marks. */
export interface Run {
  readonly text: string
  readonly marks: Marks
}

/** One block. */
export interface Block {
  readonly kind: Kind
  readonly runs: readonly Run[]
}

export const PARAGRAPH: Kind = { type: "paragraph" }
export const PLAIN: Marks = { strong: false, em: false, link: null, literal: false }

export function sameKind(a: Kind, b: Kind): boolean {
  switch (a.type) {
    case "heading":
      return b.type === "heading" && a.level === b.level
    case "item":
      return b.type === "item" && a.numbered === b.numbered && a.depth === b.depth && a.begins === b.begins
    default:
      return a.type === b.type
  }
}

export function sameMarks(a: Marks, b: Marks): boolean {
  return a === b || (a.strong === b.strong && a.em === b.em && a.link === b.link && a.literal === b.literal)
}

/** Brings the kinds of blocks into the one form, each after those before it. */
export class Form {
  /** The lists that are open: for each depth, whether it is numbered. */
  private open: readonly boolean[] = []

  /** What would be so after another block: for trying it. */
  peek(kind: Kind, empty: boolean): Kind {
    const open = this.open
    const found = this.next(kind, empty)
    this.open = open
    return found
  }

  /** What a block is, after the blocks before it. */
  next(kind: Kind, empty: boolean): Kind {
    if (kind.type !== "item") {
      this.open = []
      if (kind.type === "heading") {
        const level = Math.min(Math.max(kind.level, 1), 6)
        return level === kind.level ? kind : { type: "heading", level }
      }
      return kind.type === "literal" && empty ? PARAGRAPH : kind
    }
    const { numbered } = kind
    const depth = Math.min(kind.depth, this.open.length, LIST_DEPTH - 1)
    const goesOn = this.open[depth] === numbered
    this.open = [...this.open.slice(0, depth), numbered]
    const first = kind.begins === null ? null : numbered ? Math.min(kind.begins, LIST_NUMBER) : 1
    const begins = goesOn || first !== 1 ? first : null
    return { type: "item", numbered, depth, begins }
  }
}

/** The one form of a whole body. */
export function formed(blocks: readonly Block[]): Block[] {
  const form = new Form()
  return blocks.map((block) => {
    const runs = merged(block.kind.type === "literal" ? block.runs.map((r) => ({ ...r, marks: PLAIN })) : block.runs)
    return { kind: form.next(block.kind, runs.length === 0), runs }
  })
}

/** Runs without empty ones and without equal neighbours. */
export function merged(runs: readonly Run[]): Run[] {
  const out: Run[] = []
  for (const run of runs) {
    const last = out.at(-1)
    if (run.text === "") continue
    const text = wellFormed(run.text)
    if (last !== undefined && sameMarks(last.marks, run.marks)) {
      out[out.length - 1] = { text: wellFormed(last.text + text), marks: last.marks }
    } else {
      out.push({ text, marks: run.marks })
    }
  }
  return out
}

/** Text as Automerge and Markdown can hold it, of the same length: no lone surrogates, no U+0000. */
export function wellFormed(text: string): string {
  const whole = text.toWellFormed()
  return whole.includes("\0") ? whole.replaceAll("\0", "\uFFFD") : whole
}
