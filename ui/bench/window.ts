// Snug's own window. Its page is the one that is shipped; the program behind it is the development build, because no other can
// be driven, and isn't waited for.

import { Room } from "../windows/driver/room"
import { openNote, unlock } from "../windows/story/acts"
import { CIRCLE } from "../windows/story/names"
import { type Costs, typeInto } from "./keys"
import { driven } from "./webkit"

const PARAGRAPH = "so they met in the old mill by the river and talked until the lamps were lit ".repeat(3).trim()

/** Types into notes of so many characters, one after the other. */
export async function typeInWindow(sizes: readonly number[]): Promise<readonly Costs[]> {
  const room = await Room.enter()
  try {
    const anna = room.laptop("Anna")
    await anna.ok(["init", "--name", anna.name])
    const circle = await anna.ok(["circle", "found", CIRCLE])
    for (const characters of sizes) {
      const paragraphs = Array.from({ length: Math.ceil(characters / PARAGRAPH.length) }, () => PARAGRAPH)
      await anna.ok(["note", "new", circle, titleOf(characters), "--file", "-"], paragraphs.join("\n\n"))
    }
    const window = await anna.open()
    await unlock(window, anna.passphrase)
    const costs: Costs[] = []
    for (const characters of sizes) {
      await window.find("heading", CIRCLE)
      await openNote(window, titleOf(characters))
      await window.note()
      costs.push(await typeInto(driven(window.session)))
      await window.click("button", CIRCLE)
    }
    return costs
  } finally {
    await room.leave()
  }
}

function titleOf(characters: number): string {
  return `A note of ${characters}`
}
