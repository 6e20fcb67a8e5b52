import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { CALM_MS, REST_MS, calm } from "./calm"

describe("what is done for events", () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }))
  afterEach(() => vi.useRealTimers())

  it("is done once for a burst, soon", () => {
    const act = vi.fn()
    const { heard } = calm(act)
    for (let n = 0; n < 20; n++) heard()
    expect(act).not.toHaveBeenCalled()
    vi.advanceTimersByTime(CALM_MS)
    expect(act).toHaveBeenCalledOnce()
  })

  it("isn't done for each key of somebody who types, but never left out", () => {
    const act = vi.fn()
    const { heard } = calm(act)
    const SECONDS = 10
    for (let ms = 0; ms < SECONDS * 1000; ms += 100) {
      heard()
      vi.advanceTimersByTime(100)
    }
    expect(act.mock.calls.length).toBeLessThanOrEqual((SECONDS * 1000) / REST_MS + 1)
    const before = act.mock.calls.length
    heard()
    vi.advanceTimersByTime(REST_MS)
    expect(act.mock.calls.length).toBeGreaterThan(before)
  })

  it("isn't done any more once it is stopped", () => {
    const act = vi.fn()
    const { heard, stop } = calm(act)
    heard()
    stop()
    vi.advanceTimersByTime(REST_MS)
    expect(act).not.toHaveBeenCalled()
  })
})
