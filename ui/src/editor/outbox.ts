/**
 * What was typed and isn't durable yet.
 *
 * ```text
 * add ──▶ waiting ──at once, then every GAP_MS, one write at a time──▶ flying ──durable──▶ gone
 *                                                                          └──refused──▶ stopped, nothing dropped
 * ```
 */
import type { Timers } from "@snug/binding"

/** How far apart writes begin, in milliseconds: each becomes an entry of the circle, signed and sealed. */
export const GAP_MS = 150
/** The most in one write; the core takes 4096 changes and 900 KiB. */
export const BATCH = { changes: 1024, bytes: 512 << 10 }

export interface OutboxOptions {
  /** Resolves when the changes are durable. */
  readonly write: (changes: Uint8Array[]) => Promise<void>
  readonly timers: Timers
  readonly now: () => number
  /** Hears when it becomes empty, or isn't any more. */
  readonly onEmpty: (empty: boolean) => void
  /** Hears why nothing is written any more. */
  readonly onStopped: (error: unknown) => void
}

export class Outbox {
  private waiting: Uint8Array[] = []
  private flying: Uint8Array[] = []
  private timer: unknown = null
  private began = -Infinity
  private hurrying = false
  private stopped = false
  private listening: (() => void)[] = []

  constructor(private readonly options: OutboxOptions) {}

  /** True if everything is durable. */
  get empty(): boolean {
    return this.waiting.length + this.flying.length === 0
  }

  /** True while a write is under way. */
  get writing(): boolean {
    return this.flying.length > 0
  }

  /** All that may not be durable, in its order. */
  get unsaved(): Uint8Array[] {
    return [...this.flying, ...this.waiting]
  }

  add(changes: readonly Uint8Array[]): void {
    if (changes.length === 0) return
    const was = this.empty
    this.waiting.push(...changes)
    if (was) this.options.onEmpty(false)
    this.pump()
  }

  /** Writes what waits without waiting for more. */
  hurry(): void {
    this.hurrying = !this.empty
    this.pump()
  }

  /** Begins no further write. */
  stop(): void {
    this.stopped = true
    this.options.timers.clear(this.timer)
    this.timer = null
    this.tell()
  }

  /** Resolves when no write is under way. */
  async landed(): Promise<void> {
    while (this.flying.length > 0) await this.next()
  }

  /** Resolves with true when everything is durable, with false when it stopped before that. */
  async done(): Promise<boolean> {
    this.hurry()
    while (!this.empty && !(this.stopped && this.flying.length === 0)) await this.next()
    return this.empty
  }

  private next(): Promise<void> {
    return new Promise((resolve) => this.listening.push(resolve))
  }

  private tell(): void {
    for (const listener of this.listening.splice(0)) listener()
  }

  private pump(): void {
    if (this.stopped || this.flying.length > 0 || this.waiting.length === 0) return
    const early = this.hurrying ? 0 : this.began + GAP_MS - this.options.now()
    if (early > 0) {
      this.timer ??= this.options.timers.set(() => {
        this.timer = null
        this.pump()
      }, early)
      return
    }
    this.options.timers.clear(this.timer)
    this.timer = null
    this.began = this.options.now()
    this.flying = this.batch()
    // A host that throws instead of rejecting is answered alike.
    Promise.resolve(this.flying).then(this.options.write).then(
      () => {
        this.flying = []
        if (this.waiting.length === 0) this.hurrying = false
        if (this.empty) this.options.onEmpty(true)
        this.tell()
        this.pump()
      },
      (error: unknown) => {
        const first = !this.stopped
        this.waiting = this.unsaved
        this.flying = []
        this.stop()
        if (first) this.options.onStopped(error)
      },
    )
  }

  private batch(): Uint8Array[] {
    let bytes = 0
    let end = 0
    for (const change of this.waiting.slice(0, BATCH.changes)) {
      bytes += change.length
      if (end > 0 && bytes > BATCH.bytes) break
      end += 1
    }
    return this.waiting.splice(0, end)
  }
}
