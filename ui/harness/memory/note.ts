/** A note of the harness: a real document, and the windows that have it open. */
import type { Block, Run } from "@/lib/api/generated/views"
import { HostError } from "@/lib/host/error"
import type { NoteListener, OpenNote } from "@/lib/host/host"
import { type Backend, actorOf, newDocument } from "./automerge"
import * as markdown from "./markdown"

interface Session {
  readonly actor: string
  readonly listener: NoteListener
}

const ACTOR_DIGITS = 32

export class MemoryNote {
  readonly #doc: Backend
  readonly #sessions = new Set<Session>()
  away = false
  changed: number

  constructor(
    readonly id: string,
    title: string,
    body: string,
    now: number,
    /** Something of it changed, here or elsewhere. */
    private readonly told: (note: MemoryNote) => void,
  ) {
    this.#doc = newDocument("cc".repeat(ACTOR_DIGITS / 2))
    this.#doc.put("_root", "title", title, "str")
    this.#doc.putObject("_root", "body", "")
    this.#write(markdown.read(body))
    this.#doc.commit(null, Math.floor(now / 1000))
    this.changed = now
  }

  get title(): string {
    const title = this.#doc.get("_root", "title")
    return typeof title === "string" && title !== "" ? title : "Untitled"
  }

  get blocks(): Block[] {
    const blocks: Block[] = []
    for (const span of this.#doc.spans("/body")) {
      if (span.type === "block") blocks.push(blockOf(span.value))
      else {
        if (blocks.length === 0) blocks.push({ kind: "paragraph", runs: [] })
        blocks.at(-1)?.runs.push(runOf(span.value, span.marks ?? {}))
      }
    }
    return blocks
  }

  get markdown(): string {
    return markdown.write(this.blocks)
  }

  get text(): string {
    return this.blocks.map((block) => block.runs.map((run) => run.text).join("")).join("\n")
  }

  rename(title: string): void {
    this.#edit((doc) => doc.put("_root", "title", title, "str"))
  }

  replace(body: string): void {
    this.#edit((doc) => {
      doc.splice("/body", 0, doc.length("/body"))
      this.#write(markdown.read(body))
    })
  }

  /** A last paragraph for each line, as a person at another laptop or the command line writes one. */
  append(text: string): void {
    this.#edit((doc) => {
      for (const line of text.split("\n")) {
        doc.splitBlock("/body", doc.length("/body"), { type: "paragraph" })
        doc.splice("/body", doc.length("/body"), 0, line)
      }
    })
  }

  /** Types into the text of the body, at a place that counts block markers as one. */
  type(at: number, text: string): void {
    this.#edit((doc) => doc.splice("/body", Math.min(at, doc.length("/body")), 0, text))
  }

  /** Takes out what stands at a place, markers counted as one. */
  take(at: number, length: number): void {
    this.#edit((doc) => doc.splice("/body", at, length))
  }

  /** Ends every window's session, as a core does that can't keep up or goes. */
  end(reason: "lagged" | "refused" | "closed"): void {
    for (const session of this.#sessions) this.#end(session, reason)
  }

  open(listener: NoteListener, failing: () => HostError | undefined): OpenNote {
    const taken = new Set([...this.#sessions].map((session) => session.actor))
    let replica = 1
    const minted = (): string => `ab${replica.toString(16).padStart(ACTOR_DIGITS - 2, "0")}`
    while (taken.has(minted())) replica++
    const session: Session = { actor: minted(), listener }
    this.#sessions.add(session)
    return {
      actor: session.actor,
      bytes: this.#doc.save(),
      write: async (changes) => {
        await Promise.resolve()
        const failure = failing()
        if (failure) throw failure
        if (!this.#sessions.has(session)) throw new HostError("closing", "the note is closed")
        if (changes.some((change) => actorOf(change) !== session.actor)) {
          this.#end(session, "refused")
          throw new HostError("internal", "a change of somebody else")
        }
        this.#doc.applyChanges(changes)
        this.#changed(changes, session)
      },
      close: () => {
        this.#sessions.delete(session)
        return Promise.resolve()
      },
    }
  }

  #edit(edit: (doc: Backend) => void): void {
    const before = this.#doc.getHeads()
    edit(this.#doc)
    this.#doc.commit(null, Math.floor(Date.now() / 1000))
    const changes = this.#doc.getChanges(before)
    if (changes.length > 0) this.#changed(changes)
  }

  #changed(changes: Uint8Array[], but?: Session): void {
    this.changed = Date.now()
    for (const session of this.#sessions) {
      if (session !== but) setTimeout(() => session.listener.changes(changes))
    }
    this.told(this)
  }

  #end(session: Session, reason: "lagged" | "refused" | "closed"): void {
    this.#sessions.delete(session)
    setTimeout(() => session.listener.ended(reason))
  }

  #write(blocks: readonly Block[]): void {
    const doc = this.#doc
    const marks: (() => void)[] = []
    for (const block of blocks) {
      doc.splitBlock("/body", doc.length("/body"), marker(block))
      for (const run of block.runs) {
        const start = doc.length("/body")
        doc.splice("/body", start, 0, run.text)
        const end = start + run.text.length
        marks.push(() => {
          if (run.strong) doc.mark("/body", { start, end, expand: "after" }, "strong", true)
          if (run.em) doc.mark("/body", { start, end, expand: "after" }, "em", true)
          if (run.link !== undefined) doc.mark("/body", { start, end, expand: "none" }, "link", run.link)
        })
      }
    }
    // When all the text is there: a mark grows over what is written after it.
    for (const mark of marks) mark()
  }
}

function marker(block: Block): Record<string, string | number> {
  switch (block.kind) {
    case "heading":
      return { type: "heading", level: block.level }
    case "item":
      return {
        type: block.numbered ? "ordered-list-item" : "unordered-list-item",
        ...(block.depth > 0 ? { depth: block.depth } : {}),
      }
    case "literal":
      return { type: "markdown" }
    case "paragraph":
      return { type: "paragraph" }
  }
}

function blockOf(marker: Record<string, unknown>): Block {
  // The editor writes numbers, which are objects here.
  const number = (key: string, other: number): number => (marker[key] === undefined ? other : Number(marker[key]))
  // The editor writes plain strings, which are objects here.
  const type = String(marker.type)
  if (type === "heading") return { kind: "heading", level: number("level", 1), runs: [] }
  if (type === "unordered-list-item" || type === "ordered-list-item") {
    return { kind: "item", numbered: type === "ordered-list-item", depth: number("depth", 0), runs: [] }
  }
  return type === "markdown" ? { kind: "literal", runs: [] } : { kind: "paragraph", runs: [] }
}

function runOf(text: string, marks: Record<string, unknown>): Run {
  return {
    text,
    ...(marks.strong === true ? { strong: true } : {}),
    ...(marks.em === true ? { em: true } : {}),
    ...(typeof marks.link === "string" ? { link: marks.link } : {}),
  }
}
