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

/** By their note. */
class Kept<T> {
  private readonly words = new Map<string, T>()

  keep({ circle, note }: Where, words: T): void {
    this.words.set(`${circle}/${note}`, words)
  }

  of({ circle, note }: Where): T | null {
    return this.words.get(`${circle}/${note}`) ?? null
  }

  drop({ circle, note }: Where): void {
    this.words.delete(`${circle}/${note}`)
  }
}

/** What an editor couldn't write. */
export const unsaved = new Kept<Left>()
/** What couldn't be added to the end of a note that is shown as plain text. */
export const unadded = new Kept<string>()

/** Keeps them after what waits already. */
export function keepUnadded(where: Where, words: string): void {
  const before = unadded.of(where)
  unadded.keep(where, before === null ? words : `${before}\n\n${words}`)
}
