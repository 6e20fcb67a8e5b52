/** What a person does with Snug, with the keyboard alone. */
import { describe, test } from "vitest"
import { traces } from "./checks/traces"
import { isFocused, press, tabTo, type } from "./keyboard"
import { EVENING, NOTE, READERS } from "./screens/screen"
import { isHere } from "./browser"
import { Stage } from "./stage"

const PASSPHRASE = "four small wooden boats"

const field = (at: Stage, key: string) => at.page.getByLabel(at.say(key), { exact: true })
const text = (at: Stage) => at.page.locator("[contenteditable=true]")

async function clean(at: Stage, { expect }: { expect: Chai }): Promise<void> {
  expect.soft(await traces(at.page), "traces").toEqual([])
  expect.soft(at.faults, "complaints").toEqual([])
}
type Chai = (typeof import("vitest"))["expect"]

describe.runIf(isHere).concurrent("with the keyboard alone", () => {
  test("first run", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("fresh")).during(context)
    await expect.poll(() => isFocused(field(at, "start_name_label")), { message: "one begins to type at once" }).toBe(true)
    await at.page.keyboard.type("Cleo")
    await at.page.keyboard.press("Enter")
    await expect.poll(() => isFocused(field(at, "start_passphrase_label")), { message: "and goes on typing" }).toBe(true)
    await type(at, field(at, "start_passphrase_label"), PASSPHRASE)
    await type(at, field(at, "start_again_label"), PASSPHRASE)
    await at.page.keyboard.press("Enter")
    await press(at, at.page.locator("main").getByRole("button", { name: at.say("shell_new_circle") }))
    await type(at, field(at, "circle_new_name"), "Walks")
    await tabTo(at, at.page.getByRole("radio", { checked: true }))
    await at.page.keyboard.press("ArrowDown")
    await at.page.keyboard.press("Enter")
    await at.named("heading", "Walks").waitFor()
    expect(await at.asks(({ world }) => world.circles.map(({ name, kind }) => [name, kind]))).toEqual([["Walks", "values"]])
    await clean(at, context)
  })

  test("invite", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.go({ to: "people", circle: READERS })
    const opener = at.by("button", "people_invite")
    await press(at, opener)
    await type(at, field(at, "people_invite_sentence"), "Come and read with us.")
    await press(at, at.by("button", "people_invite_make"))
    await press(at, at.by("button", "people_invite_copy_message"))
    await at.page.getByText(at.say("people_invite_copied"), { exact: true }).waitFor()
    expect(await at.asks(({ copied }) => copied)).toMatch(/^Come and read with us\.\n[^]*\nsnug:/)
    await press(at, at.by("button", "people_invite_done"))
    await expect.poll(() => isFocused(opener), { message: "the focus is where it was" }).toBe(true)
    await at.by("heading", "people_open_title").waitFor()
    await clean(at, context)
  })

  test("join", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await press(at, at.by("button", "shell_join_circle"))
    await type(at, field(at, "people_join_link"), await at.asks(({ script }) => `Hello, here it is: ${script.link()}`))
    await at.page.keyboard.press("Enter")
    await at.page.getByText(at.say("people_join_look_text"), { exact: true }).waitFor()
    await at.world(({ script }) => script.met())
    await at.page.getByText(at.say("people_join_wait_text"), { exact: true }).waitFor()
    await at.world(({ script }) => void script.admit("Sunday walkers"))
    await press(at, at.by("button", "people_join_open"))
    await at.page.getByRole("heading", { level: 1, name: "Sunday walkers" }).waitFor()
    expect(await at.page.content(), "the link is a key, and gone").not.toContain("snug:")
    await clean(at, context)
  })

  test("write a note", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await press(at, at.by("button", "circle_home_new_note"))
    const title = field(at, "note_title_label")
    await expect.poll(() => isFocused(title), { message: "a new note begins with its title" }).toBe(true)
    await at.page.keyboard.type("Bread")
    await at.page.keyboard.press("Enter")
    await expect.poll(() => isFocused(text(at)), { message: "Enter goes on into the text" }).toBe(true)
    const { keyboard } = at.page
    await keyboard.press("Control+Alt+2")
    await keyboard.type("Dough")
    await keyboard.press("Enter")
    await keyboard.type("Flour and ")
    await keyboard.press("Control+b")
    await keyboard.type("water")
    // Through the toolbar.
    await keyboard.press("Alt+F10")
    const toolbar = at.page.getByRole("toolbar")
    expect(await toolbar.evaluate((bar) => bar.contains(document.activeElement)), "Alt+F10 goes to the toolbar").toBe(true)
    const italic = toolbar.getByRole("button", { name: at.say("note_italic") })
    for (let step = 0; step < 8 && !(await isFocused(italic)); step++) await keyboard.press("ArrowRight")
    expect(await isFocused(italic), "arrows move in it").toBe(true)
    await keyboard.press("Enter")
    await keyboard.press("Escape")
    await expect.poll(() => isFocused(text(at)), { message: "Escape goes back to the text" }).toBe(true)
    await keyboard.type(" and time")
    // Tab leaves the editor, and writes nothing.
    await keyboard.press("Tab")
    expect(await isFocused(text(at)), "Tab leaves the editor").toBe(false)
    await at.page.getByText(at.say("note_saved"), { exact: true }).waitFor()
    await expect
      .poll(() => at.asks(({ world }) => world.note(world.circle("Five who read"), "Bread").blocks))
      .toEqual([
        { kind: "heading", level: 2, runs: [{ text: "Dough" }] },
        {
          kind: "paragraph",
          runs: [{ text: "Flour and " }, { text: "water", strong: true }, { text: " and time", strong: true, em: true }],
        },
      ])
    await clean(at, context)
  })

  test("answer a gathering", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await press(at, at.by("button", "circle_home_all_gatherings"))
    await press(at, at.named("button", new RegExp(EVENING)))
    await tabTo(at, at.by("radio", "gathering_answer_yes"))
    await at.page.keyboard.press("Space")
    await at.page.getByText(at.say("gathering_answer_saved"), { exact: true }).waitFor()
    await at.page.keyboard.press("ArrowRight")
    await expect
      .poll(() =>
        at.asks(({ world }) => {
          const circle = world.circle("Five who read")
          return world.plan(circle, "Reading evening").answers.get(world.me(circle).id)
        }),
      )
      .toBe("if-need-be")
    await clean(at, context)
  })

  test("propose a gathering", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await press(at, at.by("button", "circle_home_propose"))
    await type(at, field(at, "gathering_form_title"), "Coffee for two")
    await type(at, at.by("spinbutton", "shell_date_day"), "31012031")
    // The calendar, from there: a month and a day on, and back to what opened it.
    await at.page.keyboard.press("Alt+ArrowDown")
    await at.page.getByRole("grid").waitFor()
    await at.page.keyboard.press("PageDown")
    await at.page.keyboard.press("ArrowRight")
    await at.page.keyboard.press("Enter")
    await at.page.getByRole("grid").waitFor({ state: "detached" })
    expect(await isFocused(at.by("button", "shell_calendar_open")), "the focus is at what opened it").toBe(true)
    await type(at, at.by("spinbutton", "shell_time_hour"), "1830")
    await type(at, at.by("combobox", "gathering_form_zone"), "Lisb")
    await at.page.keyboard.press("Enter")
    await type(at, field(at, "gathering_form_place"), "The corner")
    await at.page.keyboard.press("Enter")
    await at.page.getByRole("heading", { level: 1, name: "Coffee for two" }).waitFor()
    expect(await at.asks(({ world }) => world.circle("Five who read").plans.at(-1))).toMatchObject({
      place: "The corner",
      at: { local: "2031-03-01T18:30", zone: "Europe/Lisbon" },
    })
    await clean(at, context)
  })

  test("the palette", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    const before = at.by("button", "circle_home_propose")
    await tabTo(at, before)
    await at.page.keyboard.press("Control+k")
    await at.page.getByRole("option", { name: NOTE }).waitFor()
    await at.page.keyboard.press("Escape")
    await expect.poll(() => isFocused(before), { message: "Escape gives the focus back" }).toBe(true)
    await at.page.keyboard.press("Control+k")
    await at.page.getByRole("option", { name: NOTE }).waitFor()
    await at.page.keyboard.type("we read next")
    await at.page.getByRole("option").first().waitFor()
    await at.page.keyboard.press("Enter")
    await text(at).waitFor()
    expect(await field(at, "note_title_label").inputValue()).toBe(NOTE)
    await clean(at, context)
  })

  test("the palette, closed by the keys that open it", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    const before = at.by("button", "circle_home_propose")
    await tabTo(at, before)
    await at.page.keyboard.press("Control+k")
    await at.page.getByRole("option", { name: NOTE }).waitFor()
    await at.page.keyboard.press("Control+k")
    await expect.poll(() => isFocused(before), { message: "the focus is where it was" }).toBe(true)
    await clean(at, context)
  })

  test("open each kind of page: its title is read next", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    const title = at.page.locator("main h1")
    const opened = async (page: string): Promise<void> => {
      await expect.poll(() => isFocused(title), { message: page }).toBe(true)
    }
    await press(at, at.by("button", "circle_home_all_gatherings"))
    await opened("gatherings")
    await press(at, at.named("button", new RegExp(EVENING)))
    await at.named("heading", EVENING).waitFor()
    await opened("a gathering")
    await press(at, at.by("button", "shell_back"), "Enter")
    await opened("gatherings, by the way back")
    await at.page.keyboard.press("Alt+ArrowLeft")
    await at.go({ to: "circle", circle: READERS })
    await press(at, at.page.locator("main").getByRole("button", { name: new RegExp(NOTE) }))
    await text(at).waitFor()
    await opened("a note")
    await clean(at, context)
  })

  test("what can’t be done by a shortcut says so, and the focus goes back", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    const before = at.by("button", "circle_home_new_note")
    await tabTo(at, before)
    await at.world((host) => host.fail("note_new", "disk_full"))
    await at.page.keyboard.press("Control+n")
    await at.page.getByText(at.say("errors_disk_full_what"), { exact: true }).waitFor()
    await at.page.keyboard.press("Escape")
    await expect.poll(() => isFocused(before), { message: "after the dialog" }).toBe(true)
    // What a page says itself.
    await at.world((host) => host.fail("note_new", "disk_full"))
    await at.page.keyboard.press("Enter")
    await press(at, at.page.getByRole("alert").getByRole("button", { name: at.say("shell_close") }))
    await expect.poll(() => isFocused(before), { message: "after the note of the page" }).toBe(true)
    await clean(at, context)
  })

  test("lock and open", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.go({ to: "gathering", circle: READERS, plan: EVENING })
    await at.named("heading", EVENING).waitFor()
    await at.page.keyboard.press("Control+Shift+L")
    const passphrase = field(at, "start_unlock_label")
    await expect.poll(() => isFocused(passphrase), { message: "one types at once" }).toBe(true)
    expect(await at.page.locator("body").innerText(), "nothing of a circle is told").not.toMatch(/read|Two of us|\d/)
    await at.page.keyboard.type("five small wooden boats")
    await at.page.keyboard.press("Enter")
    await at.page.getByText(at.say("errors_wrong_passphrase_what")).waitFor()
    expect(await isFocused(passphrase), "and types again").toBe(true)
    await at.page.keyboard.press("Control+a")
    await at.page.keyboard.type(PASSPHRASE)
    await at.page.keyboard.press("Enter")
    await at.named("heading", EVENING).waitFor()
    await clean(at, context)
  })
})
