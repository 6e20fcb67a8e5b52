import { hostContext } from "@/lib/host/context"
import { follow, laptop } from "@/lib/state/laptop.svelte"
import { configure, render, screen } from "@testing-library/svelte"
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest"
import { startAutomerge } from "../../../harness/memory/automerge"
import { MemoryHost } from "../../../harness/memory/host"
import Palette from "./Palette.svelte"

let host: MemoryHost
let stop = (): void => undefined

beforeAll(async () => {
  await startAutomerge()
  configure({ asyncUtilTimeout: 8000 })
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
  Element.prototype.scrollIntoView = () => undefined
})

beforeEach(() => {
  host = new MemoryHost({ auto: false })
  host.world.name = "Cleo"
})
afterEach(() => stop())

async function open(circles: number): Promise<void> {
  stop = follow(host)
  await vi.waitFor(() => expect(laptop.circles).toHaveLength(circles), { timeout: 8000 })
  render(Palette, { context: hostContext(host) })
}

it("shows what two circles have, though somebody gave a note and a gathering of one the ids of the other's", async () => {
  const [walkers, readers] = [host.script.circle("Walkers", "interest", ["Anna"]), host.script.circle("Readers", "interest", ["Anna"])]
  const note = host.script.note(walkers, "The weir")
  Object.assign(host.world.note(host.world.circle(readers), host.script.note(readers, "The library")), { id: note })
  const plan = host.script.plan(walkers, "Walk", "2031-12-01T18:00", "Europe/Budapest")
  const twin = host.script.plan(readers, "Reading", "2031-12-02T18:00", "Europe/Budapest")
  Object.assign(host.world.plan(host.world.circle(readers), twin), { id: plan })
  await open(2)
  for (const name of [/The weir/u, /The library/u, /Walk\b/u, /Reading/u]) await screen.findByRole("option", { name })
  const ids = screen.getAllByRole("option").map((option) => option.id)
  expect(new Set(ids).size).toBe(ids.length)
})
