/** What can't be shown: a row with a time that no calendar has, and, for all that nobody thought of, a page that fails. */
import { describe, test } from "vitest"
import type { MemoryHost } from "../memory/host"
import { isHere } from "./browser"
import { READERS } from "./screens/screen"
import { Stage } from "./stage"

/** A laptop whose answers make pages fail, until it is mended. */
type Failing = MemoryHost & { mend?: () => void }

describe.runIf(isHere).concurrent("a member’s clock that no calendar has", () => {
  test("hides no note and no person", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.world(({ world, script }) => {
      const circle = world.circle("Five who read")
      script.note("Five who read", "From beyond")
      script.note("Five who read", "From the end")
      world.note(circle, "From beyond").changed = 9e15
      world.note(circle, "From the end").changed = 2 ** 64
      script.holds("Five who read", "Doro", 9e15)
    })
    const words = at.say("shell_no_calendar")
    for (const to of ["circle", "notes"] as const) {
      await at.go({ to, circle: READERS })
      for (const title of ["From beyond", "From the end"]) {
        const row = at.page.getByRole("listitem").filter({ hasText: title })
        await row.getByText(words, { exact: true }).waitFor()
        expect(await row.locator("time").count()).toBe(0)
      }
      await at.named("button", /The Door/).waitFor()
    }
    await at.go({ to: "people", circle: READERS })
    await at.page.getByRole("listitem").filter({ hasText: "Doro" }).getByText(at.say("people_seen", { when: words })).waitFor()
    expect(at.faults).toEqual([])
  })
})

describe.runIf(isHere).concurrent("a page that can’t be shown", () => {
  const fail = (at: Stage): Promise<void> =>
    at.world((host: Failing) => {
      const call = host.call.bind(host)
      const failing = async (command: string, fields: unknown): Promise<unknown> =>
        command === "note_list" && location.hash.startsWith("#notes")
          ? { notes: [{ id: "00", title: "Anna’s secret", changed: null, away: { get: 1 } }, null] }
          : call(command as "note_list", fields as never)
      host.call = failing as MemoryHost["call"]
      host.mend = () => (host.call = call)
    })

  test("says so calmly, is tried again, and the window around it stays", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await fail(at)
    await at.go({ to: "notes", circle: READERS })
    const title = at.by("heading", "shell_broken")
    await title.waitFor()
    await at.page.getByRole("alert").getByText(at.say("shell_broken_then"), { exact: true }).waitFor()
    expect(await at.page.getByRole("main").innerText()).not.toContain("secret")
    await at.by("button", "shell_try_again").click()
    await title.waitFor()
    await at.by("button", "shell_settings").waitFor()

    await at.by("button", "shell_broken_circle").click()
    await at.by("button", "circle_home_new_note").waitFor()
    expect(await title.count()).toBe(0)

    await at.go({ to: "notes", circle: READERS })
    await title.waitFor()
    await at.world((host: Failing) => host.mend?.())
    await at.by("button", "shell_try_again").click()
    await at.named("button", /The Door/).waitFor()
    expect(await title.count()).toBe(0)
    expect(at.faults, "nothing of it stands in the console").toEqual([])
  })

  test("in the sidebar leaves the page, and comes back", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.go({ to: "settings", section: "appearance" })
    await at.by("radio", "settings_theme_dark").waitFor()
    await at.world((host: Failing) => {
      const call = host.call.bind(host)
      const name = {
        toString(): string {
          throw new Error("Anna’s secret")
        },
      }
      const failing = async (command: string, fields: unknown): Promise<unknown> => {
        const answer = await call(command as "circle_list", fields as never)
        return command === "circle_list" ? { ...answer, circles: answer.circles.map((circle) => ({ ...circle, name })) } : answer
      }
      host.call = failing as MemoryHost["call"]
      host.mend = () => (host.call = call)
      host.tell({ event: "people", circle: "" })
    })
    const side = at.by("navigation", "shell_sidebar_label")
    await side.getByText(at.say("shell_broken_side"), { exact: true }).waitFor()
    await at.by("radio", "settings_theme_dark").waitFor()
    await at.world((host: Failing) => host.mend?.())
    await side.getByRole("button", { name: at.say("shell_try_again") }).click()
    await side.getByRole("button", { name: READERS }).waitFor()
    expect(at.faults).toEqual([])
  })
})
