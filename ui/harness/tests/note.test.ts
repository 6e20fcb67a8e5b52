/** How a note behaves under input methods, pastes and others' hands: in an engine, since nothing else composes or lays out. */
import type { CDPSession } from "playwright-core"
import { describe, test, type TestContext } from "vitest"
import { isHere } from "./browser"
import { PAIR } from "./screens/screen"
import { Stage } from "./stage"

const text = (at: Stage) => at.page.locator("[contenteditable=true]")
const shown = (at: Stage) => text(at).evaluate((note) => [...note.querySelectorAll("p")].map((p) => p.textContent).join("\n"))
const kept = (at: Stage) => at.asks(({ script }) => script.text("Two of us", "N"))

/** A note of one circle, open, with the caret after some words. */
async function open(context: TestContext, markdown: string, after?: string): Promise<Stage> {
  const at = (await Stage.enter("home")).during(context)
  await at.world(({ script }, body) => void script.note("Two of us", "N", body), markdown)
  await at.go({ to: "note", circle: PAIR, note: "N" })
  if (after === undefined) await text(at).focus()
  else await text(at).getByText(after).click()
  await at.page.keyboard.press("End")
  return at
}

/** An input method: shows letters under way, and gives a word out. */
class InputMethod {
  private constructor(private readonly session: CDPSession) {}

  static async of(at: Stage): Promise<InputMethod> {
    return new InputMethod(await at.page.context().newCDPSession(at.page))
  }

  async compose(text: string): Promise<void> {
    await this.session.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length })
  }

  async give(text: string): Promise<void> {
    await this.session.send("Input.insertText", { text })
  }
}

describe.runIf(isHere).concurrent("an input method", () => {
  test("composes while others write elsewhere: they are seen before its word ends", async (context) => {
    const { expect } = context
    const at = await open(context, "first\n\nsecond\n\nthird", "second")
    const hangul = await InputMethod.of(at)
    for (const letters of ["ㅎ", "하", "한"]) await hangul.compose(letters)
    await at.world(({ script }) => {
      script.type("Two of us", "N", 1, "ONE ")
      script.append("Two of us", "N", "LAST")
    })
    await text(at).getByText("ONE first").waitFor()
    await text(at).getByText("LAST").waitFor()
    await hangul.compose("항")
    await hangul.give("항")
    await hangul.compose("구")
    await hangul.give("구")
    await at.page.keyboard.type(" x")
    await expect.poll(() => kept(at)).toBe("ONE first\nsecond항구 x\nthird\nLAST")
    expect(await shown(at)).toBe(await kept(at))
    expect(at.faults).toEqual([])
  })

  test.for([
    ["before it", 8],
    ["where it began", 13],
    ["at the paragraph’s beginning", 7],
  ] as const)("composes while others write in its paragraph, %s: each letter comes once", async ([, place], context) => {
    const { expect } = context
    const at = await open(context, "first\n\nsecond", "second")
    const kanji = await InputMethod.of(at)
    for (const letters of ["k", "か", "かn", "かんじ"]) await kanji.compose(letters)
    await expect.poll(() => kept(at)).toContain("かんじ")
    await at.world(({ script }, to) => script.type("Two of us", "N", to, "REM"), place)
    await kanji.compose("感じ")
    await kanji.compose("漢字")
    expect(await shown(at)).not.toContain("REM")
    await kanji.give("漢字")
    await at.page.keyboard.type(" x")
    await text(at).getByText("REM").waitFor()
    await expect.poll(async () => (await kept(at)).replace("REM", "")).toBe("first\nsecond漢字 x")
    expect(await shown(at)).toBe(await kept(at))
    expect(at.faults).toEqual([])
  })

  test("composes in a paragraph that somebody deletes: its word stays", async (context) => {
    const { expect } = context
    const at = await open(context, "first\n\nsecond\n\nthird", "second")
    const hangul = await InputMethod.of(at)
    await hangul.compose("하")
    await expect.poll(() => kept(at)).toContain("하")
    await at.world(({ script }) => script.take("Two of us", "N", 6, 7))
    await hangul.compose("한")
    await hangul.give("한")
    await expect.poll(() => kept(at)).toBe("first한\nthird")
    await expect.poll(() => shown(at)).toBe("first한\nthird")
    expect(at.faults).toEqual([])
  })

  test.for(["", "**bold**"])("composes at the end of “%s”, and what it gave is taken back by one's own undo", async (markdown, context) => {
    const { expect } = context
    const at = await open(context, markdown)
    const before = await kept(at)
    const hangul = await InputMethod.of(at)
    for (const letters of ["ㅎ", "하", "한"]) await hangul.compose(letters)
    await hangul.give("한")
    await expect.poll(() => kept(at)).toBe(`${before}한`)
    expect(await shown(at)).toBe(`${before}한`)
    await at.page.keyboard.press("Control+z")
    await expect.poll(() => kept(at)).toBe(before)
    await hangul.compose("그")
    await hangul.give("글")
    await expect.poll(() => kept(at)).toBe(`${before}글`)
    expect(at.faults).toEqual([])
  })
})

describe.runIf(isHere).concurrent("a note", () => {
  test("that takes long to open says so, and has the caret when it is there", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.world(({ script }) => void script.note("Two of us", "N", "Words."))
    await at.page.evaluate(() => {
      const held = window as unknown as { __host: { openNote(...of: unknown[]): Promise<unknown> }; __let: () => void }
      const gate = new Promise<void>((open) => (held.__let = open))
      const opens = held.__host.openNote.bind(held.__host)
      held.__host.openNote = (...of) => gate.then(() => opens(...of))
    })
    await at.go({ to: "note", circle: PAIR, note: "N" })
    const said = at.page.getByText(at.say("note_opening"), { exact: true })
    await said.waitFor()
    const seen = () => said.evaluate((words) => getComputedStyle(words.closest(".opening") ?? words).opacity)
    await expect.poll(seen).toBe("1")
    await at.page.evaluate(() => (window as unknown as { __let: () => void }).__let())
    await expect.poll(() => text(at).evaluate((note) => note === document.activeElement)).toBe(true)
    expect(await said.count()).toBe(0)
    await at.page.keyboard.press("Control+End")
    await at.page.keyboard.type(" Mine.")
    await expect.poll(() => kept(at)).toBe("Words. Mine.")
    expect(at.faults).toEqual([])
  })

  test("keeps in sight that it is saved, and on how many laptops, however far one reads", async (context) => {
    const { expect } = context
    const at = await open(context, "A line.\n\n".repeat(200))
    await at.page.keyboard.press("Control+End")
    await expect.poll(() => at.page.locator("main").evaluate((page) => page.scrollTop)).toBeGreaterThan(1000)
    const top = (of: string) => at.page.locator(of).evaluate((element) => element.getBoundingClientRect())
    const [head, bar] = [await top("article > header"), await top("[role=toolbar]")]
    expect(head.top).toBeGreaterThanOrEqual(0)
    expect(bar.top).toBeGreaterThanOrEqual(head.bottom)
    expect(bar.bottom).toBeLessThan(200)
    await at.page.getByText(at.say("note_saved"), { exact: true }).click({ trial: true })
  })

  test("refuses a paste that is too long, and says so until one goes on or has read it", async (context) => {
    const { expect } = context
    const at = await open(context, "first", "first")
    const paste = (): Promise<void> =>
      text(at).evaluate((note) => {
        const clipboardData = new DataTransfer()
        clipboardData.setData("text/plain", "x".repeat(300_000))
        note.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
      })
    const refusal = at.page.getByRole("alert").getByText(at.say("note_paste_too_long"), { exact: true })
    await paste()
    await refusal.waitFor()
    await at.world(({ script }) => script.append("Two of us", "N", "from Anna"))
    await text(at).getByText("from Anna").waitFor()
    expect(await refusal.isVisible()).toBe(true)
    await at.page.getByRole("alert").getByRole("button").click()
    await refusal.waitFor({ state: "detached" })
    await paste()
    await refusal.waitFor()
    await at.page.keyboard.type("!")
    await refusal.waitFor({ state: "detached" })
    expect(await kept(at)).toBe("first!\nfrom Anna")
    expect(at.faults).toEqual([])
  })

  test("that the editor can’t show is read as text and can be added to; what one didn’t send is sent by leaving", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.world((host) => {
      host.script.note("Two of us", "N", "first")
      host.fail("note_open", "internal", 2)
    })
    await at.go({ to: "note", circle: PAIR, note: "N" })
    const plain = at.by("textbox", "note_plain_label")
    await expect.poll(() => plain.inputValue()).toBe("first")
    const field = at.by("textbox", "note_plain_add_label")
    await at.world((host) => host.fail("note_append", "disk_full"))
    await field.fill("second\nthird")
    await at.by("button", "note_plain_add").click()
    await at.page.getByText(at.say("errors_disk_full_what"), { exact: true }).waitFor()
    expect(await field.inputValue()).toBe("second\nthird")
    await at.by("button", "note_plain_add").click()
    await expect.poll(() => plain.inputValue()).toBe("first\n\nsecond\n\nthird")
    expect(await field.inputValue()).toBe("")
    await at.world(({ script }) => script.append("Two of us", "N", "from Anna"))
    await expect.poll(() => plain.inputValue()).toContain("from Anna")
    await field.fill("last")
    await at.by("button", "note_back").click()
    await expect.poll(() => kept(at)).toBe("first\nsecond\nthird\nfrom Anna\nlast")
  })

  test("that was halted says when its words couldn’t be copied", async (context) => {
    const { expect } = context
    const at = await open(context, "first", "first")
    await at.world((host) => {
      host.fail("note_write", "disk_full", 1000)
      host.fail("copy", "internal")
    })
    await at.page.keyboard.type(", precious")
    await at.by("button", "note_copy_text").click()
    await at.page.getByText(at.say("errors_internal_what"), { exact: true }).waitFor()
    await at.by("button", "note_copy_text").click()
    await at.by("button", "shell_copied").waitFor()
    expect(await at.asks((host) => host.copied)).toMatch(/^first/u)
    expect(at.faults).toEqual([])
  })

  test("that is shown as usual again takes what couldn’t be added before", async (context) => {
    const { expect } = context
    const at = (await Stage.enter("home")).during(context)
    await at.world((host) => {
      host.script.note("Two of us", "N", "first")
      host.fail("note_open", "internal")
      host.fail("note_append", "disk_full")
    })
    await at.go({ to: "note", circle: PAIR, note: "N" })
    await at.by("textbox", "note_plain_add_label").fill("precious")
    await at.by("button", "note_back").click()
    await at.go({ to: "note", circle: PAIR, note: "N" })
    await text(at).getByText("precious").waitFor()
    expect(await kept(at)).toBe("first\nprecious")
  })

  test("stays where one reads and writes while others write above", async (context) => {
    const { expect } = context
    const lines = Array.from({ length: 900 }, (_, n) => `${n}: We met at the fountain, and nobody minded the rain.`)
    const at = await open(context, lines.join("\n\n"))
    const line = text(at).locator("p", { hasText: "300: We met" })
    await line.scrollIntoViewIfNeeded()
    await line.click()
    await at.page.keyboard.press("End")
    await at.settle()
    const where = () => line.evaluate((paragraph) => Math.round(paragraph.getBoundingClientRect().top))
    const before = await where()
    await at.world(({ script }) => script.type("Two of us", "N", 1, "A long walk along the canal. ".repeat(60)))
    await expect.poll(() => text(at).locator("p").first().innerText()).toContain("A long walk")
    await at.settle()
    expect(Math.abs((await where()) - before)).toBeLessThanOrEqual(1)
    await at.page.keyboard.type(" Mine.")
    await expect.poll(async () => (await kept(at)).split("\n")[300]).toBe(`${lines[300]} Mine.`)
  })

  test("reads each paragraph in its own direction; marks of direction end with it", async (context) => {
    const { expect } = context
    const at = await open(context, "abc \u202Edef\n\nghi\n\nשלום עולם", "ghi")
    /** How far the letters at two places of a paragraph stand from its left edge. */
    const lefts = (line: number, ...letters: number[]) =>
      text(at).evaluate(
        (note, [nth, places]) => {
          const words = note.querySelectorAll("p")[nth]?.firstChild
          const edge = note.getBoundingClientRect()
          return places.map((place) => {
            const range = document.createRange()
            range.setStart(words as Node, place)
            range.setEnd(words as Node, place + 1)
            const { left } = range.getBoundingClientRect()
            return (left - edge.left) / edge.width
          })
        },
        [line, letters] as const,
      )
    const [d = 0, f = 0] = await lefts(0, 5, 7)
    expect(d).toBeGreaterThan(f)
    const [g = 1, i = 0] = await lefts(1, 0, 2)
    expect(g).toBeLessThan(i)
    const [first = 0] = await lefts(2, 0)
    expect(first).toBeGreaterThan(0.9)
  })
})
