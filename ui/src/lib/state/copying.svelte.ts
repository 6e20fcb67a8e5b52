import { HostError } from "@/lib/host/error"
import type { Host } from "@/lib/host/host"

/** Copies, and tells whether it went well. */
export class Copying {
  /** What was copied last. */
  last = $state.raw<string>()
  error = $state.raw<HostError>()

  constructor(private readonly host: Pick<Host, "copy">) {}

  async copy(text: string): Promise<void> {
    try {
      await this.host.copy(text)
      this.last = text
      this.error = undefined
    } catch (thrown) {
      this.error = HostError.of(thrown)
    }
  }

  /** The failure has been read. */
  readonly dismiss = (): void => {
    this.error = undefined
  }
}
