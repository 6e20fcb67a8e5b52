// What a minute brings: the shortest time that a window can be left alone, and that a link can hold.

import { setTimeout as pause } from "node:timers/promises"
import { expect, inject } from "vitest"
import { m } from "@/paraglide/messages"
import { untilTrue } from "../driver/until"
import { ask, begin, openNote, unlock } from "../story/acts"
import { CIRCLE, NOTE } from "../story/names"
import { joined, scene } from "./scene"

const MINUTE_MS = 60_000
/** A minute, and as long again: a machine may be busy. */
const PATIENCE_MS = 2 * MINUTE_MS
/** How often somebody types who thinks between their words. */
const PACE_MS = 4_000

scene("a window that is left alone locks by itself, and one that somebody types in doesn't", async (room) => {
  const [anna, ben] = await joined(room)
  for (const laptop of [anna, ben]) await laptop.prefer({ theme: "system", language: null, lock_after_minutes: 1 })
  const his = await ben.open()
  await unlock(his, ben.passphrase)
  await openNote(his, NOTE)
  const hers = await anna.open()
  const begun = Date.now()
  await unlock(hers, anna.passphrase)
  await openNote(hers, NOTE)

  await his.cursorAfter("The mill stream")
  await untilTrue(
    "the lock of Anna's window",
    async () => {
      await his.type(".")
      await pause(PACE_MS)
      return (await hers.text()).includes(m.start_unlock_label())
    },
    PATIENCE_MS,
  )
  expect(Date.now() - begun, "not before its time").toBeGreaterThanOrEqual(MINUTE_MS)
  expect(await hers.everything()).not.toContain("mill stream")
  expect((await anna.run(["circle", "list"])).stderr).toMatch(/locked/u)
  // His time began before hers.
  expect(await his.note()).toContain("The mill stream..")
})

scene("a link whose time is over and one that was taken back say so", async (room) => {
  const [anna] = await joined(room)
  const hers = await anna.open()
  await unlock(hers, anna.passphrase)
  await hers.find("heading", CIRCLE)
  const invitations = async (state: string) => {
    const listed = JSON.parse(await anna.ok(["--json", "invite", "list", CIRCLE])) as Listed
    return listed.invitations.filter((invitation) => invitation.state === state)
  }
  await untilTrue("the end of the link's time", async () => (await invitations("expired")).length === 1, PATIENCE_MS)
  const withdrawn = await anna.ok(["invite", CIRCLE])
  const [open] = await invitations("open")
  await anna.ok(["invite", "withdraw", CIRCLE, open!.id])

  const dora = room.laptop("Dora")
  const window = await dora.open()
  await begin(window, dora.name, dora.passphrase)
  await ask(window, inject("ending"))
  await window.see(m.people_join_ended_title())
  await window.see(m.people_join_refused_expired())
  await window.click("button", m.people_join_again())
  await window.fill(m.people_join_link(), withdrawn)
  await window.click("button", m.people_join_submit())
  await window.see(m.people_join_refused_withdrawn())
  expect(await dora.ok(["--json", "circle", "list"])).not.toContain(CIRCLE)
})

interface Listed {
  readonly invitations: readonly { readonly id: string; readonly state: string }[]
}
