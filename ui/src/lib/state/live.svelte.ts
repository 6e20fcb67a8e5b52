import type { Event, Host } from "@/lib/host/host"
import { HostError } from "@/lib/host/error"
import { calm } from "./calm"

/** An answer of the laptop that stays true: it is asked for anew when an event says that it may have changed. */
export interface Live<T> {
  readonly value: T | undefined
  readonly error: HostError | undefined
  reload(): Promise<void>
}

/**
 * Call it while a component is made. `load` may read state: it is run again when that changes, and `touches` tells which
 * events it must be run again for. An older answer never replaces a newer one; a failure leaves the value as it was.
 */
export function live<T>(host: Host, load: () => Promise<T>, touches: (event: Event) => boolean): Live<T> {
  let value = $state.raw<T>()
  let error = $state.raw<HostError>()
  let asked = 0

  const take = async (loading: Promise<T>): Promise<void> => {
    const turn = ++asked
    try {
      const answer = await loading
      if (turn !== asked) return
      value = answer
      error = undefined
    } catch (thrown) {
      if (turn === asked) error = HostError.of(thrown)
    }
  }
  const reload = (): Promise<void> => take(load())

  $effect(() => {
    void take(load())
  })
  $effect(() => {
    const calmly = calm(() => void reload())
    const stop = host.events((event) => {
      if (event.event === "missed" || touches(event)) calmly.heard()
    })
    return () => {
      stop()
      calmly.stop()
      asked++
    }
  })

  return {
    get value() {
      return value
    },
    get error() {
      return error
    },
    reload,
  }
}
