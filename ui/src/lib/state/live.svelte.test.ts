import type { Event, Host } from "@/lib/host/host"
import { HostError } from "@/lib/host/error"
import { flushSync } from "svelte"
import { describe, expect, it, vi } from "vitest"
import { type Live, live } from "./live.svelte"

/** Something to ask, answered when and as the test says. */
class Asked {
  readonly waiting: { answer: (value: string) => void; fail: (why: unknown) => void }[] = []
  readonly ask = (): Promise<string> =>
    new Promise((answer, fail) => {
      this.waiting.push({ answer, fail })
    })
}

function made(load: () => Promise<string>): { live: Live<string>; tell: (event: Event) => void; stop: () => void } {
  const listeners = new Set<(event: Event) => void>()
  const host = {
    events: (listener: (event: Event) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  } as unknown as Host
  let value: Live<string> | undefined
  const stop = $effect.root(() => {
    value = live(host, load, (event) => event.event === "people")
  })
  flushSync()
  return { live: value!, tell: (event) => listeners.forEach((listener) => listener(event)), stop }
}

const people: Event = { event: "people", circle: "c" }
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

describe("an answer that stays true", () => {
  it("is never replaced by an older one", async () => {
    const asked = new Asked()
    const { live, stop } = made(asked.ask)
    void live.reload()
    asked.waiting[1]!.answer("newer")
    await settled()
    asked.waiting[0]!.answer("older")
    await settled()
    expect(live.value).toBe("newer")
    stop()
  })

  it("is asked for anew once for a burst of events that touch it", async () => {
    const asked = new Asked()
    const { tell, stop } = made(asked.ask)
    tell({ event: "holding", circle: "c" })
    for (let n = 0; n < 20; n++) tell(people)
    await vi.waitFor(() => expect(asked.waiting).toHaveLength(2))
    tell({ event: "missed", count: 9 })
    await vi.waitFor(() => expect(asked.waiting).toHaveLength(3))
    stop()
  })

  it("stays as it was when it can't be asked for, with the reason beside it", async () => {
    const asked = new Asked()
    const { live, stop } = made(asked.ask)
    asked.waiting[0]!.answer("first")
    await settled()
    void live.reload()
    asked.waiting[1]!.fail(new HostError("disk_error", "no"))
    await settled()
    expect(live.value).toBe("first")
    expect(live.error?.code).toBe("disk_error")
    void live.reload()
    asked.waiting[2]!.answer("second")
    await settled()
    expect(live.error).toBeUndefined()
    stop()
  })

  it("is asked for anew when what it depends on changes, and no more after its component went", async () => {
    const asked = new Asked()
    let which = $state("a")
    const seen: string[] = []
    const { live, tell, stop } = made(() => {
      seen.push(which)
      return asked.ask()
    })
    which = "b"
    flushSync()
    expect(seen).toEqual(["a", "b"])
    stop()
    tell(people)
    asked.waiting[1]!.answer("late")
    await settled()
    expect(live.value).toBeUndefined()
    expect(seen).toEqual(["a", "b"])
  })
})
