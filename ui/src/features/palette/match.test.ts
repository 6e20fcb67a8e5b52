import { describe, expect, it } from "vitest"
import type { Entry, Group } from "./entries"
import { SHOWN, matches } from "./match"

const entry = (label: string, where?: string): Entry => ({
  id: label,
  label,
  ...(where === undefined ? {} : { where }),
  icon: () => ({}),
  run: () => undefined,
})
const groups: Group[] = [
  { name: "Circles", entries: [entry("Five who read"), { ...entry("Notes", "Five who read"), onlyTyped: true }] },
  { name: "Notes", entries: [entry("What we read next", "Five who read"), entry("Béla’s list", "Two of us")] },
]
const found = (typed: string): string[] => matches(groups, typed).flatMap(({ entries }) => entries.map(({ id }) => id))

describe("what somebody means", () => {
  it("is everything but the rooms before they type", () => {
    expect(found(" ")).toEqual(["Five who read", "What we read next", "Béla’s list"])
  })
  it("is found without capitals and accents, by its words in any order", () => {
    expect(found("bela")).toEqual(["Béla’s list"])
    expect(found("next WHAT")).toEqual(["What we read next"])
  })
  it("is found by its circle, after what is called so itself", () => {
    expect(found("five")).toEqual(["Five who read", "Notes", "What we read next"])
    expect(found("notes five")).toEqual(["Notes"])
  })
  it("comes with its group first where its name begins so", () => {
    expect(found("what")[0]).toBe("What we read next")
  })
  it("is bounded in each group, typed or not", () => {
    const many = [{ name: "Notes", entries: Array.from({ length: SHOWN + 1 }, (_, n) => entry(`Note ${n}`)) }]
    expect(matches(many, "")[0]?.entries).toHaveLength(SHOWN)
    expect(matches(many, "note")[0]?.entries).toHaveLength(SHOWN)
    expect(matches(many, `note ${SHOWN}`)[0]?.entries).toHaveLength(1)
  })
  it("may be nothing", () => {
    expect(found("zzz")).toEqual([])
  })
})
