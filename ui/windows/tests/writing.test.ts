import { expect } from "vitest"
import { m } from "@/paraglide/messages"
import type { Laptop } from "../driver/laptop"
import { untilTrue } from "../driver/until"
import type { Window } from "../driver/window"
import { goHome, goOffline, goOnline, openNote, unlock } from "../story/acts"
import { CIRCLE, NOTE } from "../story/names"
import { joined, scene } from "./scene"

scene("two windows write in one note, at once and apart, and nothing is lost", async (room) => {
  const [anna, ben] = await joined(room)
  const [hers, his] = await Promise.all([opened(anna), opened(ben)])

  // In lines of their own, and then both at the end of the same line.
  await Promise.all([
    write(hers, "Near", "\nAnna: there is a bench at the weir."),
    write(his, "The mill stream", "\nBen: the ferry goes until six."),
  ])
  await Promise.all([write(hers, "The mill stream", " in the morning"), write(his, "The mill stream", " at low water")])
  const together = ["Anna: there is a bench at the weir.", "Ben: the ferry goes until six.", " in the morning", " at low water"]
  await equal([anna, ben], together)

  await goOffline(his)
  await back(his)
  await Promise.all([
    write(hers, "a bench at the weir", " Rain until noon, says Anna."),
    write(his, "a bench at the weir", " Ben, on the train: bring boots."),
  ])
  expect(await hers.note()).not.toContain("bring boots")
  expect(await his.note()).not.toContain("Rain until noon")
  await goOnline(his)
  await back(his)
  await equal([anna, ben], [...together.slice(1), " Rain until noon, says Anna.", " Ben, on the train: bring boots."])
})

scene("one window dies while both write, and starts again", async (room) => {
  const [anna, ben] = await joined(room)
  const [hers, his] = await Promise.all([opened(anna), opened(ben)])
  await write(his, "The mill stream", "\nBen was here")
  await saved(his)
  const [, typed] = await Promise.all([
    ben.kill(),
    write(hers, "Near", "\nAnna goes on writing while the other window is gone."),
  ])
  expect(typed).toBeUndefined()
  const again = await opened(ben)
  await write(again, "Ben was here", " and is back")
  await equal([anna, ben], ["Ben was here and is back", "Anna goes on writing while the other window is gone."])
})

async function opened(laptop: Laptop): Promise<Window> {
  const window = await laptop.open()
  await unlock(window, laptop.passphrase)
  await openNote(window, NOTE)
  return window
}

/** From the settings to the note. */
async function back(window: Window): Promise<void> {
  await goHome(window, CIRCLE)
  await openNote(window, NOTE)
}

/** Types at the end of a line. */
async function write(window: Window, line: string, words: string): Promise<void> {
  await window.cursorAfter(line)
  // In pieces, so that what the other types comes between them.
  for (const piece of words.match(/.{1,4}/gsu) ?? []) await window.type(piece)
}

/** Waits until everything typed is durable. */
async function saved(window: Window): Promise<void> {
  await window.see(m.note_saved())
}

/** Waits until both windows and both command lines say the same, and all of these are in it. */
async function equal(laptops: readonly [Laptop, Laptop], words: readonly string[]): Promise<void> {
  const [one, other] = laptops
  let texts: readonly string[] = []
  await untilTrue("the same note in both windows", async () => {
    texts = await Promise.all([one.window.note(), other.window.note()])
    return texts[0] === texts[1] && words.every((word) => texts[0]?.includes(word))
  }).catch((error: unknown) => {
    throw new Error(`the windows say:\n${texts.join("\n---\n")}`, { cause: error })
  })
  await untilTrue("the same note on both command lines", async () => {
    texts = await Promise.all(laptops.map((laptop) => laptop.ok(["note", "show", CIRCLE, NOTE])))
    return texts[0] === texts[1] && words.every((word) => texts[0]?.includes(word.trim()))
  }).catch((error: unknown) => {
    throw new Error(`the command lines say:\n${texts.join("\n---\n")}`, { cause: error })
  })
}
