import type { Event } from "@/lib/host/host"
import * as Automerge from "@automerge/automerge/slim"
import { beforeAll, describe, expect, it, vi } from "vitest"
import { startAutomerge } from "./automerge"
import { MemoryHost } from "./host"
import { scene } from "./scenes"

beforeAll(startAutomerge)

describe("the host in memory", () => {
  it("creates, locks and opens as the real one does", async () => {
    const host = scene("fresh")
    await expect(host.call("circle_list", {})).rejects.toMatchObject({ code: "no_store" })
    await host.door.create("Cleo", "a b c d")
    const circle = await host.call("circle_found", { name: "Readers", kind: "interest" })
    await host.door.lock()
    await expect(host.call("circle_list", {})).rejects.toMatchObject({ code: "locked" })
    await expect(host.door.unlock("no")).rejects.toMatchObject({ code: "wrong_passphrase" })
    await host.door.unlock("a b c d")
    expect((await host.call("circle_list", {})).circles.map(({ id }) => id)).toEqual([circle.id])
  })

  it("keeps a note that a window and somebody else write", async () => {
    const host = scene("home", { auto: false })
    const circle = host.world.circle("Five who read").id
    const { id } = await host.call("note_new", { circle, title: "Tea", markdown: "# Tea\n\n- *green*\n- black" })
    const heard: Uint8Array[] = []
    const ended = vi.fn()
    const open = await host.openNote(circle, id, { changes: (changes) => heard.push(...changes), ended })
    const mine = Automerge.getBackend(Automerge.load<Record<string, unknown>>(open.bytes, { actor: open.actor }))
    mine.splice("/body", mine.length("/body"), 0, " tea")
    mine.commit()
    await open.write([mine.getLastLocalChange() ?? new Uint8Array()])
    expect(host.script.markdown(circle, id)).toBe("# Tea\n\n- *green*\n- black tea")
    expect(heard).toEqual([])

    host.script.append(circle, id, "and mint")
    await vi.waitFor(() => expect(heard).toHaveLength(1))
    mine.applyChanges(heard)
    expect(mine.text("/body")).toContain("and mint")
    expect((await host.call("note_head", { circle, note: id })).holding).toBe(1)

    const stranger = Automerge.getBackend(Automerge.load<Record<string, unknown>>(open.bytes, { actor: "ee".repeat(16) }))
    stranger.splice("/body", 0, 0, "no")
    stranger.commit()
    await expect(open.write([stranger.getLastLocalChange() ?? new Uint8Array()])).rejects.toBeDefined()
    await vi.waitFor(() => expect(ended).toHaveBeenCalledWith("refused"))
  })

  it("tells the story of coming in", async () => {
    const host = new MemoryHost({ auto: false })
    host.world.name = "Cleo"
    const events: Event[] = []
    host.events((event) => events.push(event))
    await expect(host.call("join", { link: "hello", dial: [] })).rejects.toMatchObject({ code: "not_a_link" })
    await expect(host.call("join", { link: "snug:abc", dial: [] })).rejects.toMatchObject({ code: "damaged_link" })
    const { join } = await host.call("join", { link: host.script.link(), dial: [] })
    host.script.met()
    expect(await host.call("join_status", { join })).toMatchObject({ state: "waiting" })
    const circle = host.script.admit("Walkers", "Anna")
    expect(await host.call("join_status", { join })).toMatchObject({ state: "admitted", circle })
    await vi.waitFor(() => expect(events.map(({ event }) => event)).toEqual(["join", "join", "join", "circle"]))

    const { link } = await host.call("invite", { circle, expires: 3600, confirm: true })
    expect(link).toMatch(/^snug:[a-z2-7]{85}$/u)
    host.script.ask(circle, "Doro")
    await host.call("invite_confirm", { circle, person: "Doro" })
    const { people } = await host.call("people", { circle })
    expect(people.map(({ name }) => name)).toEqual(["Anna", "Cleo", "Doro"])
  })

  it("fails when it is told to, and only then", async () => {
    const host = scene("home")
    host.script.fail("circle_list", "disk_full", 2)
    for (let n = 0; n < 2; n++) await expect(host.call("circle_list", {})).rejects.toMatchObject({ code: "disk_full" })
    await expect(host.call("circle_list", {})).resolves.toBeDefined()
  })
})
