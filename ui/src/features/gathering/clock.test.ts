import { describe, expect, it } from "vitest"
import { clockAt, reading } from "./clock"

const BUDAPEST = "Europe/Budapest"

describe("a time as somebody types it", () => {
  it("is open while both are empty, and told what is missing otherwise", () => {
    expect(reading("", "", BUDAPEST)).toEqual({ is: "open" })
    expect(reading("2026-12-01", "", BUDAPEST)).toEqual({ is: "no_time" })
    expect(reading("", "18:00", BUDAPEST)).toEqual({ is: "no_day" })
    expect(reading("2026--01", "", BUDAPEST)).toEqual({ is: "part_day" })
    expect(reading("", ":30", BUDAPEST)).toEqual({ is: "part_time" })
    expect(reading("2026-02-29", "18:00", BUDAPEST)).toEqual({ is: "no_such_day" })
    expect(reading("2026-12-01", "18:00", "Nowhere/Atall")).toEqual({ is: "unknown" })
  })

  it("is an instant on the clocks of its zone", () => {
    expect(reading("2026-12-01", "18:00", BUDAPEST)).toEqual({
      is: "at",
      local: "2026-12-01T18:00",
      instant: Date.UTC(2026, 11, 1, 17),
      twice: false,
    })
  })

  it("that the clocks jump over is told with what they show instead", () => {
    expect(reading("2027-03-28", "02:30", BUDAPEST)).toEqual({ is: "skipped", before: "01:30", after: "03:30" })
    expect(reading("2027-03-28", "03:00", BUDAPEST).is).toBe("at")
  })

  it("that the clocks show twice means the first", () => {
    expect(reading("2026-10-25", "02:30", BUDAPEST)).toMatchObject({
      is: "at",
      twice: true,
      instant: Date.UTC(2026, 9, 25, 0, 30),
    })
    expect(reading("2026-10-25", "03:00", BUDAPEST)).toMatchObject({ is: "at", twice: false })
  })
})

it("tells what clocks show at an instant, at midnight too", () => {
  expect(clockAt(Date.UTC(2026, 11, 1, 23), BUDAPEST)).toBe("2026-12-02T00:00")
  expect(clockAt(Date.UTC(2026, 11, 1, 17), "Europe/London")).toBe("2026-12-01T17:00")
})
