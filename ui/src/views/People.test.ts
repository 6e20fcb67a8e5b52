import { hostContext } from "@/lib/host/context"
import { follow, laptop } from "@/lib/state/laptop.svelte"
import { configure, render, screen, waitFor, within } from "@testing-library/svelte"
import userEvent from "@testing-library/user-event"
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest"
import { MemoryHost } from "../../harness/memory/host"
import People from "./People.svelte"

let host: MemoryHost
let circle: string
let stop: () => void

beforeAll(() => {
  configure({ asyncUtilTimeout: 8000 })
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
})

beforeEach(async () => {
  host = new MemoryHost({ auto: false })
  host.world.name = "Cleo"
  circle = host.script.circle("Walkers", "interest", ["Anna", "Béla"])
  stop = follow(host)
  await vi.waitFor(() => expect(laptop.circles).toHaveLength(1), { timeout: 8000 })
  render(People, { props: { circle }, context: hostContext(host) })
  await screen.findByText("\u2068Cleo\u2069 (you)")
})

afterEach(() => stop())

it("tells who is near, and who left", async () => {
  expect(await screen.findByText("waiting until \u2068Béla\u2069’s laptop is near")).toBeTruthy()
  host.script.near(circle, "Anna")
  expect(await screen.findByText("near now")).toBeTruthy()
  host.script.leaves(circle, "Béla")
  const left = await screen.findByRole("region", { name: "Left" })
  expect(within(left).getByText("Béla")).toBeTruthy()
})

it("lets somebody in whom one invited, and shows who asks from the moment they do", async () => {
  const user = userEvent.setup()
  await user.click(screen.getByRole("button", { name: "Invite someone" }))
  expect(await screen.findByText(/Everything in this circle: no notes yet, no gatherings yet/u)).toBeTruthy()
  await user.click(screen.getByRole("button", { name: /^I remembered/u }))
  expect(screen.getByLabelText("A sentence to send along")).toHaveProperty(
    "value",
    "I remembered that you like this too. Shall we share what we find?",
  )
  await user.click(screen.getByRole("button", { name: "Make the invitation" }))
  await user.click(await screen.findByRole("button", { name: "Copy the message with the link" }))
  expect(host.copied).toMatch(/^I remembered[^]+snug:[a-z2-7]+$/u)
  expect(host.world.circle(circle).invitations).toMatchObject([{ confirm: true }])
  await user.click(screen.getByRole("button", { name: "Done" }))
  expect(await screen.findByText("Waiting for whoever you invited")).toBeTruthy()

  host.script.ask(circle, "Hanna")
  const asks = await screen.findByRole("region", { name: "\u2068Hanna\u2069 asks to come in" })
  await user.click(within(asks).getByRole("button", { name: "Let \u2068Hanna\u2069 in" }))
  expect(await screen.findByText("\u2068Hanna\u2069 is in.")).toBeTruthy()
  await waitFor(() => expect(screen.queryByRole("region", { name: "\u2068Hanna\u2069 asks to come in" })).toBeNull())
  expect(await screen.findByText("Hanna")).toBeTruthy()
})

it("says no to one of two who ask by one invitation", async () => {
  const user = userEvent.setup()
  await host.call("invite", { circle, expires: 86_400, confirm: true })
  host.script.ask(circle, "Hanna")
  host.script.ask(circle, "Hanno")
  expect(await screen.findAllByText(/Two people ask by the same invitation/u)).toHaveLength(2)
  const asks = screen.getByRole("region", { name: "\u2068Hanno\u2069 asks to come in" })
  await user.click(within(asks).getByRole("button", { name: "Not this time" }))
  expect(await screen.findByText("\u2068Hanno\u2069 gets a quiet no.")).toBeTruthy()
  expect(screen.getByRole("region", { name: "\u2068Hanna\u2069 asks to come in" })).toBeTruthy()
  expect(await screen.findByText("The invitation still holds.")).toBeTruthy()
  await user.click(screen.getByRole("button", { name: "Withdraw the invitation" }))
  await waitFor(() => expect(host.world.circle(circle).invitations).toMatchObject([{ state: "withdrawn" }]))
  await waitFor(() => expect(screen.queryByText("The invitation still holds.")).toBeNull())
})

it("changes one's own name here alone", async () => {
  const user = userEvent.setup()
  await user.click(screen.getByRole("button", { name: "Change your name here" }))
  const name = screen.getByLabelText("Name")
  await user.clear(name)
  await user.click(screen.getByRole("button", { name: "Save" }))
  expect(screen.getByText(/A name is needed/u)).toBeTruthy()
  await user.type(name, "Kleo{Enter}")
  expect(await screen.findByText("\u2068Kleo\u2069 (you)")).toBeTruthy()
  expect(host.world.name).toBe("Cleo")
})

it("says who keeps what before one leaves, and leaves in one step", async () => {
  const user = userEvent.setup()
  await user.click(screen.getByRole("button", { name: "Leave this circle" }))
  expect(screen.getByText(/The others keep what they have/u)).toBeTruthy()
  await user.click(screen.getByRole("button", { name: "Save a copy …" }))
  expect(await screen.findByText(/A copy is in \/home\/cleo\/Snug copy: no notes, no gatherings/u)).toBeTruthy()
  await user.click(screen.getByRole("button", { name: "Leave" }))
  await vi.waitFor(() => expect(laptop.circle(circle)?.state).not.toBe("member"), { timeout: 8000 })
})
