/** Whether this laptop's Snug is new, locked or open. */
import { HostError } from "@/lib/host/error"
import type { DoorState, Host } from "@/lib/host/host"

let state = $state.raw<DoorState>()

export const door = {
  /** `undefined` until it is known. */
  get state(): DoorState | undefined {
    return state
  },
}

/**
 * Follows the door; returns how to stop. `closed` is called when an open door shuts: whatever the page still holds must
 * go.
 */
export function followDoor(host: Host, closed: () => void): () => void {
  const show = (next: DoorState): void => {
    const was = state
    state = next
    if (was?.state === "open" && next.state !== "open") closed()
  }
  const stop = host.door.follow(show)
  host.door.state().then(show, (thrown: unknown) => {
    const { code, message } = HostError.of(thrown)
    show({ state: "unusable", error: { code, message } })
  })
  return () => {
    stop()
    state = undefined
  }
}
