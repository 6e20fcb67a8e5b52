import { expect, it } from "vitest"
import { cityOf, matching, zones } from "./zones"

const NOW = Date.UTC(2026, 10, 22)

it("knows zones by their cities", () => {
  expect(cityOf("America/Argentina/Buenos_Aires")).toBe("Buenos Aires")
  expect(cityOf("UTC")).toBe("UTC")
})

it("finds a zone by its city, its name or what it is called", () => {
  const all = zones("en", ["Europe/Budapest"], NOW)
  const names = (typed: string): string[] => matching(all, typed).map(({ name }) => name)
  expect(names("")[0]).toBe("Europe/Budapest")
  expect(names("buda")).toEqual(["Europe/Budapest"])
  expect(names(" ZÜRICH ")[0]).toBe("Europe/Zurich")
  expect(names("new york")[0]).toBe("America/New_York")
  expect(names("central european")).toContain("Europe/Berlin")
  expect(names("york")[0]).toBe("America/New_York")
  expect(names("atlantis")).toEqual([])
})

it("lists each zone once", () => {
  const all = zones("en", ["Europe/Budapest", "Europe/Budapest"], NOW)
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
})

it("shows a zone that is unknown here by its name", () => {
  const [first] = zones("en", ["Mars/Olympus_Mons"], NOW)
  expect(first).toEqual({ name: "Mars/Olympus_Mons", city: "Olympus Mons", called: "Mars/Olympus_Mons" })
})
