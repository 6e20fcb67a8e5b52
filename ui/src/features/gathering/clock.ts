/**
 * Times on the clocks of a place, as somebody types them:
 *
 *     day + time + zone ─▶ reading ─▶ { at } | what is missing | a time that these clocks never show
 *
 * The core decides in the end; this is told while typing, in words.
 */
import { CalendarDateTime, type ZonedDateTime, parseDateTime, toZoned } from "@internationalized/date"

export type Reading =
  /** Neither day nor time: the time is open. */
  | { is: "open" }
  | { is: "no_day" }
  | { is: "no_time" }
  /** Some of it isn't typed yet. */
  | { is: "part_day" }
  | { is: "part_time" }
  /** As the 30 February. */
  | { is: "no_such_day" }
  /** Nobody here knows the clocks of this place. */
  | { is: "unknown" }
  /** The clocks are put forward over it; these are the times that they show instead. */
  | { is: "skipped"; before: string; after: string }
  /** `twice`: the clocks are put back, and the first time is meant. */
  | { is: "at"; local: string; instant: number; twice: boolean }

const pad = (value: number): string => String(value).padStart(2, "0")

const WHOLE_DAY = /^\d{4}-\d\d-\d\d$/u
/** Others may have written seconds. */
const WHOLE_TIME = /^\d\d:\d\d/u

/** The minutes on a clock: `18:00`. */
const minutes = (at: { hour: number; minute: number }): string => `${pad(at.hour)}:${pad(at.minute)}`

const sameClock = (a: CalendarDateTime, b: ZonedDateTime): boolean =>
  a.day === b.day && a.hour === b.hour && a.minute === b.minute

function clockOf(day: string, time: string): CalendarDateTime | null {
  try {
    return parseDateTime(`${day}T${time}`)
  } catch {
    return null
  }
}

export function reading(day: string, time: string, zone: string): Reading {
  if (day === "" && time === "") return { is: "open" }
  if (day !== "" && !WHOLE_DAY.test(day)) return { is: "part_day" }
  if (time !== "" && !WHOLE_TIME.test(time)) return { is: "part_time" }
  if (day === "") return { is: "no_day" }
  if (time === "") return { is: "no_time" }
  const clock = clockOf(day, time)
  if (clock === null) return { is: "no_such_day" }
  try {
    const early = toZoned(clock, zone, "earlier")
    const late = toZoned(clock, zone, "later")
    if (!sameClock(clock, early)) return { is: "skipped", before: minutes(early), after: minutes(late) }
    const instant = early.toDate().getTime()
    return { is: "at", local: `${day}T${time}`, instant, twice: late.toDate().getTime() !== instant }
  } catch {
    return { is: "unknown" }
  }
}

/** The zone of this laptop, as the system has it now. */
export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** What the clocks of a zone show at an instant: `2026-12-01T18:00`. */
export function clockAt(instant: number, zone: string): string {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {}
  const written = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  })
  for (const { type, value } of written.formatToParts(instant)) parts[type] = value
  const { year = "", month = "", day = "", hour = "", minute = "" } = parts
  return `${year.padStart(4, "0")}-${month}-${day}T${hour}:${minute}`
}
