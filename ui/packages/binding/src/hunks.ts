/** What became of a list, from edits one after the other. */

/** A stretch of the old list and the stretch of the new one that stands in its place. */
export interface Hunk {
  readonly old: readonly [number, number]
  readonly now: readonly [number, number]
}

/** Hunks in their order, never touching, that grow edit by edit. */
export class Hunks {
  private found: Hunk[] = []

  /** So much went at a place, and so much came; the place counts what the edits before made. */
  edit(at: number, gone: number, came: number): void {
    const end = at + gone
    const before = this.found.filter((h) => h.now[1] < at)
    const after = this.found.filter((h) => h.now[0] > end)
    const touched = this.found.slice(before.length, this.found.length - after.length)
    const from = Math.min(at, touched[0]?.now[0] ?? at)
    const to = Math.max(end, touched.at(-1)?.now[1] ?? end)
    // How far the old list is from the new one before and after what is touched.
    const shift = (hunk: Hunk | undefined): number => (hunk === undefined ? 0 : hunk.old[1] - hunk.now[1])
    const joined: Hunk = {
      old: [from + shift(before.at(-1)), to + shift(touched.at(-1) ?? before.at(-1))],
      now: [from, to + came - gone],
    }
    const moved = after.map(({ old, now }): Hunk => ({ old, now: [now[0] + came - gone, now[1] + came - gone] }))
    this.found = [...before, joined, ...moved]
  }

  /** All of them; `by` is added to every place. */
  list(by = 0): Hunk[] {
    return this.found.map(({ old, now }) => ({ old: [old[0] + by, old[1] + by], now: [now[0] + by, now[1] + by] }))
  }
}
