import type { PlanTime } from "@/lib/api/generated/views"
import { expect, it } from "vitest"
import { whenLine, whenWords } from "./when"

const NOW = Date.UTC(2026, 10, 22, 12)
const at = (local: string, zone: string, instant: number): PlanTime => ({ local, zone, instant, offset: null, twice: false })
const walk = at("2026-11-26T18:00", "Europe/Budapest", Date.UTC(2026, 10, 26, 17))

it("tells the organiser's time and one's own beside it", () => {
  expect(whenLine(walk, "Europe/London", NOW, "en-GB")).toBe("Thursday 26 November, 18:00 in Budapest · 17:00 here")
})

it("tells one time where the clocks agree, whatever the zones are called", () => {
  expect(whenWords(walk, "Europe/Berlin", NOW, "en-GB")).toEqual({
    day: "Thursday 26 November",
    there: "18:00",
    here: null,
  })
})

it("tells one's own day where it is another", () => {
  expect(whenWords(walk, "Asia/Tokyo", NOW, "en-GB").here).toBe("Friday 27 November, 02:00 here")
})

it("calls near days by their names, on one's own calendar", () => {
  const late = at("2026-11-23T00:30", "Europe/Budapest", Date.UTC(2026, 10, 22, 23, 30))
  expect(whenWords(late, "Europe/Budapest", NOW, "en-GB").day).toBe("Tomorrow, Monday 23 November")
  expect(whenWords(late, "Europe/London", NOW, "en-GB").here).toBe("Today, Sunday 22 November, 23:30 here")
})

it("tells the year where it isn't this one", () => {
  const later = at("2027-01-05T09:00", "Europe/Budapest", Date.UTC(2027, 0, 5, 8))
  expect(whenWords(later, "Europe/Budapest", NOW, "en-GB").day).toBe("Tuesday, 5 January 2027")
})
