import { expect } from "vitest"
import { m } from "@/paraglide/messages"
import { Network } from "../driver/network"
import { Key } from "../driver/webdriver"
import type { Window } from "../driver/window"
import { goHome, invite, openNote, unlock } from "../story/acts"
import { CIRCLE, NOTE } from "../story/names"
import { joined, scene } from "./scene"

/** Each way that a page from elsewhere has of asking for more, by address and by name. */
const FOREIGN = ["203.0.113.80", "elsewhere.example.org"]
  .map(
    (host) => `<link rel="stylesheet" href="http://${host}/style.css"><style>p { background: url(http://${host}/rule.png) }</style>
      <link rel="dns-prefetch" href="//${host}"><link rel="preconnect" href="http://${host}">
      <p style="background: url(http://${host}/ground.png)">From elsewhere
      <img src="http://${host}/picture.png" srcset="http://${host}/large.png 2x"> <a href="http://${host}/page">a link</a></p>
      <iframe src="http://${host}/frame"></iframe><object data="http://${host}/object"></object>
      <video src="http://${host}/film" poster="http://${host}/poster.png"></video>
      <svg><image href="http://${host}/drawing.png"/></svg><script src="http://${host}/script.js"></script>`,
  )
  .join("")

scene(
  "nothing leaves the window and all its processes, whatever is pasted, typed and opened",
  async (room) => {
    const network = await room.network()
    const [anna] = await joined(room, { network })
    const window = await anna.open()
    await unlock(window, anna.passphrase)
    await openNote(window, NOTE)
    await window.cursorAfter("The mill stream")
    await pasteForeign(window)
    await window.type("\nhttps://elsewhere.example.org/typed http://203.0.113.80/typed \n")
    await window.see(m.note_saved())
    expect(await window.note()).toMatch(/From elsewhere.*\n(.*\n)*https:\/\/elsewhere\.example\.org\/typed/u)

    await goHome(window, CIRCLE)
    await invite(window)
    for (const page of [m.shell_people(), m.shell_settings()]) await window.click("button", page)
    for (const section of [m.settings_privacy(), m.settings_appearance(), m.settings_language()]) {
      await window.click("button", section)
    }
    expect(await window.faults()).toEqual([])
    await anna.close()
    expect(await network.sent(), "packets that left").toBe(0)
    // Had there been one, it would have been counted.
    await network.send()
  },
  await Network.missing(),
)

/** Copies what stands for a page from elsewhere, and pastes it, by keys: through the system's clipboard. */
async function pasteForeign(window: Window): Promise<void> {
  await window.session.run(
    `addEventListener("copy", (event) => {
      event.clipboardData.setData("text/html", arguments[0])
      event.preventDefault()
      event.stopImmediatePropagation()
    }, { capture: true, once: true })`.replace("arguments[0]", JSON.stringify(FOREIGN)),
  )
  await window.press(Key.home, Key.shift)
  await window.press("c", Key.control)
  await window.press(Key.end)
  await window.press("v", Key.control)
  await window.see("From elsewhere")
}
