/** A month as a calendar shows it, and where its keys lead. */
import { type CalendarDate, endOfMonth, endOfWeek, startOfMonth, startOfWeek } from "@internationalized/date"

/** Its weeks, from the first day of the week in a language; `null` where the days of other months would be. */
export function weeksOf(day: CalendarDate, locale: string): (CalendarDate | null)[][] {
  const weeks: (CalendarDate | null)[][] = []
  const last = endOfMonth(day)
  for (let monday = startOfWeek(startOfMonth(day), locale); monday.compare(last) <= 0; monday = monday.add({ weeks: 1 })) {
    const week = Array.from({ length: 7 }, (_, at) => monday.add({ days: at }))
    weeks.push(week.map((one) => (one.month === day.month ? one : null)))
  }
  return weeks
}

/** Where a key leads from a day, by https://www.w3.org/WAI/ARIA/apg/patterns/dialog-modal/examples/datepicker-dialog/ */
export function led(day: CalendarDate, { key, shiftKey }: { key: string; shiftKey: boolean }, locale: string): CalendarDate | undefined {
  switch (key) {
    case "ArrowLeft":
      return day.add({ days: -1 })
    case "ArrowRight":
      return day.add({ days: 1 })
    case "ArrowUp":
      return day.add({ weeks: -1 })
    case "ArrowDown":
      return day.add({ weeks: 1 })
    case "Home":
      return startOfWeek(day, locale)
    case "End":
      return endOfWeek(day, locale)
    case "PageUp":
      return day.add(shiftKey ? { years: -1 } : { months: -1 })
    case "PageDown":
      return day.add(shiftKey ? { years: 1 } : { months: 1 })
    default:
      return undefined
  }
}
