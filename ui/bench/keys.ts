// Keys in the middle of a note, and what each costs.
//
// Time runs from the key's event until after the frame with the letter was handed over for drawing. It includes waiting for the
// display's next frame, up to 17 ms: keys fall at any moment between two frames, as a person's do. CPU time doesn't include it.

import { setTimeout as pause } from "node:timers/promises"
import { type Cpu, used } from "./cpu"
import type { Place } from "./place"

/** Keys before those that count, until the engine has compiled what runs often. */
const WARM = 30
/** Keys that count. */
const KEYS = 60
/** Between two keys at least, so that what a key leaves to do is done; the part of a frame comes on top. */
const PAUSE_MS = 30
const FRAME_MS = 1000 / 60
/** Spreads moments evenly. */
const GOLDEN = 0.618

/** What some keys cost: milliseconds until each frame, and CPU milliseconds for all of them. */
export interface Costs {
  readonly frames: readonly number[]
  readonly cpu: Cpu
}

declare global {
  interface Window {
    /** Milliseconds from each key until its frame, and who waits for the next. */
    keys?: { readonly frames: number[]; onframe: () => unknown }
  }
}

/** Types. The editor is there. */
export async function typeInto(place: Place): Promise<Costs> {
  await place.run(watch)
  let before = await used()
  for (let typed = 0; typed < WARM + KEYS; typed += 1) {
    if (typed === WARM) before = await used()
    await pause(PAUSE_MS + FRAME_MS * ((typed * GOLDEN) % 1))
    await place.type("k")
    await place.run(shown, typed + 1)
  }
  const after = await used()
  if (!(await place.run(text)).includes("k".repeat(WARM + KEYS))) throw new Error("keys were lost")
  const frames = await place.run(shown, WARM + KEYS)
  return { frames: frames.slice(WARM), cpu: { main: (after.main - before.main) / KEYS, all: (after.all - before.all) / KEYS } }
}

/** How many characters the note has, once the editor shows it. */
export function text(): string {
  return document.querySelector("[contenteditable=true]")?.textContent ?? ""
}

/** Puts the caret into the middle of the note, and begins to watch keys. */
function watch(): void {
  const editor = document.querySelector<HTMLElement>("[contenteditable=true]")
  const paragraphs = editor?.querySelectorAll("p") ?? []
  const paragraph = paragraphs[Math.floor(paragraphs.length / 2)]
  if (editor == null || paragraph?.firstChild == null) throw new Error("the note is empty")
  editor.focus()
  getSelection()?.collapse(paragraph.firstChild, 40)
  paragraph.scrollIntoView({ block: "center" })
  const frames: number[] = []
  const keys: NonNullable<Window["keys"]> = { frames, onframe: () => undefined }
  window.keys = keys
  addEventListener(
    "keydown",
    (event) => {
      requestAnimationFrame(() => {
        // What comes after the frame's own work.
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => {
          frames.push(performance.now() - event.timeStamp)
          keys.onframe()
        }
        port2.postMessage(null)
      })
    },
    { capture: true },
  )
}

/** Resolves once so many keys have been shown. */
async function shown(count: number): Promise<readonly number[]> {
  const { keys } = window
  if (keys === undefined) throw new Error("nobody watches")
  while (keys.frames.length < count) await new Promise<void>((resolve) => (keys.onframe = resolve))
  return keys.frames
}
