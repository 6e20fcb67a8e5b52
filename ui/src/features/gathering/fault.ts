/** What is told about a time while it is typed. */
import { m } from "@/paraglide/messages"
import type { Reading } from "./clock"
import { cityOf } from "./zones"

interface Typed {
  readonly time: string
  readonly zone: string
}

/** Why it can't be saved so, and which field it is about. */
export function timeFault(read: Reading, { time, zone }: Typed): { of: "day" | "time"; words: string } | undefined {
  switch (read.is) {
    case "no_day":
      return { of: "day", words: m.gathering_time_no_day() }
    case "no_time":
      return { of: "time", words: m.gathering_time_no_time() }
    case "part_day":
      return { of: "day", words: m.gathering_time_part_day() }
    case "part_time":
      return { of: "time", words: m.gathering_time_part_time() }
    case "no_such_day":
      return { of: "day", words: m.gathering_time_no_such_day() }
    case "unknown":
      return { of: "time", words: m.gathering_time_unknown({ place: cityOf(zone) }) }
    case "skipped": {
      const { before, after } = read
      return { of: "time", words: m.gathering_time_skipped({ place: cityOf(zone), time, before, after }) }
    }
    case "open":
    case "at":
      return undefined
  }
}

/** What is worth knowing, though it can be saved. */
export function timeAside(read: Reading, { time, zone }: Typed, now: number): string | undefined {
  if (read.is !== "at") return undefined
  if (read.twice) return m.gathering_time_twice({ place: cityOf(zone), time })
  return read.instant < now ? m.gathering_time_past() : undefined
}
