import { expect } from "vitest"
import { m } from "@/paraglide/messages"
import { violations } from "../driver/axe"
import { untilTrue } from "../driver/until"
import { Key } from "../driver/webdriver"
import type { Name, Window } from "../driver/window"
import { fillPassphrase, goHome, lock, openNote, propose, unlock } from "../story/acts"
import { CIRCLE, NOTE } from "../story/names"
import { joined, scene } from "./scene"

scene("axe finds nothing on any screen, in both themes", async (room) => {
  const [anna] = await joined(room)
  const found: string[] = []
  const look = async (window: Window, screen: string): Promise<void> => {
    found.push(...(await violations(window)).map((line) => `${screen}: ${line}`))
  }
  const cleo = room.laptop("Cleo")
  const fresh = await cleo.open()
  await fresh.find("button", m.start_next())
  await look(fresh, "first run, name")
  await fresh.fill(m.start_name_label(), cleo.name)
  await fresh.press(Key.enter)
  await fillPassphrase(fresh, m.start_passphrase_label(), cleo.passphrase)
  await fresh.press(Key.enter)
  await look(fresh, "first run, passphrase, with a fault")
  await fillPassphrase(fresh, m.start_again_label(), cleo.passphrase)
  await fresh.press(Key.enter)
  await fresh.find("heading", m.start_choose_title({ name: cleo.name }))
  await look(fresh, "welcome")
  await fresh.click("button", m.shell_new_circle())
  await look(fresh, "start a circle")
  await fresh.click("button", m.shell_cancel())
  await fresh.click("button", m.shell_join_circle())
  await fresh.click("button", m.people_join_submit())
  await look(fresh, "join, with a fault")
  await cleo.end()

  const window = await anna.open()
  await unlock(window, "something else")
  await window.see(m.errors_wrong_passphrase_what())
  await look(window, "lock, wrong passphrase")
  await unlock(window, anna.passphrase)
  await window.find("heading", CIRCLE)
  await look(window, "circle")
  await window.click("button", m.circle_home_invite())
  await look(window, "invite")
  await window.click("button", m.people_invite_make())
  await window.find("textbox", m.people_invite_link())
  await look(window, "invitation")
  await window.click("button", m.people_invite_done())
  await window.click("button", m.circle_home_propose())
  await look(window, "propose a gathering")
  await window.press(Key.escape)
  await propose(window, "The long loop", { place: "The weir", day: "2031-12-03", time: "10:00" })
  await look(window, "gathering")
  for (const page of [m.shell_gatherings(), m.shell_notes(), m.shell_people()]) {
    await window.click("button", page)
    await window.find("heading", page)
    await look(window, page)
  }
  await goHome(window, CIRCLE)
  await openNote(window, NOTE)
  await look(window, "note")
  await window.click("button", m.shell_settings())
  for (const section of [m.settings_you(), m.settings_privacy(), m.settings_appearance(), m.settings_language()]) {
    await window.click("button", section)
    await look(window, `settings, ${section}`)
  }
  await window.press("k", Key.control)
  await window.find("dialog", m.shell_palette_title())
  await look(window, "palette")
  await window.press(Key.escape)
  await lock(window)
  await look(window, "lock")
  expect(found).toEqual([])
})

scene("at twice the size everything is still reached, and nothing is cut off at the side", async (room) => {
  const [anna] = await joined(room)
  const window = await anna.open()
  const before = (await window.session.run("return innerWidth")) as number
  for (let steps = 0; steps < 20 && (await window.session.run("return innerWidth")) !== before / 2; steps += 1) {
    await window.press("=", Key.control)
  }
  expect(await window.session.run("return innerWidth")).toBeCloseTo(before / 2, -1)
  // By keys: a driver's clicks miss in a page that is larger.
  await window.tabToLabel(m.start_unlock_label())
  await window.type(`${anna.passphrase}\n`)
  await window.find("heading", CIRCLE)
  expect(await sideways(window), "circle").toBe(0)
  await press(window, new RegExp(`^${NOTE}`, "u"))
  await window.find("textbox", m.note_text_label({ title: NOTE }))
  expect(await sideways(window), "note").toBe(0)
  await press(window, m.shell_menu())
  await press(window, m.shell_settings())
  await press(window, m.settings_privacy())
  await window.find("switch", m.settings_network_switch())
  expect(await sideways(window), "settings").toBe(0)
})

scene("the page's policy isn't violated from its first byte on, and the fast way to the laptop is open", async (room) => {
  const [anna] = await joined(room)
  const window = await anna.open()
  await unlock(window, anna.passphrase)
  await window.find("heading", CIRCLE)
  await window.reloadWatched()
  await window.find("heading", CIRCLE)
  await openNote(window, NOTE)
  // Were it closed, everything would go a slow way after one violation that nobody saw.
  await window.session.runAsync("await fetch('ipc://localhost/door', { method: 'POST' }).catch(() => undefined)")
  expect(await window.faults()).toEqual([])
  for (const [directive, element] of Object.entries(REFUSED)) {
    await window.session.run(
      `const [tag, attributes] = arguments
       const element = Object.assign(document.createElement(tag), attributes)
       document.body.append(element)
       element.submit?.()`,
      ...element,
    )
    const refused = async () => (await window.faults()).some((fault) => fault.startsWith(`policy: ${directive} `))
    await untilTrue(`the refusal of ${directive}`, refused)
  }
  expect(await window.session.run("return document.baseURI")).toMatch(/^tauri:/u)
  await anna.close()
})

/** What the policy refuses, by the directive that does. */
const REFUSED = {
  "base-uri": ["base", { href: "https://elsewhere.example.org/" }],
  "form-action": ["form", { action: "https://elsewhere.example.org/" }],
  "object-src": ["object", { data: "tauri://localhost/index.html" }],
  "img-src": ["img", { src: "https://elsewhere.example.org/picture.png" }],
} as const

/** Presses a button by keys. */
async function press(window: Window, name: Name): Promise<void> {
  await window.tabTo("button", name)
  await window.press(Key.enter)
}

/** By how many pixels the page is wider than the window. */
async function sideways(window: Window): Promise<number> {
  const script = `const page = document.querySelector("main") ?? document.body
    return Math.max(0, document.scrollingElement.scrollWidth - innerWidth, page.scrollWidth - page.clientWidth)`
  return (await window.session.run(script)) as number
}
