/** A core for tests: one note, which lines open, write to, and hear of. */
import * as Automerge from "@automerge/automerge/slim"
import { emptyNote } from "../../packages/binding/test/harness.js"
import type { Host, NoteListener } from "@/lib/host/host"

type Backend = ReturnType<typeof Automerge.getBackend>

interface OpenLine {
  readonly actor: string
  readonly listener: NoteListener
}

export class FakeCore implements Pick<Host, "openNote"> {
  private readonly doc = Automerge.getBackend(Automerge.load(emptyNote(), { actor: "cc".repeat(16) }))
  private readonly lines = new Set<OpenLine>()
  /** Every write that came, in its order. */
  readonly writes: Uint8Array[][] = []
  /** How many times the note was opened. */
  opened = 0
  closed = 0
  /** What happens to a write before it is durable; a rejection refuses it. */
  before: () => Promise<void> = () => Promise.resolve()
  /** What happens after that, before it is answered. */
  after: () => Promise<void> = () => Promise.resolve()
  refuseToOpen: Error | null = null

  openNote: Host["openNote"] = (_circle, _note, listener) => {
    this.opened += 1
    if (this.refuseToOpen !== null) return Promise.reject(this.refuseToOpen)
    const taken = new Set([...this.lines].map((line) => line.actor))
    let replica = 1
    while (taken.has(actorOf(replica))) replica += 1
    const line: OpenLine = { actor: actorOf(replica), listener }
    this.lines.add(line)
    return Promise.resolve({
      actor: line.actor,
      bytes: this.doc.save(),
      write: async (changes: Uint8Array[]) => {
        this.writes.push(changes)
        await this.before()
        if (!this.lines.has(line)) throw new Error("this line has ended")
        this.take(changes, line)
        await this.after()
      },
      close: () => {
        this.closed += 1
        this.lines.delete(line)
        return Promise.resolve()
      },
    })
  }

  get listeners(): NoteListener[] {
    return [...this.lines].map((line) => line.listener)
  }

  /** Ends all lines. */
  end(reason: "lagged" | "refused" | "closed"): void {
    for (const line of [...this.lines]) {
      this.lines.delete(line)
      line.listener.ended(reason)
    }
  }

  /** Somebody else writes. */
  write(edit: (doc: Backend, body: string) => void): void {
    const other = Automerge.getBackend(Automerge.load(this.doc.save(), { actor: "dd".repeat(16) }))
    const [, body] = other.getWithType("_root", "body") as [string, string]
    edit(other, body)
    other.commit(null, 0)
    const change = other.getLastLocalChange()
    if (change !== null) this.take([change], null)
  }

  get text(): string {
    const [, body] = this.doc.getWithType("_root", "body") as [string, string]
    return this.doc.text(body)
  }

  private take(changes: Uint8Array[], from: OpenLine | null): void {
    // As the core does: a number of an actor comes once, and the next after it.
    const had = this.doc.getChanges([]).length
    this.doc.applyChanges(changes)
    if (this.doc.getChanges([]).length !== had + changes.length) throw new Error("these changes came before, or out of turn")
    for (const line of this.lines) if (line !== from) line.listener.changes(changes)
  }
}

function actorOf(replica: number): string {
  return replica.toString(16).padStart(32, "0")
}
