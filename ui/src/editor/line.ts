/**
 * One way to the core and back, from when a note is opened there until it ends, and the replica at its end.
 *
 * ```text
 * openLine ──▶ the document's bytes; others' changes wait here ──bind──▶ a replica that takes them, an outbox that writes
 * ```
 */
import { type NoteReplica, type Timers, open } from "@snug/binding"
import type { Host } from "@/lib/host/host"
import { Outbox } from "./outbox"

type OpenedNote = Awaited<ReturnType<Host["openNote"]>>

/** Why a line is of no use any more. */
export type Ended = "lagged" | "refused" | "closed" | "broken"

/** A line that ended by itself. */
export class LineEnded extends Error {
  constructor(readonly reason: Ended) {
    super(`the note's line ended: ${reason}`)
    this.name = "LineEnded"
  }
}

export interface LineListener {
  ended(line: Line, reason: Ended): void
  /** Everything typed is durable, or isn't. */
  saved(line: Line, saved: boolean): void
  /** A write failed; nothing is written on this line any more. */
  stopped(line: Line, error: unknown): void
}

export interface LineOptions {
  readonly host: Pick<Host, "openNote">
  readonly circle: string
  readonly note: string
  readonly timers: Timers
  readonly now: () => number
}

export class Line {
  ended: Ended | null = null
  private opened: OpenedNote | null = null
  private bound: { replica: NoteReplica; outbox: Outbox } | null = null
  private early: Uint8Array[] = []
  private hung = false

  constructor(
    private readonly options: LineOptions,
    private readonly listener: LineListener,
  ) {}

  /** @throws what the host answers */
  async open(): Promise<void> {
    const { host, circle, note } = this.options
    this.opened = await host.openNote(circle, note, {
      changes: (changes) => {
        if (this.hung) return
        if (this.bound === null) this.early.push(...changes)
        else this.bound.replica.applyRemote(changes)
      },
      ended: (reason) => {
        this.end(reason)
      },
    })
  }

  /** The document as it came. */
  get bytes(): Uint8Array {
    return this.opened?.bytes ?? new Uint8Array()
  }

  /** @throws if what came isn't a document */
  bind(): NoteReplica {
    const { opened, options, listener } = this
    if (opened === null) throw new LineEnded("closed")
    const { timers, now } = options
    const replica = open(opened.bytes, opened.actor, {
      now,
      timers,
      // Whatever it is, the core's document is whole.
      onFault: () => {
        this.end("broken")
      },
    })
    const outbox = new Outbox({
      write: (changes) => opened.write(changes),
      timers,
      now,
      onEmpty: (empty) => {
        listener.saved(this, empty)
      },
      onStopped: (error) => {
        listener.stopped(this, error)
      },
    })
    replica.onLocal((changes) => {
      outbox.add(changes)
    })
    this.bound = { replica, outbox }
    return replica
  }

  /** Lets the changes in that came before the replica was shown. */
  begin(): void {
    this.bound?.replica.applyRemote(this.early.splice(0))
  }

  get replica(): NoteReplica | null {
    return this.bound?.replica ?? null
  }

  get outbox(): Outbox | null {
    return this.bound?.outbox ?? null
  }

  private end(reason: Ended): void {
    if (this.ended !== null || this.hung) return
    this.ended = reason
    this.listener.ended(this, reason)
  }

  /** Takes and writes nothing more; what couldn't be written can be asked for. */
  stop(): void {
    if (this.hung) return
    this.hung = true
    this.bound?.outbox.stop()
    this.bound?.replica.detach()
    // One that ended by itself is gone there already.
    this.opened?.close().catch(() => undefined)
  }

  /** Ends it from this side. */
  hangUp(): void {
    this.stop()
    this.bound?.replica.destroy()
  }
}
