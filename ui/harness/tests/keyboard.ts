/** Hands that never touch a mouse. */
import type { Locator } from "playwright-core"
import type { Stage } from "./stage"

/** More than any screen has. */
const STOPS = 80

/** Presses Tab until something has the focus. */
export async function tabTo(at: Stage, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await target.first().waitFor()
  for (let stop = 0; stop < STOPS; stop++) {
    if (await isFocused(target)) return
    await at.page.keyboard.press(key)
  }
  throw new Error(`${key} never reaches ${target.toString()}`)
}

export function isFocused(target: Locator): Promise<boolean> {
  return target.first().evaluate((element) => element === document.activeElement)
}

/** Goes there and presses it. */
export async function press(at: Stage, target: Locator, key = "Enter"): Promise<void> {
  await tabTo(at, target)
  await at.page.keyboard.press(key)
}

export async function type(at: Stage, target: Locator, words: string): Promise<void> {
  await tabTo(at, target)
  await at.page.keyboard.type(words)
}
