/** A screen or dialog, as it is described once for everything that looks at all of them. */
import type { Locator } from "playwright-core"
import type { MemoryHost } from "../../memory/host"
import { type Look, Stage } from "../stage"

export const READERS = "Five who read"
export const PAIR = "Two of us"
export const NOTE = "What we read next"
export const EVENING = "Reading evening"

/** Where to go first, with circles, notes and gatherings by their names. */
export type Way =
  | { readonly to: "circle" | "notes" | "gatherings" | "people"; readonly circle: string }
  | { readonly to: "note"; readonly circle: string; readonly note: string }
  | { readonly to: "gathering"; readonly circle: string; readonly plan: string }
  | { readonly to: "settings"; readonly section: "you" | "privacy" | "appearance" | "language" }

export interface Screen {
  readonly name: string
  /** What is on the laptop; two circles with people, notes and gatherings if nothing else is said. */
  readonly scene?: "fresh" | "locked" | "empty" | "damaged"
  /** What happens there before somebody looks. It runs in the page and knows nothing of this file. */
  readonly world?: (host: MemoryHost) => void
  readonly way?: Way
  /** What somebody does to get there. */
  readonly reach?: (at: Stage) => Promise<void>
  /** What tells that it is shown. */
  readonly shows: (at: Stage) => Locator
}

/** Opens a window on a screen for the time of a test, and waits until it is shown. */
export async function show(screen: Screen, look: Partial<Look>, test: Parameters<Stage["during"]>[0]): Promise<Stage> {
  const at = (await Stage.enter(screen.scene ?? "home", look)).during(test)
  await walkTo(screen, at)
  return at
}

/** Goes to a screen in a window that has just opened on its scene. */
export async function walkTo(screen: Screen, at: Stage): Promise<void> {
  if (screen.world) await at.world(screen.world)
  if (screen.way) await at.go(screen.way)
  await screen.reach?.(at)
  await screen.shows(at).first().waitFor()
  await at.settle()
}
