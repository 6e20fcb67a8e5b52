import { expect, test } from "vitest"
import { fuzzRun } from "./fuzz.js"

// `SNUG_FUZZ_RUNS=2000 SNUG_FUZZ_SEED=1 npm test -w @snug/binding -- fuzz` runs longer; a failure names its seed.
const runs = Number(process.env.SNUG_FUZZ_RUNS ?? 60)
const first = Number(process.env.SNUG_FUZZ_SEED ?? 1)

test(`replicas that edit at random end equal (${String(runs)} runs from seed ${String(first)})`, { timeout: 3_600_000 }, () => {
  let written = 0
  for (let seed = first; seed < first + runs; seed++) written += fuzzRun(seed, 20 + (seed % 10) * 8).text.length
  expect(written).toBeGreaterThan(0)
})
