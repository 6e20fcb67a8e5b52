/** A note that the editor can't show. */
import { configure, render, screen } from "@testing-library/svelte"
import userEvent from "@testing-library/user-event"
import { beforeAll, beforeEach, expect, it, vi } from "vitest"
import { hostContext } from "@/lib/host/context"
import { startAutomerge } from "../../harness/memory/automerge"
import { MemoryHost } from "../../harness/memory/host"
import PlainNote from "./PlainNote.svelte"
import { unadded } from "./unsaved"

let host: MemoryHost
let where: { circle: string; note: string }

const open = () =>
  render(PlainNote, { props: { ...where, error: new Error("internal"), onretry: () => undefined }, context: hostContext(host) })
const field = () => screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Write at the end of the note" })
const text = (): string => host.world.note(host.world.circle(where.circle), where.note).text

beforeAll(async () => {
  configure({ asyncUtilTimeout: 8000 })
  await startAutomerge()
})

beforeEach(() => {
  host = new MemoryHost({ auto: false })
  const circle = host.script.circle("Walkers", "interest", ["Anna"])
  where = { circle, note: host.script.note(circle, "N", "first") }
})

it("keeps what can’t be added when it is left, until it is added", async () => {
  const user = userEvent.setup()
  const shown = open()
  await user.type(await field(), "precious")
  host.fail("note_append", "disk_full")
  shown.unmount()
  await vi.waitFor(() => expect(unadded.of(where)).toBe("precious"))
  const again = open()
  expect((await field()).value).toBe("precious")
  again.unmount()
  await vi.waitFor(() => expect(text()).toBe("first\nprecious"))
  open()
  expect((await field()).value).toBe("")
})

it("says that its text couldn’t be copied", async () => {
  const user = userEvent.setup()
  open()
  host.fail("copy", "internal")
  await user.click(await screen.findByRole("button", { name: "Copy the whole text" }))
  expect(await screen.findByText(/^Something went wrong/u)).toBeTruthy()
  await user.click(screen.getByRole("button", { name: "Copy the whole text" }))
  expect(await screen.findByRole("button", { name: "Copied" })).toBeTruthy()
  expect(screen.queryByText(/^Something went wrong/u)).toBeNull()
  expect(host.copied).toContain("first")
})
