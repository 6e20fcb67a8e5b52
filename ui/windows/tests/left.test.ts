import { expect } from "vitest"
import { m } from "@/paraglide/messages"
import { Display } from "../driver/display"
import { untilTrue } from "../driver/until"
import { Key } from "../driver/webdriver"
import { goHome, invite, lock, openNote, unlock } from "../story/acts"
import { CIRCLE, NOTE } from "../story/names"
import { faultless, joined, scene } from "./scene"

scene("nothing that was selected or copied in a window is left for other programs once it is locked", async (room) => {
  const [anna] = await joined(room)
  const window = await anna.open()
  await unlock(window, anna.passphrase)
  await openNote(window, NOTE)
  await window.cursorAfter("The mill stream")
  await window.press("a", Key.control)
  await untilTrue("the note, selected", async () => (await anna.pasted("PRIMARY"))?.includes("mill stream") ?? false)
  await window.press("c", Key.control)
  await untilTrue("the note, copied", async () => (await anna.pasted("CLIPBOARD"))?.includes("mill stream") ?? false)
  await lock(window)
  await untilTrue("nothing selected", async () => (await anna.pasted("PRIMARY")) === undefined)
  await untilTrue("nothing copied", async () => (await anna.pasted("CLIPBOARD")) === undefined)

  // By a button it is the same, a link as well.
  await unlock(window, anna.passphrase)
  await goHome(window, CIRCLE)
  await invite(window, async (link) => {
    await window.click("button", m.people_invite_copy_message())
    await untilTrue("the link, copied", async () => (await anna.pasted("CLIPBOARD"))?.includes(link) ?? false)
  })
  await lock(window)
  await untilTrue("no link", async () => (await anna.pasted("CLIPBOARD")) === undefined)
})

scene("what another program has copied since stays when the window is locked", async (room) => {
  const display = await Display.own()
  try {
    const [anna, ben] = await joined(room, { display: display.name })
    const window = await anna.open()
    await unlock(window, anna.passphrase)
    await openNote(window, NOTE)
    await window.cursorAfter("The mill stream")
    await window.press("a", Key.control)
    await window.press("c", Key.control)
    await untilTrue("the note, copied", async () => (await anna.pasted("CLIPBOARD"))?.includes("mill stream") ?? false)
    const other = await ben.open()
    await unlock(other, ben.passphrase)
    await goHome(other, CIRCLE)
    await invite(other, async (link) => {
      await other.click("button", m.people_invite_copy_message())
      await untilTrue("the link, copied", async () => (await anna.pasted("CLIPBOARD"))?.includes(link) ?? false)
      await lock(window)
      await untilTrue("nothing selected", async () => (await anna.pasted("PRIMARY")) === undefined)
      expect(await anna.pasted("CLIPBOARD")).toContain(link)
    })
    for (const laptop of [anna, ben]) {
      await faultless(laptop)
      await laptop.close()
    }
  } finally {
    await display.end()
  }
})

scene("a fault in a window's programs leaves no copy of their memory", async (room) => {
  const [anna] = await joined(room)
  await anna.open()
  for (const program of ["snug-desktop", "WebKitWebProcess", "WebKitNetworkProcess"]) {
    const limits = await anna.limits(program, "Max core file size")
    expect(limits.length, program).toBeGreaterThan(0)
    for (const limit of limits) expect(limit).toMatch(/^Max core file size +1 +1 /u)
  }
})
