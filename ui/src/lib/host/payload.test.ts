import { describe, expect, it } from "vitest"
import { decodeChanges, encodeChanges, payloads } from "./payload"

describe("payloads", () => {
  it("are spelled as the core spells them", () => {
    expect([...encodeChanges([new Uint8Array([1, 2, 3]), new Uint8Array()])]).toEqual([
      0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 0,
    ])
  })

  it("come back as they were, from within a larger buffer too", () => {
    const changes = [new Uint8Array([1, 2, 3]), new Uint8Array(), new Uint8Array([9])]
    const payload = encodeChanges(changes)
    const within = new Uint8Array(payload.length + 7)
    within.set(payload, 5)
    expect(decodeChanges(within.subarray(5, 5 + payload.length))).toEqual(changes)
  })

  it("are refused when they are cut or go on", () => {
    const payload = encodeChanges([new Uint8Array([1, 2, 3])])
    expect(() => decodeChanges(payload.subarray(0, payload.length - 1))).toThrow()
    expect(() => decodeChanges(new Uint8Array([...payload, 0]))).toThrow()
  })

  it("stay under the core's bounds and keep their order", () => {
    const changes = Array.from({ length: 10_000 }, (_, n) => new Uint8Array([n & 255, n >> 8]))
    const large = [new Uint8Array(800 << 10), new Uint8Array(800 << 10)]
    const split = [...payloads([...changes, ...large])]
    expect(split.length).toBe(4)
    for (const payload of split) expect(payload.length).toBeLessThanOrEqual(900 << 10)
    expect(split.flatMap(decodeChanges).map((change) => change.length)).toEqual([...changes, ...large].map((c) => c.length))
    expect([...payloads([])]).toEqual([])
  })
})
