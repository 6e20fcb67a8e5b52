import { expect } from "vitest"
import { m } from "@/paraglide/messages"
import { untilTrue } from "../driver/until"
import { Key } from "../driver/webdriver"
import type { Window } from "../driver/window"
import { linkShown } from "../story/acts"
import { CIRCLE } from "../story/names"
import { scene } from "./scene"

scene("first run, invitation, note and answer with the keyboard alone", async (room) => {
  const [anna, ben] = [room.laptop("Anna"), room.laptop("Ben")]
  const hers = await anna.open()
  await beginByKeys(hers, anna.name, anna.passphrase)
  await go(hers, m.shell_new_circle())
  await hers.find("textbox", m.circle_new_name())
  await hers.type(`${CIRCLE}\n`)
  await hers.find("heading", CIRCLE)
  await go(hers, m.circle_home_invite())
  await go(hers, m.people_invite_make())
  const link = await linkShown(hers)
  await hers.press(Key.escape)
  await hers.gone("dialog")

  const his = await ben.open()
  await beginByKeys(his, ben.name, ben.passphrase)
  await go(his, m.shell_join_circle())
  await his.find("textbox", m.people_join_link())
  await his.type(`${link}\n`)
  await go(hers, m.people_asks_let_in({ name: ben.name }))
  await his.find("heading", CIRCLE)

  await go(his, m.circle_home_new_note())
  await his.find("textbox", m.note_title_label())
  await his.type("Boots\n")
  const text = m.note_text_label({ title: "Boots" })
  await his.tabTo("textbox", text)
  await his.type("Bring them, it will be wet.")
  await his.press(Key.tab)
  expect(await his.keyboardAt(), "Tab leaves the editor").not.toContain(text)
  await untilTrue("the note on Anna's laptop", async () => {
    const shown = await anna.run(["note", "show", CIRCLE, "Boots"])
    return shown.stdout.includes("Bring them, it will be wet.")
  })

  await go(hers, m.circle_home_propose())
  await hers.find("textbox", m.gathering_form_title())
  await hers.type("The long loop")
  await hers.tabTo("spinbutton", m.shell_date_day())
  await hers.type("03122031")
  await hers.tabTo("spinbutton", m.shell_time_hour())
  await hers.type("0930\n")
  await hers.gone("dialog")
  expect(await anna.ok(["--json", "plan", "show", CIRCLE, "The long loop"])).toContain("2031-12-03T09:30")
  await his.press("k", Key.control)
  await his.find("dialog", m.shell_palette_title())
  await untilTrue("the gathering in Ben's palette", () => his.has("option", /^The long loop/u))
  await his.type("The long loop\n")
  await his.find("heading", "The long loop")
  await his.tabTo("radio", m.gathering_answer_yes())
  await his.press(Key.right)
  await his.see(m.gathering_answer_saved())
  await untilTrue("Ben's answer on Anna's laptop", async () => {
    const shown = await anna.ok(["--json", "plan", "show", CIRCLE, "The long loop"])
    return shown.includes("if-need-be")
  })
})

/** Goes to a button by Tab and presses it. */
async function go(window: Window, name: string): Promise<void> {
  await window.tabTo("button", name)
  await window.press(Key.enter)
}

async function beginByKeys(window: Window, name: string, passphrase: string): Promise<void> {
  await window.tabToLabel(m.start_name_label())
  await window.type(`${name}\n`)
  for (const label of [m.start_passphrase_label(), m.start_again_label()]) {
    await window.tabToLabel(label)
    await window.type(passphrase)
  }
  await window.press(Key.enter)
  await window.find("heading", m.start_choose_title({ name }))
}
