/**
 * What changed between two lists: Myers' greedy algorithm ("An O(ND) Difference Algorithm", 1986), with a bound past
 * which all between the common ends is called changed.
 */

/** Differences that are looked for. Its square bounds time and memory. */
const EFFORT = 128

/** A stretch of the old list and the stretch of the new one that stands in its place. */
export interface Changed {
  readonly old: readonly [number, number]
  readonly now: readonly [number, number]
}

export function diff<T>(old: readonly T[], now: readonly T[], same: (a: T, b: T) => boolean): Changed[] {
  const most = Math.min(old.length, now.length)
  const equal = (i: number, j: number): boolean => {
    const [a, b] = [old[i], now[j]]
    return a !== undefined && b !== undefined && same(a, b)
  }
  let start = 0
  while (start < most && equal(start, start)) start += 1
  let end = 0
  while (end < most - start && equal(old.length - end - 1, now.length - end - 1)) end += 1
  const [n, m] = [old.length - end - start, now.length - end - start]
  if (n === 0 && m === 0) return []
  const whole: Changed = { old: [start, start + n], now: [start, start + m] }
  if (n === 0 || m === 0) return [whole]
  const steps = myers(n, m, (i, j) => equal(start + i, start + j))
  if (steps === null) return [whole]
  const changed: Changed[] = []
  for (const { old: o, now: w } of steps) {
    const last = changed.at(-1)
    const step: Changed = { old: [o[0] + start, o[1] + start], now: [w[0] + start, w[1] + start] }
    if (last?.old[1] === step.old[0] && last.now[1] === step.now[0]) {
      changed[changed.length - 1] = { old: [last.old[0], step.old[1]], now: [last.now[0], step.now[1]] }
    } else {
      changed.push(step)
    }
  }
  return changed
}

/** Single deletions and insertions in their order, if there are at most {@link EFFORT}. */
function myers(n: number, m: number, equal: (i: number, j: number) => boolean): Changed[] | null {
  // How far along the old list each diagonal reaches, for each number of steps.
  const rows: Map<number, number>[] = []
  for (let steps = 0; steps <= Math.min(EFFORT, n + m); steps++) {
    const row = new Map<number, number>()
    const before = rows.at(-1)
    rows.push(row)
    for (let k = -steps; k <= steps; k += 2) {
      let x = before === undefined ? 0 : from(before, k, n, m)[0]
      if (x < 0) continue
      while (x < n && x - k < m && equal(x, x - k)) x += 1
      row.set(k, x)
      if (x >= n && x - k >= m) return trace(rows, n, m)
    }
  }
  return null
}

/**
 * Where a diagonal is reached from with one more step: down inserts and keeps to the place in the old list, right
 * deletes; below 0 if from nowhere.
 */
function from(before: ReadonlyMap<number, number>, k: number, n: number, m: number): [number, "down" | "right"] {
  const inside = (x: number): number => (x <= n && x - k <= m ? x : -1)
  const down = inside(before.get(k + 1) ?? -1)
  const right = inside((before.get(k - 1) ?? -2) + 1)
  return right > down ? [right, "right"] : [down, "down"]
}

function trace(rows: readonly ReadonlyMap<number, number>[], n: number, m: number): Changed[] {
  const steps: Changed[] = []
  let [x, y] = [n, m]
  for (let d = rows.length - 1; d > 0; d--) {
    const before = rows[d - 1]
    if (before === undefined) break
    const k = x - y
    const [at, way] = from(before, k, n, m)
    const then = at - k
    if (way === "right") {
      steps.push({ old: [at - 1, at], now: [then, then] })
      ;[x, y] = [at - 1, then]
    } else {
      steps.push({ old: [at, at], now: [then - 1, then] })
      ;[x, y] = [at, then - 1]
    }
  }
  return steps.reverse()
}
