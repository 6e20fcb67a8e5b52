// What was measured, beside what it is compared with: a line to read, and a row of the bench's file.

import type { Costs } from "./keys"

/** Milliseconds. */
interface Figures {
  /** From a key until the frame that shows it. */
  readonly median: number
  readonly p95: number
  /** CPU time for a key: of the thread that runs script, layout and paint, and of all the page's process. */
  readonly cpu_main: number
  readonly cpu: number
}

/** One comparison. */
export interface Row {
  readonly what: string
  readonly unit: "ms"
  readonly ours: Figures
  readonly beside: string
  readonly floor: Figures
  readonly ratio_median: number
  readonly ratio_cpu: number
  readonly samples: number
}

/** Figures of several rounds, beside those of the same rounds of something else. */
export function row(what: string, ours: readonly Costs[], beside: string, floor: readonly Costs[]): Row {
  const [one, other] = [figures(ours), figures(floor)]
  return {
    what,
    unit: "ms",
    ours: one,
    beside,
    floor: other,
    ratio_median: one.median / other.median,
    ratio_cpu: one.cpu_main / other.cpu_main,
    samples: ours.flatMap(({ frames }) => frames).length,
  }
}

export function words({ what, ours, beside, floor, ratio_median, ratio_cpu }: Row): string {
  const ratios = `× ${ratio_median.toFixed(2)}, CPU × ${ratio_cpu.toFixed(2)}`
  return `${what}: ${figureWords(ours)}; beside ${beside}: ${figureWords(floor)}; ${ratios}`
}

function figureWords({ median, p95, cpu_main, cpu }: Figures): string {
  const ms = (time: number) => time.toFixed(1)
  return `median ${ms(median)} ms, 95 of 100 within ${ms(p95)} ms, CPU ${ms(cpu_main)} ms (${ms(cpu)} with all threads)`
}

function figures(rounds: readonly Costs[]): Figures {
  const frames = rounds.flatMap((costs) => costs.frames).toSorted((one, other) => one - other)
  const at = (share: number): number => frames[Math.floor(frames.length * share)] ?? Number.NaN
  const mean = (of: readonly number[]): number => of.reduce((sum, one) => sum + one, 0) / of.length
  return {
    median: at(0.5),
    p95: at(0.95),
    cpu_main: mean(rounds.map(({ cpu }) => cpu.main)),
    cpu: mean(rounds.map(({ cpu }) => cpu.all)),
  }
}
