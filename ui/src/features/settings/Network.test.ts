import { hostContext } from "@/lib/host/context"
import { configure, render, screen } from "@testing-library/svelte"
import userEvent from "@testing-library/user-event"
import { beforeEach, expect, it, vi } from "vitest"
import { MemoryHost } from "../../../harness/memory/host"
import Network from "./Network.svelte"

configure({ asyncUtilTimeout: 8000 })

let host: MemoryHost
beforeEach(() => {
  host = new MemoryHost({ auto: false })
  host.world.name = "Cleo"
})

it("lets a network go at once", async () => {
  render(Network, { context: hostContext(host) })
  await userEvent.setup().click(await screen.findByRole("checkbox", { name: "wlan0" }))
  expect(screen.getByText("Counts at once.")).toBeTruthy()
  await vi.waitFor(() => expect(host.world.interfaces.filter(({ used }) => used).map(({ name }) => name)).toEqual(["lo", "enp3s0"]))
})

it("can't change what Snug was started with, and says so", async () => {
  host.world.given = true
  render(Network, { context: hostContext(host) })
  for (const box of await screen.findAllByRole("checkbox")) expect(box).toHaveProperty("disabled", true)
  expect(screen.getByText(/Snug was started with --interfaces/u)).toBeTruthy()
})
