/** Locking on request. If it can't be done, somebody must know before they walk away. */
import { HostError } from "@/lib/host/error"
import type { Host } from "@/lib/host/host"

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
  try {
    await host.door.lock()
  } catch (thrown) {
    error = HostError.of(thrown)
  }
}
