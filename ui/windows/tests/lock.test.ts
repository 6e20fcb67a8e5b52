import { expect } from "vitest"
import { m } from "@/paraglide/messages"
import { untilTrue } from "../driver/until"
import { lock, openNote, unlock } from "../story/acts"
import { CIRCLE, NOTE } from "../story/names"
import { joined, scene } from "./scene"

/** None of it may be where somebody without the passphrase can look. */
const PRIVATE = [CIRCLE, NOTE, "mill stream", "Anna", "Ben", "the long passphrase"]

scene("a locked window holds no name, opens only with its passphrase, and everything is there again", async (room) => {
  const [anna] = await joined(room)
  const window = await anna.open()
  await unlock(window, "something else")
  await window.see(m.errors_wrong_passphrase_what())
  expect(holding(await window.everything())).toEqual([])

  await unlock(window, anna.passphrase)
  await openNote(window, NOTE)
  await window.cursorAfter("The mill stream")
  await window.type(", at dusk")
  expect(await anna.ok(["--json", "circle", "list"])).toContain(CIRCLE)
  expect(await window.faults()).toEqual([])
  expect(holding(await window.everything())).toEqual([CIRCLE, NOTE, "mill stream"])

  await lock(window)
  expect(holding(await window.everything())).toEqual([])
  expect(await window.session.title()).toBe("Snug")
  const refused = await anna.run(["--json", "circle", "list"])
  expect({ code: refused.code, said: holding(refused.stdout + refused.stderr) }).toEqual({ code: 1, said: [] })
  expect(refused.stdout + refused.stderr).toMatch(/locked/u)

  await unlock(window, anna.passphrase)
  await window.find("textbox", m.note_text_label({ title: NOTE }))
  expect(await window.note()).toContain("The mill stream, at dusk")
})

scene("a second start brings the first window forward; a new start finds everything; nothing private is left in files", async (room) => {
  const [anna] = await joined(room)
  const window = await anna.open()
  await unlock(window, anna.passphrase)
  await openNote(window, NOTE)
  await window.cursorAfter("Near")
  await window.type("\nWritten before the end")
  await window.see(m.note_saved())

  await anna.cover()
  expect(await anna.isInFront()).toBe(false)
  const second = await anna.startAgain()
  expect(second).toMatchObject({ code: 0 })
  await untilTrue("the first window, in front again", () => anna.isInFront())
  expect(await window.note()).toContain("Written before the end")
  expect(await window.faults()).toEqual([])

  const running = await anna.leftBehind()
  expect(running.size, "files of the web view that are looked into").toBeGreaterThan(0)
  expect(telling(running)).toEqual([])
  // Nobody waits for “saved” before they close the lid.
  await window.cursorAfter("Written before the end")
  await window.type(", and a little more")
  await anna.close()
  expect(telling(await anna.leftBehind())).toEqual([])
  const again = await anna.open()
  await unlock(again, anna.passphrase)
  await openNote(again, NOTE)
  expect(await again.note()).toContain("Written before the end, and a little more")
})

/** The files that hold private words. */
function telling(files: ReadonlyMap<string, Buffer>): readonly string[] {
  return [...files].filter(([, bytes]) => holding(bytes.toString("latin1")).length > 0).map(([file]) => file)
}

/** What of the private words is in a text. */
function holding(text: string): readonly string[] {
  return PRIVATE.filter((word) => text.includes(word))
}
