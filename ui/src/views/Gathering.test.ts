import GatheringForm from "@/features/gathering/GatheringForm.svelte"
import { hostContext } from "@/lib/host/context"
import { HostError } from "@/lib/host/error"
import { cleanup, configure, render, screen, waitFor } from "@testing-library/svelte"
import userEvent from "@testing-library/user-event"
import { beforeAll, beforeEach, expect, it, vi } from "vitest"
import { MemoryHost } from "../../harness/memory/host"
import Gathering from "./Gathering.svelte"

let host: MemoryHost
let circle: string
let plan: string

beforeAll(() => {
  configure({ asyncUtilTimeout: 8000 })
  // jsdom knows dialogs, and not how to open them; it has no layout to scroll.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
  Element.prototype.scrollIntoView = () => undefined
})

beforeEach(async () => {
  host = new MemoryHost({ auto: false })
  host.world.name = "Cleo"
  circle = host.script.circle("Walkers", "interest", ["Anna"])
  plan = host.script.plan(circle, "Walk", "2030-12-01T18:00", "Europe/Budapest", "The oak")
  render(Gathering, { props: { circle, plan }, context: hostContext(host) })
  await screen.findByRole("heading", { name: "Walk" })
})

const show = async (): ReturnType<typeof host.call<"plan_show">> => host.call("plan_show", { circle, plan })

it("writes what was typed over what somebody else changed meanwhile", async () => {
  const user = userEvent.setup()
  await user.click(screen.getByRole("button", { name: "Change" }))
  await user.type(screen.getByLabelText("Where"), ", at the north side")
  await host.call("plan_change", { circle, plan, title: "Evening walk", place: "The gate" })

  await waitFor(() => expect(screen.getByLabelText("What is it?")).toHaveProperty("value", "Evening walk"))
  expect(screen.getByLabelText("Where")).toHaveProperty("value", "The oak, at the north side")
  expect(screen.getByText(/Somebody changed this meanwhile/u)).toBeTruthy()

  const call = vi.spyOn(host, "call")
  await user.click(screen.getByRole("button", { name: "Save" }))
  await waitFor(async () => expect(await show()).toMatchObject({ title: "Evening walk", place: "The oak, at the north side" }))
  expect(call).toHaveBeenCalledWith("plan_change", { circle, plan, place: "The oak, at the north side" })
})

it("takes the time away when both are emptied, and asks for the other when one is", async () => {
  const user = userEvent.setup()
  await user.click(screen.getByRole("button", { name: "Change" }))
  await user.click(screen.getByRole("spinbutton", { name: "Hours" }))
  await user.keyboard("{Delete}{Tab}{Delete}")
  await user.click(screen.getByRole("button", { name: "Save" }))
  expect(screen.getByText("What time does it begin?")).toBeTruthy()
  expect((await show()).at).not.toBeNull()

  await user.click(screen.getByRole("spinbutton", { name: "Day" }))
  await user.keyboard("{Delete}{Tab}{Delete}")
  expect(screen.getByText("The date isn’t whole yet. It takes a day, a month and a year.")).toBeTruthy()
  expect(screen.getByRole("spinbutton", { name: "Year" }).hasAttribute("aria-invalid"), "what is there is right").toBe(false)
  await user.keyboard("{Tab}{Delete}")
  await user.click(screen.getByRole("button", { name: "Save" }))
  await waitFor(async () => expect((await show()).at).toBeNull())
})

it("takes a date by its parts, and tells of a day that isn't there", async () => {
  const user = userEvent.setup()
  await user.click(screen.getByRole("button", { name: "Change" }))
  await user.click(screen.getByText("Date"))
  await user.keyboard("30022031")
  await user.click(screen.getByRole("button", { name: "Save" }))
  expect(screen.getByText("There is no such day: that month is shorter.")).toBeTruthy()
  await user.click(screen.getByRole("spinbutton", { name: "Day" }))
  await user.keyboard("28{Tab}{Tab}{Tab}{ArrowUp}{ArrowRight}45{Enter}")
  await waitFor(async () => expect((await show()).at?.local).toBe("2031-02-28T19:45"))
})

it("proposes one gathering, though Enter is pressed twice in a part of its time", async () => {
  const user = userEvent.setup()
  cleanup()
  render(GatheringForm, { props: { open: true, circle }, context: hostContext(host) })
  const call = vi.spyOn(host, "call")
  await user.type(screen.getByLabelText("What is it?"), "Coffee")
  await user.click(screen.getByRole("spinbutton", { name: "Day" }))
  await user.keyboard("03122031")
  await user.click(screen.getByRole("spinbutton", { name: "Hours" }))
  await user.keyboard("1000")
  const part = document.activeElement ?? document.body
  for (const key of ["Enter", "Enter"]) part.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }))
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull())
  expect(call.mock.calls.filter(([name]) => name === "plan_new")).toHaveLength(1)
})

it("picks a day from the calendar, which Escape alone closes", async () => {
  const user = userEvent.setup()
  await user.click(screen.getByRole("button", { name: "Change" }))
  const opener = screen.getByRole("button", { name: "Choose a day" })
  await user.click(opener)
  expect(document.activeElement?.getAttribute("aria-label")).toMatch(/^Sunday,? 1 December 2030$/u)
  const escape = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true })
  document.activeElement?.dispatchEvent(escape)
  expect(escape.defaultPrevented).toBe(true)
  await waitFor(() => expect(screen.queryByRole("grid")).toBeNull())
  expect(document.activeElement).toBe(opener)

  await user.keyboard("{Enter}{PageDown}{ArrowRight}{Enter}")
  expect(screen.queryByRole("grid")).toBeNull()
  expect(screen.getByRole("spinbutton", { name: "Month" }).getAttribute("aria-valuetext")).toBe("January")
  await user.click(opener)
  await user.click(screen.getByLabelText("Where"))
  expect(screen.queryByRole("grid"), "whoever goes on closes it").toBeNull()
  await user.click(screen.getByRole("button", { name: "Save" }))
  await waitFor(async () => expect((await show()).at?.local).toBe("2031-01-02T18:00"))
})

it("keeps the form, and what was typed, where it can't be saved", async () => {
  const user = userEvent.setup()
  await user.click(screen.getByRole("button", { name: "Change" }))
  await user.type(screen.getByLabelText("Where"), "!")
  host.fail("plan_change", "disk_full")
  await user.click(screen.getByRole("button", { name: "Save" }))
  expect(await screen.findByRole("alert")).toBeTruthy()
  expect(screen.getByLabelText("Where")).toHaveProperty("value", "The oak!")
})

it("shows an answer at once, and takes it back where it wasn't saved", async () => {
  const user = userEvent.setup()
  expect(screen.getByText("Silence is fine too.")).toBeTruthy()
  await user.click(screen.getByRole("radio", { name: "If need be" }))
  expect(await screen.findByText("Your answer is saved on this laptop.")).toBeTruthy()
  expect((await show()).answers.find(({ me }) => me)?.answer).toBe("if-need-be")

  host.fail("plan_answer", "disk_full")
  await user.click(screen.getByRole("radio", { name: "Yes" }))
  expect(await screen.findByRole("alert")).toBeTruthy()
  expect(screen.getByRole("radio", { name: "If need be" })).toHaveProperty("checked", true)
})

it("sends answers one after the other, and shows what became of the last", async () => {
  const call = host.call.bind(host)
  const sent: string[] = []
  let fail = (_why: HostError): void => undefined
  vi.spyOn(host, "call").mockImplementation(async (command, fields) => {
    if (command === "plan_answer") {
      sent.push((fields as { answer: string }).answer)
      // The first stays out until it fails.
      if (sent.length === 1) await new Promise((_, reject) => (fail = reject))
    }
    return call(command, fields)
  })
  const user = userEvent.setup()
  for (const name of ["If need be", "Yes", "Not this time"]) await user.click(screen.getByRole("radio", { name }))
  expect(sent).toEqual(["if-need-be"])
  fail(new HostError("disk_full", "full"))
  expect(await screen.findByText("Your answer is saved on this laptop.")).toBeTruthy()
  expect(sent).toEqual(["if-need-be", "not-this-time"])
  expect(screen.queryByRole("alert"), "an older failure is over").toBeNull()
  expect((await show()).answers.find(({ me }) => me)?.answer).toBe("not-this-time")
})

it("stays open while it is being saved, so that it can say why it wasn't", async () => {
  const call = host.call.bind(host)
  let fail = (_why: HostError): void => undefined
  vi.spyOn(host, "call").mockImplementation(async (command, fields) => {
    if (command === "plan_change") await new Promise((_, reject) => (fail = reject))
    return call(command, fields)
  })
  const user = userEvent.setup()
  await user.click(screen.getByRole("button", { name: "Change" }))
  await user.type(screen.getByLabelText("Where"), "!")
  await user.click(screen.getByRole("button", { name: "Save" }))
  for (const name of ["Close", "Cancel"]) await user.click(screen.getByRole("button", { name }))
  const dialog = screen.getByRole("dialog")
  for (const event of [new Event("cancel", { cancelable: true }), new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true })]) {
    dialog.dispatchEvent(event)
    expect(event.defaultPrevented, event.type).toBe(true)
  }
  fail(new HostError("disk_full", "full"))
  expect(await screen.findByRole("alert")).toBeTruthy()
  await user.click(screen.getByRole("button", { name: "Cancel" }))
  expect(screen.queryByRole("dialog")).toBeNull()
})

it("shows what the others answer while it is looked at", async () => {
  host.script.answer(circle, "Walk", "Anna", "not-this-time")
  await waitFor(() => expect(screen.getAllByText("Not this time")).toHaveLength(2))
})

it("finds a zone by the keyboard; Escape closes its list and nothing else", async () => {
  const user = userEvent.setup()
  await user.click(screen.getByRole("button", { name: "Change" }))
  const zone = screen.getByRole("combobox", { name: "On the clocks of" })
  await user.click(zone)
  await user.keyboard("tok")
  expect(screen.getByRole("option", { selected: true }).textContent).toContain("Tokyo")
  const escape = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true })
  zone.dispatchEvent(escape)
  expect(escape.defaultPrevented).toBe(true)
  await waitFor(() => expect(screen.queryByRole("option")).toBeNull())
  expect(zone).toHaveProperty("value", "Budapest")

  await user.keyboard("{ArrowDown}")
  await user.keyboard("new york{Enter}")
  expect(zone).toHaveProperty("value", "New York")
})
