import { hostContext } from "@/lib/host/context"
import { go } from "@/lib/state/route.svelte"
import { configure, render, screen } from "@testing-library/svelte"
import { expect, it } from "vitest"
import { MemoryHost } from "../../harness/memory/host"
import Outlet from "./Outlet.svelte"

configure({ asyncUtilTimeout: 8000 })

it("is another page in another circle, though somebody gave a gathering there the same id", async () => {
  const host = new MemoryHost({ auto: false })
  host.world.name = "Cleo"
  const [walkers, readers] = [host.script.circle("Walkers", "interest", ["Anna"]), host.script.circle("Readers", "interest", ["Anna"])]
  const plan = host.script.plan(walkers, "Walk", "2030-12-01T18:00", "Europe/Budapest", "The oak")
  const twin = host.script.plan(readers, "Reading", "2030-12-02T18:00", "Europe/Budapest", "The library")
  Object.assign(host.world.plan(host.world.circle(readers), twin), { id: plan })
  go({ name: "gathering", circle: walkers, plan })
  render(Outlet, { context: hostContext(host) })
  const before = await screen.findByRole("heading", { name: "Walk" })

  go({ name: "gathering", circle: readers, plan })
  expect(await screen.findByRole("heading", { name: "Reading" })).not.toBe(before)
  expect(screen.queryByText("The oak")).toBeNull()
})
