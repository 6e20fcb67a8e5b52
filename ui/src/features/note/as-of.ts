/** "14:02", "yesterday 14:02", "3 May, 14:02": when another laptop said something. */
import { dateFormat, exactTime, inCalendar } from "@/lib/format"

export function asOf(at: number, now: number): string {
  if (!inCalendar(at)) return exactTime(at)
  const day = new Date(at).toDateString()
  const time = dateFormat({ timeStyle: "short" }).format(at)
  return day === new Date(now).toDateString() ? time : `${dateFormat({ day: "numeric", month: "short" }).format(at)}, ${time}`
}
