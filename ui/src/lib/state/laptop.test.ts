import type { Host } from "@/lib/host/host"
import { afterEach, describe, expect, it, vi } from "vitest"
import { startAutomerge } from "../../../harness/memory/automerge"
import { scene } from "../../../harness/memory/scenes"
import { follow, laptop, refresh } from "./laptop.svelte"

await startAutomerge()

describe("what is shown of a laptop", () => {
  let stop = (): void => undefined
  afterEach(() => stop())

  it("comes with the first look and with events, and goes with the host", async () => {
    const host = scene("home", { auto: false })
    stop = follow(host)
    await vi.waitFor(() => expect(laptop.circles?.map(({ name }) => name)).toEqual(["Five who read", "Two of us"]))
    expect(laptop.status?.near).toBe(2)
    host.script.circle("Walkers")
    await vi.waitFor(() => expect(laptop.circles).toHaveLength(3))
    stop()
    expect(laptop.circles).toBeUndefined()
    expect(laptop.status).toBeUndefined()
  })

  it("counts who asks to come in, from the moment they do until they are answered", async () => {
    const host = scene("home", { auto: false })
    stop = follow(host)
    await refresh()
    const { id } = laptop.circles![0]!
    await host.call("invite", { circle: id, expires: 3600, confirm: true })
    host.script.ask("Five who read", "Gabriella")
    host.script.ask("Five who read", "Gábor")
    await vi.waitFor(() => expect(laptop.circle(id)?.asking).toBe(2))
    // Somebody is told no on the command line.
    await host.call("invite_decline", { circle: id, person: "Gábor" })
    await vi.waitFor(() => expect(laptop.circle(id)?.asking).toBe(1))
    await host.call("invite_confirm", { circle: id, person: "Gabriella" })
    await vi.waitFor(() => expect(laptop.circle(id)?.asking).toBe(0))
  })

  it("shows how circles and wishes stand when that changes elsewhere", async () => {
    const host = scene("home", { auto: false })
    stop = follow(host)
    await refresh()
    host.script.circleState("Two of us", "damaged")
    await vi.waitFor(() => expect(laptop.circles!.map(({ state }) => state)).toContain("damaged"))
    host.script.stop("Five who read")
    await vi.waitFor(() => expect(laptop.status?.circles.some(({ stopped }) => stopped !== null)).toBe(true))
    const { join } = await host.call("join", { link: host.script.link(), name: "Cleo", dial: [] })
    await vi.waitFor(() => expect(laptop.wishes).toHaveLength(1))
    await host.call("join_forget", { join })
    await vi.waitFor(() => expect(laptop.wishes).toEqual([]))
    await host.call("circle_leave", { circle: laptop.circles![0]!.id })
    await vi.waitFor(() => expect(laptop.circles).toHaveLength(1))
  })

  it("has a name in the window’s language for a circle whose page isn’t here", async () => {
    const host = scene("home", { auto: false })
    stop = follow(host)
    host.script.circle("", null)
    await vi.waitFor(() => expect(laptop.circles!.map(({ name }) => name)).toContain("A circle on its way"))
  })

  it("is true when a refresh resolves, also while an older question is out", async () => {
    const host = scene("home", { auto: false })
    stop = follow(host)
    const older = refresh()
    host.world.addCircle("Walkers", "interest")
    const newer = refresh()
    await newer
    expect(laptop.circles).toHaveLength(3)
    await older
  })

  it("keeps what it shows when a question fails, and says so", async () => {
    const host = scene("home", { auto: false })
    stop = follow(host)
    await refresh()
    host.script.fail("status", "disk_error")
    await refresh()
    expect(laptop.error?.code).toBe("disk_error")
    expect(laptop.circles).toHaveLength(2)
    await refresh()
    expect(laptop.error).toBeUndefined()
  })

  it("shows nothing of a laptop that isn't followed any more", async () => {
    const { host, answer } = slow()
    stop = follow(host)
    stop()
    answer()
    // Whatever the answers bring has come by then.
    await new Promise((resolve) => setTimeout(resolve))
    expect(laptop.circles).toBeUndefined()
  })
})

/** A host that answers when it is told to. */
function slow(): { host: Host; answer: () => void } {
  const host = scene("home", { auto: false })
  let answer = (): void => undefined
  const gate = new Promise<void>((resolve) => (answer = resolve))
  const call = host.call.bind(host)
  host.call = async (command, fields) => {
    await gate
    return call(command, fields)
  }
  return { host, answer }
}
