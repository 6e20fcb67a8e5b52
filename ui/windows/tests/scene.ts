// How every scenario runs: in a room of its own, with evidence kept if it fails, and no fault in any page.

import { mkdir, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, inject, test } from "vitest"
import type { Laptop, Outfit } from "../driver/laptop"
import { TARGET } from "../driver/programs"
import { Room } from "../driver/room"

/** A scenario with real windows. It is skipped if something is missing. */
export function scene(name: string, story: (room: Room) => Promise<void>, missing?: string): void {
  if (missing !== undefined) console.log(`skipped: ${name}: ${missing}`)
  test.skipIf(missing !== undefined)(name, async () => {
    const room = await Room.enter()
    try {
      await story(room)
      for (const laptop of room.laptops) await faultless(laptop)
    } catch (error) {
      await keepEvidence(name, room)
      throw error
    } finally {
      await room.leave()
    }
  })
}

/** Two laptops that are in one circle already. Their windows aren't open. */
export async function joined(room: Room, outfit: Outfit = {}): Promise<readonly [Laptop, Laptop]> {
  const [anna, ben] = [room.laptop("Anna", outfit), room.laptop("Ben", outfit)]
  for (const laptop of [anna, ben]) await laptop.become(join(inject("joined"), laptop.name.toLowerCase()))
  return [anna, ben]
}

/** No policy was violated and nothing was complained about in a laptop's page, if its window is open. */
export async function faultless(laptop: Laptop): Promise<void> {
  if (laptop.isOpen) expect(await laptop.window.faults(), `${laptop.name}'s page`).toEqual([])
}

/** For whoever looks why: pictures, words and logs, in the build's folder. */
async function keepEvidence(name: string, room: Room): Promise<void> {
  const folder = join(TARGET, "windows", name.replaceAll(/[^a-z0-9]+/giu, "-"))
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const laptop of room.laptops.filter(({ isOpen }) => isOpen)) {
    const file = (kind: string) => join(folder, `${laptop.name.toLowerCase()}${kind}`)
    await laptop.picture(file(".png")).catch(() => undefined)
    const page = await laptop.window.everything().catch(String)
    const faults = await laptop.window.faults().catch((error: unknown) => [String(error)])
    await writeFile(file(".html"), page)
    await writeFile(file(".log"), [...laptop.log, "", "The page:", ...faults].join("\n"))
    console.error(`${laptop.name}'s window said:\n${[...laptop.log.slice(-40), ...faults].join("\n")}`)
  }
  console.error(`pictures and logs: ${folder}`)
}
