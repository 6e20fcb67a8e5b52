/**
 * When a gathering is, in words: the day, the time on the organiser's clocks, and one's own beside it where these differ.
 *
 *     Thursday, 26 November · 18:00 in Budapest · 17:00 here
 */
import type { PlanTime } from "@/lib/api/generated/views"
import { m } from "@/paraglide/messages"
import { clockAt } from "./clock"
import { cityOf } from "./zones"

export interface When {
  /** The day there; "today" and the like where it is near. */
  readonly day: string
  /** The time there, with the place if one's own clocks show another. */
  readonly there: string
  /** One's own time, if it is another; with its day, if that is another. */
  readonly here: string | null
}

const DAY_MS = 86_400_000

/** A time on a wall as an instant of a world without zones, so that it is written as it stands. */
const wall = (local: string): number => Date.parse(`${local}Z`)

const days = (local: string): number => Math.floor(wall(local) / DAY_MS)

const capital = (text: string, locale: string): string => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1)

const timeOf = (local: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { timeZone: "UTC", timeStyle: "short" }).format(wall(local))

/** `today` is the day on one's own clocks. */
function dayOf(local: string, today: string, locale: string): string {
  const sameYear = local.slice(0, 4) === today.slice(0, 4)
  const year: Intl.DateTimeFormatOptions = sameYear ? {} : { year: "numeric" }
  const written = new Intl.DateTimeFormat(locale, {
    timeZone: "UTC",
    weekday: "long",
    day: "numeric",
    month: "long",
    ...year,
  }).format(wall(local))
  const ahead = days(local) - days(today)
  if (ahead < -1 || ahead > 1) return capital(written, locale)
  const near = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(ahead, "day")
  return `${capital(near, locale)}, ${written}`
}

export function whenWords(at: PlanTime, here: string, now: number, locale: string): When {
  const today = clockAt(now, here)
  const own = clockAt(at.instant, here)
  const there = at.local.slice(0, 16)
  const day = dayOf(there, today, locale)
  const time = timeOf(there, locale)
  if (own === there) return { day, there: time, here: null }
  const otherDay = own.slice(0, 10) !== there.slice(0, 10)
  const ownTime = timeOf(own, locale)
  return {
    day,
    there: m.gathering_when_there({ time, place: cityOf(at.zone) }),
    here: m.gathering_when_here({ time: otherDay ? `${dayOf(own, today, locale)}, ${ownTime}` : ownTime }),
  }
}

/** The same in one line. */
export function whenLine(at: PlanTime, here: string, now: number, locale: string): string {
  const { day, there, here: own } = whenWords(at, here, now, locale)
  return [`${day}, ${there}`, own].filter((part) => part !== null).join(" · ")
}
