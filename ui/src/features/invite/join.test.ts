import { hostContext } from "@/lib/host/context"
import { configure, render, screen, within } from "@testing-library/svelte"
import userEvent from "@testing-library/user-event"
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { MemoryHost } from "../../../harness/memory/host"
import JoinForm from "./JoinForm.svelte"

let host: MemoryHost
const onopen = vi.fn()
const onclose = vi.fn()

beforeAll(() => {
  configure({ asyncUtilTimeout: 8000 })
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
})

beforeEach(() => {
  host = new MemoryHost({ auto: false })
  host.world.name = "Cleo"
  onopen.mockReset()
})

function form(join?: string): void {
  render(JoinForm, { props: { name: "Cleo", onopen, onclose, ...(join && { join }) }, context: hostContext(host) })
}

async function ask(pasted: string): Promise<ReturnType<typeof userEvent.setup>> {
  const user = userEvent.setup()
  await user.click(screen.getByLabelText("Your invitation"))
  await user.paste(pasted)
  await user.click(screen.getByRole("button", { name: "Ask to come in" }))
  return user
}

it("goes from a message to the circle", async () => {
  form()
  const link = host.script.link("walkers")
  const user = userEvent.setup()
  await user.click(screen.getByLabelText("Your invitation"))
  await user.paste(`Lately I’ve been missing someone.\n\n${link}\nYours`)
  expect(screen.getByLabelText("Your invitation")).toHaveProperty("value", link)
  expect(screen.getByText("Found the link in what you pasted.")).toBeTruthy()
  await user.clear(screen.getByLabelText("Your name in this circle"))
  await user.type(screen.getByLabelText("Your name in this circle"), " Kleopatra ")
  await user.click(screen.getByRole("button", { name: "Ask to come in" }))

  expect(await screen.findByText(/Both laptops need Snug open/u)).toBeTruthy()
  expect(host.world.wishes).toMatchObject([{ link, name: "Kleopatra" }])
  host.script.met()
  expect(await screen.findByText(/whoever invited you is asked/u)).toBeTruthy()
  const circle = host.script.admit()
  const open = await screen.findByRole("button", { name: "Open the circle" })
  expect(document.activeElement).toBe(open)
  await user.keyboard("{Enter}")
  expect(onopen).toHaveBeenCalledWith(circle)
})

it("says what is wrong with a link where it was pasted", async () => {
  form()
  const user = await ask("come to the snug")
  expect(screen.getByText(/There is no invitation in this text/u)).toBeTruthy()
  await user.clear(screen.getByLabelText("Your invitation"))
  await ask(host.script.link("walkers").slice(0, 40))
  expect(await screen.findByText(/a piece of it is missing or changed/u)).toBeTruthy()
  await user.clear(screen.getByLabelText("Your invitation"))
  expect(screen.queryByText(/a piece of it is missing or changed/u)).toBeNull()
  await ask(host.script.link("newer"))
  expect(await screen.findByText(/made by a newer Snug/u)).toBeTruthy()
  expect(host.world.wishes).toEqual([])
})

describe("an invitation that doesn't open the door", () => {
  it.each([
    ["used", /come in by it already/u],
    ["expired", /Its time is over/u],
    ["withdrawn", /taken back/u],
    ["declined", /not this time/u],
    ["full", /Too many/u],
    ["already_in", /in this circle already/u],
    ["other", /a newer Snug knows/u],
  ] as const)("says so: %s", async (reason, words) => {
    form()
    const user = await ask(host.script.link("walkers"))
    host.script.refuse(reason)
    expect(await screen.findByText(words)).toBeTruthy()
    await user.click(screen.getByRole("button", { name: "Use another invitation" }))
    expect(screen.getByLabelText("Your invitation")).toHaveProperty("value", "")
  })
})

it("gives a wish up when somebody says so, and says what that means", async () => {
  const { join } = await host.call("join", { link: host.script.link("walkers"), name: "Cleo", dial: [] })
  form(join)
  const user = userEvent.setup()
  await user.click(await screen.findByRole("button", { name: "Stop asking" }))
  const dialog = await screen.findByRole("dialog", { name: "Stop asking to come in?" })
  await user.click(within(dialog).getByRole("button", { name: "Cancel" }))
  expect(host.world.wishes).toHaveLength(1)
  await user.click(screen.getByRole("button", { name: "Stop asking" }))
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Stop asking" }))
  await vi.waitFor(() => expect(onclose).toHaveBeenCalledOnce())
  expect(host.world.wishes).toEqual([])
})

it("goes on with a wish that stands, and knows when it is gone", async () => {
  const { join } = await host.call("join", { link: host.script.link("walkers"), name: "Cleo", dial: [] })
  host.script.met()
  form(join)
  expect(await screen.findByText(/whoever invited you is asked/u)).toBeTruthy()
  host.world.wishes.length = 0
  host.script.missed()
  expect(await screen.findByText(/doesn’t know this wish/u)).toBeTruthy()
})
