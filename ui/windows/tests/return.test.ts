import { expect } from "vitest"
import { m } from "@/paraglide/messages"
import { goHome, lock, openNote, propose, unlock } from "../story/acts"
import { CIRCLE, NOTE } from "../story/names"
import { joined, scene } from "./scene"

scene("whoever unlocks is where they were; of the place a locked window keeps ids alone, and a new start begins anew", async (room) => {
  const [anna] = await joined(room)
  const window = await anna.open()
  await unlock(window, anna.passphrase)
  await propose(window, "The long loop", { day: "2031-12-03", time: "09:30" })
  await window.see("3 December 2031")
  await window.see("09:30")

  await lock(window)
  expect(await window.session.run("return location.hash")).toMatch(/^#gathering\/[\da-f]+\/[\da-f]+$/u)
  await unlock(window, anna.passphrase)
  await window.find("heading", "The long loop")

  await goHome(window, CIRCLE)
  await openNote(window, NOTE)
  await lock(window)
  await unlock(window, anna.passphrase)
  await window.find("textbox", m.note_text_label({ title: NOTE }))

  await anna.close()
  const again = await anna.open()
  expect(await again.session.run("return location.hash")).toBe("")
  await unlock(again, anna.passphrase)
  await again.find("heading", CIRCLE)
})
