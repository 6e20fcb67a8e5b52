import { expect, test } from "vitest"
import { HandTimers } from "../../packages/binding/test/harness.js"
import { BATCH, GAP_MS, Outbox } from "./outbox"

const change = (n: number, size = 1): Uint8Array => new Uint8Array(size).fill(n)

/** Lets promises that are settled be answered. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

function outbox() {
  const timers = new HandTimers()
  let time = 0
  const flights: { changes: number[]; land: () => void; fail: (error: Error) => void }[] = []
  const empty: boolean[] = []
  const stopped: unknown[] = []
  const box = new Outbox({
    write: (changes) =>
      new Promise((resolve, reject) => {
        flights.push({ changes: changes.map((c) => c[0]!), land: resolve, fail: reject })
      }),
    timers,
    now: () => time,
    onEmpty: (now) => empty.push(now),
    onStopped: (error) => stopped.push(error),
  })
  const pass = async (ms: number): Promise<void> => {
    time += ms
    timers.pass(ms)
    await turn()
  }
  return { box, flights, empty, stopped, pass }
}

test("the first change is written at once, the next ones together, one write at a time", async () => {
  const { box, flights, pass } = outbox()
  box.add([change(1)])
  box.add([change(2)])
  await turn()
  expect(flights.map((f) => f.changes)).toEqual([[1]])
  await pass(GAP_MS * 3)
  // The first hasn't landed: nothing else goes.
  expect(flights.length).toBe(1)
  box.add([change(3)])
  flights[0]!.land()
  await turn()
  expect(flights.map((f) => f.changes)).toEqual([[1], [2, 3]])
})

test("a write that lands quickly is followed by the next after a while", async () => {
  const { box, flights, empty, pass } = outbox()
  box.add([change(1)])
  await turn()
  flights[0]!.land()
  await turn()
  expect(empty).toEqual([false, true])
  box.add([change(2)])
  await pass(GAP_MS - 1)
  box.add([change(3)])
  expect(flights.length).toBe(1)
  await pass(1)
  expect(flights[1]!.changes).toEqual([2, 3])
})

test("done doesn't wait for the gap, and resolves when all is durable", async () => {
  const { box, flights } = outbox()
  box.add([change(1)])
  await turn()
  box.add([change(2)])
  let durable: boolean | null = null
  void box.done().then((is) => (durable = is))
  flights[0]!.land()
  await turn()
  expect([flights.length, durable]).toEqual([2, null])
  flights[1]!.land()
  await turn()
  expect(durable).toBe(true)
})

test("what is refused is kept, in its order, and nothing more is written", async () => {
  const { box, flights, stopped, pass } = outbox()
  box.add([change(1), change(2)])
  await turn()
  box.add([change(3)])
  flights[0]!.fail(new Error("full"))
  await turn()
  await pass(GAP_MS)
  box.add([change(4)])
  expect(flights.length).toBe(1)
  expect(box.unsaved.map((c) => c[0])).toEqual([1, 2, 3, 4])
  expect(stopped).toEqual([new Error("full")])
  expect(await box.done()).toBe(false)
})

test("one write is never more than the core takes", async () => {
  const { box, flights } = outbox()
  const half = Math.ceil(BATCH.bytes / 2) + 1
  box.add([change(1, half), change(2, half), change(3, BATCH.bytes * 2), change(4)])
  void box.done()
  for (let i = 0; i < 4; i++) {
    await turn()
    flights[i]?.land()
  }
  expect(flights.map((f) => f.changes)).toEqual([[1], [2], [3], [4]])
  box.add(Array.from({ length: BATCH.changes + 1 }, () => change(5)))
  void box.done()
  await turn()
  expect(flights[4]!.changes.length).toBe(BATCH.changes)
})
