/**
 * Words that couldn't be written before their note was closed: kept in memory until it is opened again. When the laptop
 * is locked, the page goes, and they with it.
 */
import type { Left } from "@snug/binding"

const kept = new Map<string, Left>()

export function keepUnsaved(note: string, left: Left): void {
  kept.set(note, left)
}

export function unsavedOf(note: string): Left | null {
  return kept.get(note) ?? null
}

export function dropUnsaved(note: string): void {
  kept.delete(note)
}
