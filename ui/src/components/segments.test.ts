import { locales } from "@/paraglide/runtime"
import { describe, expect, it } from "vitest"
import { type Held, type Part, layout, partsOf, pressed, settled, written } from "./segments"

/** As `tongue` names them. */
const LOCALES = locales.map((language) => (language === "en" ? "en-GB" : language))

/** What a part holds after some keys, and whether they lead on. */
function after(part: Part, keys: readonly string[], from: number | null = null): { value: number | null; step: number } {
  let held: Held = { value: from, typed: "" }
  let step = 0
  for (const key of keys) {
    const next = pressed(part, held, key, 5)
    if (next) ({ step } = next)
    held = next ?? held
  }
  return { value: settled(part, held), step }
}

const typing = (part: Part, digits: string, from?: number): ReturnType<typeof after> => after(part, Array.from(digits), from)

describe("a day and a time", () => {
  it("stand in the order of the language", () => {
    const shown = (locale: string): string =>
      layout("day", locale)
        .map((piece) => ("part" in piece ? piece.part : piece.between))
        .join("")
    expect(LOCALES.map(shown)).toEqual(["day/month/year", "day.month.year", "year. month. day."])
    expect(layout("time", "hu")).toEqual([{ part: "hour" }, { between: ":" }, { part: "minute" }])
  })

  it("need no half of the day in any language that Snug speaks", () => {
    const halved = LOCALES.filter((locale) => new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions().hour12)
    expect(halved).toEqual([])
  })

  it("keep a gap where a part is missing", () => {
    expect(written("day", partsOf("day", "2026-12-03"))).toBe("2026-12-03")
    expect(written("day", { year: 2026, month: null, day: 3 })).toBe("2026--03")
    expect(partsOf("day", "2026--03")).toEqual({ year: 2026, month: null, day: 3 })
    expect(partsOf("time", "18:")).toEqual({ hour: 18, minute: null })
    expect(written("time", partsOf("time", ""))).toBe("")
  })
})

describe("a part that is typed", () => {
  it("leads on when no other digit could follow", () => {
    expect(typing("day", "3")).toEqual({ value: 3, step: 0 })
    expect(typing("day", "31")).toEqual({ value: 31, step: 1 })
    expect(typing("day", "4")).toEqual({ value: 4, step: 1 })
    expect(typing("month", "1")).toEqual({ value: 1, step: 0 })
    expect(typing("month", "07")).toEqual({ value: 7, step: 1 })
    expect(typing("hour", "0")).toEqual({ value: 0, step: 0 })
    expect(typing("hour", "00")).toEqual({ value: 0, step: 1 })
  })

  it("never holds what isn't there", () => {
    expect(typing("day", "32").value).toBe(2)
    expect(typing("day", "00", 9)).toEqual({ value: 9, step: 0 })
    expect(typing("hour", "24").value).toBe(4)
  })

  it("is a year with four digits, or with two", () => {
    expect(typing("year", "2026")).toEqual({ value: 2026, step: 1 })
    expect(typing("year", "27").value).toBe(2027)
    expect(typing("year", "20262027").value).toBe(2027)
  })
})

describe("a part under other keys", () => {
  it("is turned, from today's where it was empty, and around", () => {
    expect(after("day", ["ArrowUp"]).value).toBe(5)
    expect(after("day", ["ArrowUp"], 31).value).toBe(1)
    expect(after("month", ["ArrowDown"], 1).value).toBe(12)
    expect(after("minute", ["PageDown"], 0).value).toBe(45)
    expect([after("month", ["Home"], 7).value, after("month", ["End"], 7).value]).toEqual([1, 12])
  })

  it("is emptied, and left", () => {
    expect(after("day", ["Backspace"], 12)).toEqual({ value: null, step: 0 })
    expect(after("day", ["Backspace"])).toEqual({ value: null, step: -1 })
    expect(after("day", ["."], 3)).toEqual({ value: 3, step: 1 })
    expect(after("day", ["."])).toEqual({ value: null, step: 0 })
    expect(after("year", ["2", "7", "ArrowRight"])).toEqual({ value: 2027, step: 1 })
  })

  it("doesn't mind what isn't for it", () => {
    expect(pressed("day", { value: 1, typed: "" }, "Tab", 1)).toBeUndefined()
    expect(pressed("day", { value: 1, typed: "" }, "x", 1)).toBeUndefined()
  })
})
