import { expect, test } from "vitest"
import { HandTimers } from "../../../packages/binding/test/harness.js"
import { PAUSE_MS, Renaming } from "./renaming"

/** Lets promises that are settled be answered. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

function renaming() {
  const timers = new HandTimers()
  const sent: { title: string; land: () => void; fail: (error: Error) => void }[] = []
  const results: unknown[] = []
  const title = new Renaming({
    send: (wanted) =>
      new Promise<void>((resolve, reject) => {
        sent.push({ title: wanted, land: resolve, fail: reject })
      }),
    timers,
    onResult: (error) => results.push(error),
  })
  return { title, timers, sent, results }
}

test("a title is sent after a pause, not with each letter", async () => {
  const { title, timers, sent, results } = renaming()
  title.type("a")
  timers.pass(PAUSE_MS - 1)
  title.type("ab")
  timers.pass(PAUSE_MS - 1)
  expect(sent).toEqual([])
  timers.pass(1)
  expect(sent.map((s) => s.title)).toEqual(["ab"])
  sent[0]!.land()
  await turn()
  expect([results, title.waits]).toEqual([[null], false])
})

test("one is sent at a time, and the last one wins", async () => {
  const { title, timers, sent } = renaming()
  title.type("a")
  timers.pass(PAUSE_MS)
  title.type("b")
  timers.pass(PAUSE_MS)
  title.type("c")
  let durable: boolean | null = null
  void title.settle().then((is) => (durable = is))
  await turn()
  expect([sent.length, durable]).toEqual([1, null])
  sent[0]!.land()
  await turn()
  expect(sent.map((s) => s.title)).toEqual(["a", "c"])
  sent[1]!.land()
  await turn()
  expect([durable, title.waits]).toEqual([true, false])
})

test("why it can't be sent is told, and what is taken back isn't sent", async () => {
  const { title, timers, sent, results } = renaming()
  title.type("a")
  const settling = title.settle()
  sent[0]!.fail(new Error("no"))
  expect(await settling).toBe(false)
  expect(results).toEqual([new Error("no")])
  title.type("")
  title.forget()
  timers.pass(PAUSE_MS)
  expect(sent.length).toBe(1)
})
