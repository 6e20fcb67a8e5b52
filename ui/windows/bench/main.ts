// From a key to its frame, in the real window, in a short note and in one of 50,000 characters. An idle machine, please.
//
// The key is a real one, sent through the driver. Time runs from the key's event in the page until the frame with the letter
// is handed over for drawing, and so includes waiting for the display, up to 17 ms. The page is the one that is shipped;
// the program behind it is the development build, because no other can be driven, and isn't waited for.

import { Room } from "../driver/room"
import { untilTrue } from "../driver/until"
import type { Window } from "../driver/window"
import { openNote, unlock } from "../story/acts"
import { CIRCLE } from "../story/names"

const TITLE = "A long note"
const CHARACTERS = 50_000
const PARAGRAPH = "so they met in the old mill by the river and talked until the lamps were lit ".repeat(3).trim()
const KEYS = 200

export async function main(): Promise<void> {
  const room = await Room.enter()
  try {
    const anna = room.laptop("Anna")
    await anna.ok(["init", "--name", anna.name])
    const circle = await anna.ok(["circle", "found", CIRCLE])
    for (const [title, characters] of [["A short note", 1_000], [TITLE, CHARACTERS]] as const) {
      const paragraphs = Array.from({ length: Math.ceil(characters / PARAGRAPH.length) }, () => PARAGRAPH)
      await anna.ok(["note", "new", circle, title, "--file", "-"], paragraphs.join("\n\n"))
    }
    const window = await anna.open()
    await unlock(window, anna.passphrase)
    for (const title of ["A short note", TITLE]) {
      await window.find("heading", CIRCLE)
      await openNote(window, title)
      const opened = await window.note()
      const frames = await keys(window)
      const at = (share: number) => (frames[Math.floor(frames.length * share)] ?? Number.NaN).toFixed(1)
      console.log(`measured: key to frame at ${opened.length} characters: median ${at(0.5)} ms, 99 of 100 within ${at(0.99)} ms`)
      await window.click("button", CIRCLE)
    }
  } finally {
    await room.leave()
  }
}

/** Types in the middle of the note, and gives each key's milliseconds, in order. */
async function keys(window: Window): Promise<readonly number[]> {
  await window.session.run(`
    const lines = document.querySelectorAll("[contenteditable=true] p")
    const range = document.createRange()
    range.selectNodeContents(lines[Math.floor(lines.length / 2)])
    range.collapse(false)
    document.querySelector("[contenteditable=true]").focus()
    getSelection().removeAllRanges()
    getSelection().addRange(range)
    const frames = (window.frames_ = [])
    addEventListener("keydown", () => {
      const begun = performance.now()
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => frames.push(performance.now() - begun)
        port2.postMessage(null)
      })
    }, { capture: true, signal: (window.stop_ = new AbortController()).signal })`)
  for (let typed = 0; typed < KEYS; typed += 1) await window.type("k")
  const seen = async () => (await window.session.run("return window.frames_")) as number[]
  await untilTrue("every key's frame", async () => (await seen()).length === KEYS)
  await window.session.run("window.stop_.abort()")
  return (await seen()).toSorted((one, other) => one - other)
}
