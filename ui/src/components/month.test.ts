import { parseDate } from "@internationalized/date"
import { expect, it } from "vitest"
import { led, weeksOf } from "./month"

it("shows the weeks of a month from their first day", () => {
  const weeks = weeksOf(parseDate("2027-02-14"), "hu")
  expect(weeks.map((week) => week.map((day) => day?.day ?? 0))).toEqual([
    [1, 2, 3, 4, 5, 6, 7],
    [8, 9, 10, 11, 12, 13, 14],
    [15, 16, 17, 18, 19, 20, 21],
    [22, 23, 24, 25, 26, 27, 28],
  ])
  expect(weeksOf(parseDate("2026-12-31"), "de")[0]?.map((day) => day?.day ?? 0)).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(weeksOf(parseDate("2026-12-31"), "en-US")[0]?.map((day) => day?.day ?? 0)).toEqual([0, 0, 1, 2, 3, 4, 5])
})

it("is walked through by keys", () => {
  const from = parseDate("2026-12-31")
  const to = (key: string, shiftKey = false): string | undefined => led(from, { key, shiftKey }, "de")?.toString()
  expect(["ArrowRight", "ArrowDown", "Home", "End", "PageUp", "PageDown"].map((key) => to(key))).toEqual([
    "2027-01-01",
    "2027-01-07",
    "2026-12-28",
    "2027-01-03",
    "2026-11-30",
    "2027-01-31",
  ])
  expect(to("PageDown", true)).toBe("2027-12-31")
  expect(to("Tab")).toBeUndefined()
})
