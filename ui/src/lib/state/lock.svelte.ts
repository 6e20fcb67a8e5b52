/** Locking on request. If it can't be done, somebody must know before they walk away. */
import { HostError } from "@/lib/host/error"
import type { Host } from "@/lib/host/host"
import { settleWithin } from "./unwritten"

/** How long whoever locks the laptop is kept waiting at most, in milliseconds. */
const PATIENCE_MS = 2_000

let error = $state.raw<HostError>()

export const locking = {
  get error(): HostError | undefined {
    return error
  },
  forget(): void {
    error = undefined
  },
}

export async function lockUp(host: Host): Promise<void> {
  error = undefined
  // What was typed a moment ago is saved first.
  await settleWithin(PATIENCE_MS)
  try {
    await host.door.lock()
  } catch (thrown) {
    error = HostError.of(thrown)
  }
}
