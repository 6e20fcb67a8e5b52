/**
 * The one Chromium, and its profiles. A test has a profile for itself while it runs; the next one takes it over, since
 * what it has compiled needn't be compiled again. Nothing is ever kept in one: tests see to that.
 */
import { type Browser, type BrowserContext, chromium } from "playwright-core"
import { inject } from "vitest"
import { AXE } from "./checks/axe"
import type { Place } from "./setup"

/** True where there is a browser; without one the set-up has said so. */
export const isHere = inject("place") !== null

export function place(): Place {
  const found = inject("place")
  if (found === null) throw new Error("no chromium here")
  return found
}

const idle: BrowserContext[] = []
let connected: Promise<Browser> | undefined

/** A profile that nobody else has. */
export async function takeProfile(): Promise<BrowserContext> {
  connected ??= chromium.connect(place().browser)
  const known = idle.pop()
  if (known !== undefined) return known
  const profile = await (await connected).newContext({ locale: "en", timezoneId: "Europe/Budapest" })
  await profile.addInitScript({ content: AXE })
  return profile
}

export function giveBack(profile: BrowserContext): void {
  idle.push(profile)
}
