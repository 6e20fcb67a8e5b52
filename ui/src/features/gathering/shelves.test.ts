import type { PlanSummary } from "@/lib/api/generated/views"
import { expect, it } from "vitest"
import { shelves } from "./shelves"

const HOUR = 3_600_000
const NOW = 1_000 * HOUR
const plan = (id: string, at: number | null, changed = 0, away = false): PlanSummary => ({
  id,
  title: id,
  at: at === null ? null : { local: "", zone: "UTC", instant: at, offset: null, twice: false },
  place: null,
  mine: null,
  changed,
  away,
})

it("lays gatherings out", () => {
  const all = [
    plan("later", NOW + 9 * HOUR),
    plan("long ago", NOW - 90 * HOUR),
    plan("idea", null, 1),
    plan("sat down an hour ago", NOW - HOUR),
    plan("newer idea", null, 2),
    plan("lately", NOW - 5 * HOUR),
    plan("put away", NOW + HOUR, 0, true),
  ]
  const ids = (plans: readonly PlanSummary[]): string[] => plans.map(({ id }) => id)
  const laid = shelves(all, NOW)
  expect(ids(laid.coming)).toEqual(["sat down an hour ago", "later"])
  expect(ids(laid.open)).toEqual(["newer idea", "idea"])
  expect(ids(laid.past)).toEqual(["lately", "long ago"])
  expect(ids(laid.away)).toEqual(["put away"])
})
