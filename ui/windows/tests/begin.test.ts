import { expect } from "vitest"
import { m } from "@/paraglide/messages"
import { ask, begin, enter, invite, letIn, startCircle, unlock } from "../story/acts"
import { CIRCLE } from "../story/names"
import { joined, scene } from "./scene"

scene("two people begin: from the first run to one circle", async (room) => {
  const [anna, ben] = [room.laptop("Anna"), room.laptop("Ben")]
  const hers = await anna.open()
  await begin(hers, anna.name, anna.passphrase)
  await startCircle(hers, CIRCLE)
  const link = await invite(hers)

  const his = await ben.open()
  await begin(his, ben.name, ben.passphrase)
  await ask(his, link)
  await letIn(hers, ben.name)
  await enter(his, CIRCLE)

  const people = async (laptop: typeof anna) => (await laptop.ok(["people", CIRCLE])).split("\n").length
  expect([await people(anna), await people(ben)]).toEqual([await people(ben), await people(anna)])
  expect(await hers.session.title()).toBe("Snug")
  expect(await his.session.title()).toBe("Snug")
})

scene("a link that was used opens nothing more, and says so", async (room) => {
  const [anna] = await joined(room)
  const hers = await anna.open()
  await unlock(hers, anna.passphrase)
  await hers.find("heading", CIRCLE)
  const link = await anna.ok(["invite", CIRCLE, "--no-confirm"])
  const cleo = room.laptop("Cleo")
  await cleo.ok(["init", "--name", cleo.name])
  await cleo.ok(["join", link])

  const dora = room.laptop("Dora")
  const window = await dora.open()
  await begin(window, dora.name, dora.passphrase)
  await ask(window, link)
  await window.see(m.people_join_ended_title())
  await window.see(m.people_join_refused_used())
  expect(await dora.ok(["--json", "circle", "list"])).not.toContain(CIRCLE)
})
