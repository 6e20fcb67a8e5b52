import { describe, expect, it } from "vitest"
import { asOf } from "./as-of"

const now = new Date(2026, 4, 13, 12, 0).getTime()

describe("when another laptop said something", () => {
  it.each([
    [new Date(2026, 4, 13, 9, 5).getTime(), "09:05"],
    [new Date(2026, 4, 3, 14, 2).getTime(), "3 May, 14:02"],
    [9e15, "at a time that no calendar has"],
    [2 ** 64, "at a time that no calendar has"],
    [Number.NaN, "at a time that no calendar has"],
  ])("%d is %j", (at, words) => {
    expect(asOf(at, now)).toBe(words)
  })
})
