/**
 * Words that couldn't be written before their note was closed: kept in memory until it is opened again. When the laptop
 * is locked, the page goes, and they with it.
 */
import type { Left } from "@snug/binding"

/** A note of one circle: a member of two can give a note in the second the id of one in the first. */
interface Where {
  readonly circle: string
  readonly note: string
}

const kept = new Map<string, Left>()
const key = ({ circle, note }: Where): string => `${circle}/${note}`

export function keepUnsaved(where: Where, left: Left): void {
  kept.set(key(where), left)
}

export function unsavedOf(where: Where): Left | null {
  return kept.get(key(where)) ?? null
}

export function dropUnsaved(where: Where): void {
  kept.delete(key(where))
}
