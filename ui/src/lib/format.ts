/** Times and lists in the chosen language. */
import { preferences } from "@/lib/state/preferences.svelte"
import { m } from "@/paraglide/messages"

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Dates are written as the words around them: "3 May" and "18:00" in this English. */
export function tongue(): string {
  return preferences.locale === "en" ? "en-GB" : preferences.locale
}

/** Formatters cost more than what they format; there are few, one for each language and use. */
const kept = new Map<string, Intl.DateTimeFormat>()

export function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = tongue() + JSON.stringify(options)
  let format = kept.get(key)
  if (format === undefined) {
    format = new Intl.DateTimeFormat(tongue(), options)
    kept.set(key, format)
  }
  return format
}

/** The last and, before 1970, the first millisecond that a page can write. Somebody else's clock may say any number. */
const LAST = 8.64e15

/** True if a calendar has this time. */
export function inCalendar(at: number): boolean {
  return Math.abs(at) <= LAST
}

/** "Sunday, 3 May 2026 at 18:00". */
export function exactTime(at: number): string {
  if (!inCalendar(at)) return m.shell_no_calendar()
  return dateFormat({ dateStyle: "full", timeStyle: "short" }).format(at)
}

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0)

/** "just now", "5 minutes ago", "yesterday", "Tuesday", "3 May": as one would say it. */
export function relativeTime(at: number, now: number): string {
  if (!inCalendar(at)) return m.shell_no_calendar()
  const past = now - at
  const relative = new Intl.RelativeTimeFormat(preferences.locale, { numeric: "auto" })
  // Clocks differ a little; nobody writes in the future.
  if (past < MINUTE && past > -5 * MINUTE) return m.shell_just_now()
  if (past > 0 && past < HOUR) return relative.format(-Math.floor(past / MINUTE), "minute")
  const days = Math.round((midnight(now) - midnight(at)) / DAY)
  if (days === 0) return past > 0 ? relative.format(-Math.floor(past / HOUR), "hour") : relative.format(Math.ceil(-past / HOUR), "hour")
  if (Math.abs(days) === 1) return relative.format(-days, "day")
  if (days > 1 && days < 7) return dateFormat({ weekday: "long" }).format(at)
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return dateFormat(sameYear ? { day: "numeric", month: "long" } : { day: "numeric", month: "long", year: "numeric" }).format(at)
}

/** Around what people wrote, inside of our words: whichever way its letters run, ours stay where they are. Messages have it. */
const ISOLATE = ["\u2068", "\u2069"] as const

/** "Anna, Bela and Cleo". */
export function list(names: readonly string[]): string {
  const apart = names.map((name) => ISOLATE.join(name))
  return new Intl.ListFormat(preferences.locale, { type: "conjunction" }).format(apart)
}
