// Waiting for what must come: asked again and again, up to a deadline.

import { setTimeout as pause } from "node:timers/promises"

/** How long anything may take. Far more than it needs: a machine may be busy. */
export const PATIENCE_MS = 45_000

/** How often it is asked. */
const PACE_MS = 40

/** Waits until this gives something else than undefined and doesn't throw. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, patience = PATIENCE_MS): Promise<T> {
  const deadline = Date.now() + patience
  let last: unknown
  for (;;) {
    try {
      const got = await ask()
      if (got !== undefined) return got
      last = undefined
    } catch (error) {
      last = error
    }
    if (Date.now() > deadline) {
      throw new Error(`${what} didn't come within ${patience / 1000} s`, { cause: last })
    }
    await pause(PACE_MS)
  }
}

/** Waits until this is true. */
export async function untilTrue(what: string, ask: () => Promise<boolean>, patience = PATIENCE_MS): Promise<void> {
  await until(what, async () => ((await ask()) ? true : undefined), patience)
}
