import { expect, test } from "vitest"
import { diff } from "../src/diff.js"
import { Random } from "./random.js"

function applied(old: readonly string[], now: readonly string[]): { made: string[]; cost: number } {
  const made: string[] = []
  let [at, cost] = [0, 0]
  for (const { old: o, now: n } of diff(old, now, (a, b) => a === b)) {
    made.push(...old.slice(at, o[0]), ...now.slice(...n))
    at = o[1]
    cost += o[1] - o[0] + n[1] - n[0]
  }
  return { made: [...made, ...old.slice(at)], cost }
}

/** The length of the smallest difference, by the table that takes the square. */
function smallest(old: readonly string[], now: readonly string[]): number {
  let row = Array.from({ length: now.length + 1 }, (_, j) => j)
  for (const a of old) {
    const next = [row[0]! + 1]
    now.forEach((b, j) => next.push(a === b ? row[j]! : 1 + Math.min(row[j + 1]!, next[j]!)))
    row = next
  }
  return row.at(-1)!
}

test("a difference leads from one list to the other, and is the smallest", () => {
  for (let seed = 0; seed < 500; seed++) {
    const random = new Random(seed)
    const list = (): string[] => Array.from({ length: random.below(12) }, () => random.of(["a", "b", "c"]))
    const [old, now] = [list(), list()]
    const { made, cost } = applied(old, now)
    expect(made).toEqual(now)
    expect(cost).toBe(smallest(old, now))
  }
})

test("past its bound all between the ends is called changed", () => {
  const old = Array.from({ length: 2000 }, (_, i) => `old ${String(i)}`)
  const now = Array.from({ length: 2000 }, (_, i) => `now ${String(i)}`)
  expect(diff(["a", ...old, "z"], ["a", ...now, "z"], (a, b) => a === b)).toEqual([{ old: [1, 2001], now: [1, 2001] }])
})
