import { expect } from "vitest"
import { m } from "@/paraglide/messages"
import type { Laptop } from "../driver/laptop"
import { untilTrue } from "../driver/until"
import { Key } from "../driver/webdriver"
import type { Window } from "../driver/window"
import { openNote, unlock } from "../story/acts"
import { CIRCLE, NOTE } from "../story/names"
import { joined, scene } from "./scene"

/** More than one write: the second waits for the first. */
const HASTE = "Nobody waits for “saved” before they close the lid, and nobody should have to."

scene("whatever was typed a moment before the window closes is there again: text and title", async (room) => {
  const [anna] = await joined(room)
  const window = await atNote(anna)
  await window.cursorAfter("The mill stream")
  await window.type(`\n${HASTE}`)
  await anna.close()
  expect(await anna.ok(["note", "show", CIRCLE, NOTE])).toContain(HASTE)

  const again = await atNote(anna)
  await again.click("textbox", m.note_title_label())
  await again.press(Key.end)
  await again.type(" by water")
  await anna.close()
  expect(await anna.ok(["note", "list", CIRCLE])).toContain(`${NOTE} by water`)
})

scene("a page that hears nothing any more keeps nobody's window open; a second start waits for its end and opens", async (room) => {
  const [anna] = await joined(room)
  await atNote(anna)
  await anna.holdPage()
  const closing = anna.close()
  const second = await anna.startBeside()
  try {
    await closing
    // Without a window the command line would open the folder itself.
    await untilTrue("the second start's window", async () => (await anna.run(["circle", "list"])).stderr.includes("locked"))
  } finally {
    await second.end()
  }
  expect((await anna.run(["circle", "list"])).code).toBe(0)
})

async function atNote(laptop: Laptop): Promise<Window> {
  const window = await laptop.open()
  await unlock(window, laptop.passphrase)
  await openNote(window, NOTE)
  return window
}
