// Two laptops that are in one circle already, made once through the command line. Scenarios that begin there take a copy.

import type { TestProject } from "vitest/node"
import { Room } from "../driver/room"
import { CIRCLE, NOTE, WORDS } from "../story/names"

declare module "vitest" {
  interface ProvidedContext {
    /** The folder with the two laptops' folders. */
    joined: string
    /** A link into their circle, which ends a minute after it was made. */
    ending: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const room = await Room.enter()
  try {
    const [anna, ben] = [room.laptop("Anna"), room.laptop("Ben")]
    for (const laptop of [anna, ben]) await laptop.ok(["init", "--name", laptop.name])
    const circle = await anna.ok(["circle", "found", CIRCLE])
    await anna.ok(["note", "new", circle, NOTE, "--file", "-"], WORDS)
    const link = await anna.ok(["invite", circle, "--no-confirm"])
    project.provide("ending", await anna.ok(["invite", circle, "--expires", "1m"]))
    await anna.whileUp(async () => {
      await ben.ok(["join", link])
      await ben.whileUp(() => ben.holds(circle, NOTE, WORDS))
    })
  } catch (error) {
    await room.leave()
    throw error
  }
  project.provide("joined", room.folder)
  return () => room.leave()
}
