import { describe, expect, it } from "vitest"
import { changeOf, draftOf, emptyDraft, rebase, touched } from "./draft"

const plan = {
  title: "Walk",
  at: { local: "2026-12-01T18:00", zone: "Europe/Budapest", instant: 0, offset: null, twice: false },
  place: "The old oak",
}
const base = draftOf(plan, "Europe/London")

describe("what is written", () => {
  it("is only what was touched", () => {
    expect(touched(base, base)).toBe(false)
    expect(changeOf(base, { ...base, title: "Long walk " })).toEqual({ title: "Long walk" })
    expect(changeOf(base, { ...base, zone: "Europe/London" })).toEqual({
      at: { local: "2026-12-01T18:00", zone: "Europe/London" },
    })
  })

  it("takes a time and a place away when they are emptied", () => {
    expect(changeOf(base, { ...base, day: "", time: "" })).toEqual({ at: null })
    expect(changeOf(base, { ...base, place: "  " })).toEqual({ place: null })
  })

  it("isn't a zone alone", () => {
    const open = draftOf({ ...plan, at: null }, "Europe/London")
    expect(touched(open, { ...open, zone: "Asia/Tokyo" })).toBe(false)
    expect(touched(emptyDraft("Europe/London"), emptyDraft("Asia/Tokyo"))).toBe(false)
  })
})

describe("while the others change it", () => {
  const fresh = { ...base, title: "Evening walk", time: "19:00", place: "The gate" }

  it("what was typed stays, the rest follows", () => {
    expect(rebase(base, { ...base, place: "My door" }, fresh)).toEqual({ ...fresh, place: "My door" })
  })

  it("a day that was typed keeps its time and zone", () => {
    expect(rebase(base, { ...base, day: "2026-12-02" }, fresh)).toEqual({
      ...base,
      day: "2026-12-02",
      title: "Evening walk",
      place: "The gate",
    })
  })
})
