/** A clock that moves every minute while something on screen reads it. */
import { createSubscriber } from "svelte/reactivity"

const MINUTE = 60_000

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, MINUTE)
  return () => {
    clearInterval(timer)
  }
})

export const now = {
  get minute(): number {
    subscribe()
    return Date.now()
  },
}
