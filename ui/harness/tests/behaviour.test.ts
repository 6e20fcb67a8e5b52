/** How Snug behaves when others do something, when something fails, and when one likes it otherwise. */
import type { ErrorCode } from "@/lib/api/generated/errors"
import { describe, test } from "vitest"
import { EVENING, NOTE, PAIR, READERS } from "./screens/screen"
import { isHere } from "./browser"
import { ENLARGED, Stage, USUAL } from "./stage"
import { keysOf } from "./words"

const text = (at: Stage) => at.page.locator("[contenteditable=true]")

describe.runIf(isHere).concurrent("others", () => {
  test("write in the note in which one writes: the caret stays with one's own words", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.go({ to: "note", circle: READERS, note: NOTE })
    await text(at).getByText("We keep a page").click()
    await at.page.keyboard.press("End")
    await at.page.keyboard.type(" Mine first")
    await at.world(({ script }) => script.type("Five who read", "What we read next", 1, "THEIRS "))
    await text(at).getByText("THEIRS Next").waitFor()
    await at.page.keyboard.type(", and mine after.")
    await expect
      .poll(() => at.asks(({ script }) => script.text("Five who read", "What we read next")))
      .toMatch(/^THEIRS Next\n[^]*here\. Mine first, and mine after\.$/)
    expect(at.faults).toEqual([])
  })

  test("write a note: it is in the list at once, and the focus stays", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.go({ to: "notes", circle: READERS })
    await at.named("button", /The Door/).focus()
    await at.world(({ script }) => void script.note("Five who read", "Brought by Anna"))
    await at.named("button", /Brought by Anna/).waitFor()
    expect(await at.page.evaluate(() => document.activeElement?.textContent)).toContain("The Door")
  })

  test("change a gathering while one changes it: what one typed is kept, the rest is up to date", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.go({ to: "gathering", circle: READERS, plan: EVENING })
    await at.by("button", "gathering_change").click()
    const title = at.page.getByLabel(at.say("gathering_form_title"), { exact: true })
    await title.fill("A long evening")
    await at.world((host) => {
      const circle = host.world.circle("Five who read")
      const plan = host.world.plan(circle, "Reading evening")
      plan.place = "Béla’s garden"
      host.tell({ event: "changed", circle: circle.id, document: plan.id })
    })
    await at.page.getByText(at.say("gathering_form_others"), { exact: true }).waitFor()
    expect(await title.inputValue()).toBe("A long evening")
    expect(await at.page.getByLabel(at.say("gathering_form_place"), { exact: true }).inputValue()).toBe("Béla’s garden")
  })

  test("answer, come near, leave: it is shown without being asked for", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.go({ to: "gathering", circle: READERS, plan: EVENING })
    const emre = at.page.getByRole("listitem").filter({ hasText: "Emre" })
    await emre.getByText(at.say("gathering_answer_none")).waitFor()
    await at.world(({ script }) => script.answer("Five who read", "Reading evening", "Emre", "yes"))
    await emre.getByText(at.say("gathering_answer_yes")).waitFor()
    await at.go({ to: "people", circle: READERS })
    await at.world(({ script }) => script.near("Five who read", "Emre"))
    await emre.getByText(at.say("people_near")).waitFor()
    await at.world(({ script }) => script.leaves("Five who read", "Emre"))
    await at.by("heading", "people_left").waitFor()
    expect(at.faults).toEqual([])
  })

  test("have heard that one left the last circle: it goes, and one can begin anew", async (context) => {
    const at = (await Stage.enter("home")).during(context)
    await at.go({ to: "people", circle: READERS })
    await at.world((host) => {
      const left = host.world.circles.splice(0)
      for (const { id } of left) host.tell({ event: "people", circle: id })
    })
    await at.by("button", "shell_new_circle").waitFor()
    await at.by("button", "shell_settings").click()
    await at.by("button", "shell_join_circle").click()
    await at.by("textbox", "people_join_link").waitFor()
    context.expect(at.faults).toEqual([])
  })

  test("ask to come in, and are let in or told no", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.world(({ world, join }) => {
      const circle = world.circle("Five who read")
      circle.invitations.push({ id: "3f".repeat(16), state: "open", expires: Date.now() + 6e8, confirm: true, asking: [] })
      join.ask(circle, "Gabriella")
      join.ask(circle, "Somebody")
    })
    // It is seen in the sidebar on every page, and where that is away.
    await at.go({ to: "notes", circle: PAIR })
    const two = at.say("circle_asking", { count: 2 })
    await at.page.getByRole("navigation").getByText(two, { exact: true }).waitFor()
    await at.page.getByRole("status").getByText(at.say("circle_asking_in", { circle: READERS, asking: two })).waitFor({ state: "attached" })
    await at.resize(ENLARGED)
    await at.named("button", two).click()
    await at.by("button", "people_asks_let_in", { name: "Gabriella" }).waitFor()
    await at.resize(USUAL)
    await at.go({ to: "people", circle: READERS })
    await at.page.getByRole("region", { name: /Somebody/ }).getByRole("button", { name: at.say("people_asks_decline") }).click()
    await at.page.getByText(at.say("people_asks_declined_done", { name: "Somebody" }), { exact: true }).waitFor()
    await at.by("button", "people_asks_let_in", { name: "Gabriella" }).click()
    await at.page.getByText(at.say("people_asks_let_in_done", { name: "Gabriella" }), { exact: true }).waitFor()
    expect(await at.asks(({ world }) => world.circle("Five who read").people.map(({ name }) => name))).toContain("Gabriella")
    await at.page.getByRole("navigation").getByText(at.say("circle_asking", { count: 1 })).waitFor({ state: "detached" })
  })
})

describe.runIf(isHere).concurrent("what fails", () => {
  test("is told by its code, in words, and never as the core said it", { timeout: 120_000 }, async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    const codes = keysOf("errors").flatMap((key) => /^errors_(.*)_what$/.exec(key)?.slice(1) ?? [])
    expect(codes.length).toBeGreaterThan(30)
    for (const code of codes as ErrorCode[]) {
      await at.page.evaluate(
        (why) => (window as unknown as { __host: { fail(what: string, code: string): void } }).__host.fail("note_new", why),
        code,
      )
      await at.by("button", "circle_home_new_note").click()
      const note = at.page.getByRole("alert")
      await note.getByText(at.say(`errors_${code}_what`), { exact: true }).waitFor()
      expect(await note.innerText()).not.toContain("scripted")
      await note.getByRole("button", { name: at.say("shell_close") }).click()
      await note.waitFor({ state: "detached" })
    }
  })

  test("a link that was used says so, and another may be tried", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.by("button", "shell_join_circle").click()
    await at.page.getByLabel(at.say("people_join_link"), { exact: true }).fill(await at.asks(({ script }) => script.link("used")))
    await at.by("button", "people_join_submit").click()
    await at.page.getByText(at.say("people_join_look_text"), { exact: true }).waitFor()
    await at.world(({ script }) => script.refuse("used"))
    await at.page.getByText(at.say("people_join_refused_used"), { exact: true }).waitFor()
    await at.by("button", "people_join_again").click()
    expect(await at.page.getByLabel(at.say("people_join_link"), { exact: true }).inputValue()).toBe("")
  })

  test("a wish that goes nowhere can be given up, from the sidebar too", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.world(({ join, script }) => void join.begin(script.link(), "Cleo"))
    const menu = at.by("button", "people_wish_menu", { name: "Cleo" })
    await menu.click()
    await at.by("menuitem", "people_wish_stop").click()
    // The safe choice has the focus.
    await expect.poll(() => at.by("button", "shell_cancel").evaluate((one) => one === document.activeElement)).toBe(true)
    await at.by("dialog", "people_wish_stop_title").getByRole("button", { name: at.say("people_wish_stop"), exact: true }).click()
    await menu.waitFor({ state: "detached" })
    expect(await at.asks(({ world }) => world.wishes)).toEqual([])
    expect(at.faults).toEqual([])
  })

  test("whoever thinks of leaving stays by Enter", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.by("button", "circle_menu").click()
    await at.by("menuitem", "circle_menu_leave").click()
    await at.by("button", "circle_leave_stay").waitFor()
    await at.page.keyboard.press("Enter")
    await at.by("button", "circle_leave_stay").waitFor({ state: "detached" })
    expect(await at.asks(({ world }) => world.circles.length)).toBe(2)
  })

  test("a link that is cut is told beside its field", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.by("button", "shell_join_circle").click()
    const link = at.page.getByLabel(at.say("people_join_link"), { exact: true })
    await link.fill((await at.asks(({ script }) => script.link())).slice(0, 60))
    await at.by("button", "people_join_submit").click()
    await expect.poll(() => link.getAttribute("aria-invalid")).toBe("true")
    expect(await link.evaluate((field) => field === document.activeElement)).toBe(true)
  })

  test("what can’t be saved stays in sight, and is saved when it can be", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.go({ to: "note", circle: READERS, note: NOTE })
    await at.world((host) => host.fail("note_write", "disk_full", 2))
    await text(at).getByText("We keep a page").click()
    await at.page.keyboard.press("End")
    await at.page.keyboard.type("!")
    await at.page.getByText(at.say("note_halted_unsaved"), { exact: true }).waitFor()
    expect(await text(at).or(at.page.locator(".ProseMirror")).first().innerText()).toContain("here.!")
    for (let tries = 0; tries < 3 && (await at.by("button", "shell_try_again").isVisible()); tries++)
      await at.by("button", "shell_try_again").click()
    await expect.poll(() => at.asks(({ script }) => script.text("Five who read", "What we read next"))).toContain("here.!")
  })
})

describe.runIf(isHere).concurrent("one’s own way", () => {
  test("another language is there at once, everywhere", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.go({ to: "settings", section: "language" })
    await at.named("radio", "Deutsch").check({ force: true })
    at.language = "de"
    await at.page.getByRole("heading", { level: 1, name: at.say("shell_settings") }).waitFor()
    await at.by("button", "shell_go").or(at.page.getByText(at.say("shell_go"))).first().waitFor()
    expect(await at.page.evaluate(() => document.documentElement.lang)).toBe("de")
    expect(await at.asks(({ preference }) => preference.language)).toBe("de")
  })

  test("dark, light, or as the system has it", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    const background = () => at.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
    const [light, dark] = ["rgb(251, 247, 240)", "rgb(29, 26, 23)"]
    await at.go({ to: "settings", section: "appearance" })
    expect(await background()).toBe(light)
    await at.by("radio", "settings_theme_dark").check({ force: true })
    await expect.poll(background).toBe(dark)
    await at.by("radio", "settings_theme_system").check({ force: true })
    await expect.poll(background).toBe(light)
    await at.page.emulateMedia({ colorScheme: "dark" })
    await expect.poll(background).toBe(dark)
  })

  test("leaving the network is one switch, and says what it does", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.go({ to: "settings", section: "privacy" })
    await at.by("switch", "settings_network_switch").click()
    await at.page.getByText(at.say("settings_network_off"), { exact: true }).waitFor()
    await at.named("button", /Off the network$/).waitFor()
    expect(await at.asks(({ world }) => world.wanted)).toBe(false)
  })
})
