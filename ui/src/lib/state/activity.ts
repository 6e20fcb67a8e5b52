/** Tells the host that somebody is at the keyboard, so that it locks only when nobody is. */
import type { Host } from "@/lib/host/host"

/** Often enough for a lock after one minute, seldom enough to cost nothing. */
const EVERY_MS = 10_000

export function watchActivity(host: Host): () => void {
  let last = -Infinity
  const heard = (event: Event): void => {
    if (event.timeStamp - last < EVERY_MS) return
    last = event.timeStamp
    host.active()
  }
  const kinds = ["keydown", "pointerdown", "pointermove", "wheel"] as const
  for (const kind of kinds) window.addEventListener(kind, heard, { capture: true, passive: true })
  return () => {
    for (const kind of kinds) window.removeEventListener(kind, heard, { capture: true })
  }
}
