/** "14:02", "yesterday 14:02", "3 May, 14:02": when another laptop said something. */
import { dateFormat } from "@/lib/format"

export function asOf(at: number, now: number): string {
  const day = new Date(at).toDateString()
  if (day === new Date(now).toDateString()) return dateFormat({ timeStyle: "short" }).format(at)
  return dateFormat({ day: "numeric", month: "short", hour: "numeric", minute: "2-digit" }).format(at)
}
