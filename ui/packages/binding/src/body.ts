/**
 * The body of a note in Automerge: the only file that calls its low-level interface.
 *
 * The root map holds `body`, one text with block markers (maps inside the text) and marks. Reading is total: a marker
 * of an unknown type is a paragraph, keys that are missing or of the wrong type are left out, unknown marks are no
 * marks, and all of them stay as they are. Writing touches only what is asked for.
 *
 * Places count as in `place.ts`: a first block without a marker (an empty body has none) counts as if it had one. The
 * marker is made when an edit needs it.
 */
import * as Automerge from "@automerge/automerge/slim"
import { type Block, Form, type Kind, type Marks, PARAGRAPH, type Run, sameKind } from "./flat.js"
import { type Hunk, Hunks } from "./hunks.js"
import { EXPAND, KEYS, type MarkName, kindOf, marksOf, words } from "./words.js"

type Backend = ReturnType<typeof Automerge.getBackend>

/** Operations in one change; an entry of the protocol holds many more, of any kind. */
const OPS = 100_000
/** UTF-16 units of text that one operation inserts or deletes. */
const UNITS = 60_000

/** Nobody's id: a document that is only looked at writes nothing. */
export const NOBODY = "0".repeat(32)

/** Text that a local edit inserted, with the marks that Automerge gave it. */
export interface Inserted {
  readonly at: number
  readonly length: number
  readonly marks: Marks
}

export class Body {
  private readonly doc: Automerge.Doc<Record<string, unknown>>
  private readonly backend: Backend
  private text: string | null = null
  /** True if the first block has no marker. */
  private bare = true
  /** What the markers say, one for each block; null for a marker that says nothing yet. */
  private raws: (Kind | null)[] = []
  private made: Uint8Array[] = []
  private wasBare = true

  constructor(
    from: Uint8Array | Automerge.Doc<Record<string, unknown>>,
    actor: string,
    /** The time of changes, in seconds since 1970. */
    private readonly now: () => number,
  ) {
    this.doc = from instanceof Uint8Array ? Automerge.load(from, { actor }) : Automerge.clone(from, { actor })
    this.backend = Automerge.getBackend(this.doc)
    this.backend.updateDiffCursor()
  }

  /** The blocks as they will stand with these changes of others, which aren't taken yet, and what will have come and gone. */
  foresee(changes: readonly Uint8Array[]): { blocks: Block[]; hunks: Hunk[] | null } {
    const copy = new Body(this.doc, NOBODY, this.now)
    try {
      copy.bare = this.bare
      copy.apply(changes)
      return { blocks: copy.read(), hunks: copy.cameAndWent() }
    } finally {
      copy.free()
    }
  }

  /** True once the change that creates the note is here. */
  get here(): boolean {
    return this.text !== null
  }

  get heads(): string[] {
    return this.backend.getHeads()
  }

  save(): Uint8Array {
    return this.backend.save()
  }

  free(): void {
    Automerge.free(this.doc)
  }

  /**
   * Takes changes of others. Those that can't be read are left out, and returned. Read the blocks anew, and then ask
   * what came where.
   */
  apply(changes: readonly Uint8Array[]): Uint8Array[] {
    const refused: Uint8Array[] = []
    this.wasBare = this.bare
    try {
      this.backend.applyChanges([...changes])
    } catch {
      for (const change of changes) {
        try {
          this.backend.applyChanges([change])
        } catch {
          refused.push(change)
        }
      }
    }
    return refused
  }

  /** Where others' changes put or took something; none if that can't be told. */
  cameAndWent(): Hunk[] | null {
    const hunks = new Hunks()
    // Where the first block got its marker, the places before and after don't count alike.
    let told = this.wasBare === this.bare
    for (const patch of this.backend.diffIncremental()) {
      const [key, at, ...deeper] = patch.path
      if (key !== "body" || deeper.length > 0) continue
      if (typeof at !== "number") told &&= patch.action === "mark" || patch.action === "unmark"
      else if (patch.action === "splice") hunks.edit(at, 0, patch.value.length)
      else if (patch.action === "insert") hunks.edit(at, 0, patch.values.length)
      else if (patch.action === "del") hunks.edit(at, patch.length ?? 1, 0)
      else told &&= patch.action === "conflict"
    }
    return told ? hunks.list(this.bare ? 1 : 0) : null
  }

  /** Reads the blocks anew, as they stand, not yet in form. */
  read(): Block[] {
    const found = this.backend.getWithType("_root", "body")
    this.text = found?.[0] === "text" ? found[1] : null
    this.raws = []
    this.bare = true
    const blocks: { kind: Kind; runs: Run[] }[] = []
    if (this.text === null) return blocks
    let at = 0
    for (const span of this.backend.spans(this.text)) {
      if (span.type === "block") {
        const kind = kindOf(span.value, (key) => this.typeOf(at, key))
        if (at === 0) this.bare = false
        this.raws.push(kind)
        blocks.push({ kind, runs: [] })
        at += 1
        continue
      }
      if (blocks.length === 0) {
        this.raws.push(PARAGRAPH)
        blocks.push({ kind: PARAGRAPH, runs: [] })
      }
      blocks.at(-1)?.runs.push({ text: span.value, marks: marksOf(span.marks) })
      at += span.value.length
    }
    // An empty body shows as one block.
    if (blocks.length === 0) this.raws.push(PARAGRAPH)
    return blocks
  }

  private typeOf(at: number, key: string): string | undefined {
    const marker = this.marker(at)
    return marker === null ? undefined : this.backend.getWithType(marker, key)?.[0]
  }

  private marker(at: number): string | null {
    const found = this.text === null ? null : this.backend.getWithType(this.text, at)
    return found?.[0] === "map" ? found[1] : null
  }

  /** Puts a stretch of the flat body in the place of another. `block` counts the markers before `at`. */
  replace(at: number, block: number, gone: string, comes: string): void {
    if (this.text === null || (gone === "" && comes === "")) return
    // What touches the marker that isn't there needs it; so does the first text of an empty body.
    if (this.bare && (at === 0 || this.backend.length(this.text) === 0)) this.makeMarker()
    const start = at - (this.bare ? 1 : 0)
    for (const stretch of stretches(gone)) {
      if (stretch === "\0") this.backend.delete(this.text, start)
      else for (const piece of pieces(stretch)) this.backend.splice(this.text, start, piece.length, "")
      this.room()
    }
    let to = start
    const markers: null[] = []
    for (const stretch of stretches(comes)) {
      if (stretch === "\0") {
        this.backend.insertObject(this.text, to, {})
        markers.push(null)
        to += 1
        this.room()
        continue
      }
      for (const piece of pieces(stretch)) {
        this.backend.splice(this.text, to, 0, piece.toWellFormed())
        to += piece.length
        this.room()
      }
    }
    this.raws.splice(block, count(gone), ...markers)
  }

  /** Makes the markers say what the blocks are, where they don't. */
  setKinds(kinds: readonly Kind[], placeOfMarker: (block: number) => number, empty: (block: number) => boolean): void {
    const form = new Form()
    kinds.forEach((kind, block) => {
      const raw = this.raws[block] ?? null
      // What a marker says means something after the blocks before it, which are right by now.
      const right = raw !== null && sameKind(form.peek(raw, empty(block)), kind)
      form.next(kind, empty(block))
      if (right) return
      this.setKind(placeOfMarker(block), raw, kind)
      this.raws[block] = kind
    })
  }

  private setKind(place: number, raw: Kind | null, kind: Kind): void {
    if (this.text === null) return
    if (this.bare && place === 0) this.makeMarker()
    const marker = this.marker(place - (this.bare ? 1 : 0))
    if (marker === null) return
    const [old, wanted] = [raw === null ? null : words(raw), words(kind)]
    KEYS.forEach((key, i) => {
      const value = wanted[i] ?? null
      if (old !== null && (old[i] ?? null) === value) return
      if (typeof value === "string") this.backend.put(marker, key, value, "str")
      else if (value !== null) this.backend.put(marker, key, value, "uint")
      else if (raw !== null && this.backend.getWithType(marker, key) !== null) this.backend.delete(marker, key)
    })
    this.room()
  }

  private makeMarker(): void {
    if (this.text === null) return
    const marker = this.backend.insertObject(this.text, 0, {})
    this.backend.put(marker, "type", "paragraph", "str")
    this.bare = false
  }

  /** Gives a stretch a mark, or takes it away. */
  setMark(name: MarkName, value: true | string | null, from: number, to: number): void {
    if (this.text === null || from >= to) return
    const shift = this.bare ? 1 : 0
    const range = { start: from - shift, end: to - shift, expand: EXPAND[name] }
    if (value === null) this.backend.unmark(this.text, range, name)
    else this.backend.mark(this.text, range, name, value, value === true ? "boolean" : "str")
    this.room()
  }

  /** Text that was inserted since the last call, with the marks that it got there. */
  inserted(): Inserted[] {
    this.commit()
    const shift = this.bare ? 1 : 0
    const inserted: Inserted[] = []
    for (const patch of this.backend.diffIncremental()) {
      const [key, at, ...deeper] = patch.path
      if (patch.action === "splice" && key === "body" && typeof at === "number" && deeper.length === 0) {
        inserted.push({ at: at + shift, length: patch.value.length, marks: marksOf(patch.marks) })
      }
    }
    return inserted
  }

  private room(): void {
    if (this.backend.pendingOps() >= OPS) this.commit()
  }

  private commit(): void {
    if (this.backend.pendingOps() === 0) return
    const hash = this.backend.commit(null, this.now())
    const change = hash === null ? null : this.backend.getLastLocalChange()
    if (change !== null) this.made.push(change)
  }

  /** The raw changes made since the last call, in their order. */
  take(): Uint8Array[] {
    this.commit()
    this.backend.updateDiffCursor()
    const made = this.made
    this.made = []
    return made
  }

  /** Holds on to a place, between two characters, while others edit. Returns where it is by then. */
  hold(place: number): () => number {
    const text = this.text
    // It stays with what stands before it, so that one's own words stay together.
    const element = place - 1 - (this.bare ? 1 : 0)
    if (text === null || element < 0) return () => place
    const cursor = this.backend.getCursor(text, element, undefined, "before")
    return () => {
      if (text !== this.text) return place
      return this.backend.getCursorPosition(text, cursor) + 1 + (this.bare ? 1 : 0)
    }
  }
}

/** Markers, each by itself, and the text between them. */
function stretches(tokens: string): string[] {
  return tokens === "" ? [] : (tokens.match(/\0|[^\0]+/g) ?? [])
}

function count(tokens: string): number {
  let found = 0
  for (let at = tokens.indexOf("\0"); at >= 0; at = tokens.indexOf("\0", at + 1)) found += 1
  return found
}

/** A text in pieces that one operation takes, none of which ends inside a character. */
function* pieces(text: string): Generator<string> {
  let from = 0
  while (from < text.length) {
    let to = Math.min(from + UNITS, text.length)
    if (to < text.length && /[\uD800-\uDBFF]/.test(text.charAt(to - 1))) to -= 1
    yield text.slice(from, to)
    from = to
  }
}
