/**
 * A title on its way to the laptop: sent after a pause, at once on request, one at a time, the last one wins.
 */
import type { Timers } from "@snug/binding"

/** How long nothing is typed before the title is sent, in milliseconds. */
export const PAUSE_MS = 800

export interface RenamingOptions {
  readonly send: (title: string) => Promise<unknown>
  readonly timers: Timers
  /** Hears why it couldn't be sent, or that it was. */
  readonly onResult: (error: unknown) => void
}

export class Renaming {
  private wanted: string | null = null
  private flying = false
  private running: Promise<boolean> | null = null
  private timer: unknown = null

  constructor(private readonly options: RenamingOptions) {}

  /** True while there is a title that the laptop doesn't have. */
  get waits(): boolean {
    return this.wanted !== null || this.flying
  }

  type(title: string): void {
    const { timers } = this.options
    this.wanted = title
    timers.clear(this.timer)
    this.timer = timers.set(() => void this.settle(), PAUSE_MS)
  }

  /** What is typed isn't to be sent after all. */
  forget(): void {
    this.options.timers.clear(this.timer)
    this.wanted = null
  }

  /** Sends what waits, at once. Resolves with true when it is durable. */
  settle(): Promise<boolean> {
    this.options.timers.clear(this.timer)
    if (this.running === null && this.wanted === null) return Promise.resolve(true)
    this.running ??= this.run()
    return this.running
  }

  private async run(): Promise<boolean> {
    let durable = true
    while (this.wanted !== null) {
      const title = this.wanted
      this.wanted = null
      durable = await this.send(title)
    }
    // Before anybody can ask for more.
    this.running = null
    return durable
  }

  private async send(title: string): Promise<boolean> {
    let failed: unknown = null
    this.flying = true
    try {
      await this.options.send(title)
    } catch (error) {
      failed = error
    }
    this.flying = false
    this.options.onResult(failed)
    return failed === null
  }
}
