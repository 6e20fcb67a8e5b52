// What the demo prints and keeps while it goes.

import { mkdir, rm } from "node:fs/promises"
import { join } from "node:path"
import type { Laptop } from "../driver/laptop"
import { finish } from "../driver/processes"
import { TARGET } from "../driver/programs"

const FOLDER = join(TARGET, "demo")

/** How long putting two pictures beside each other may take. */
const PATIENCE_MS = 20_000

/** The steps so far. */
export class Told {
  #steps = 0
  #last = performance.now()

  private constructor(private readonly laptops: readonly Laptop[]) {}

  static async begin(laptops: readonly Laptop[]): Promise<Told> {
    await rm(FOLDER, { recursive: true, force: true })
    await mkdir(FOLDER, { recursive: true })
    return new Told(laptops)
  }

  /** A step that is done: its time, and a picture of each window that is open. */
  async step(name: string, what: string): Promise<void> {
    const took = performance.now() - this.#last
    this.#steps += 1
    console.log(`${took.toFixed(0).padStart(8)} ms  ${what}`)
    const numbered = join(FOLDER, `${String(this.#steps).padStart(2, "0")}-${name}`)
    const pictures: string[] = []
    for (const laptop of this.laptops.filter(({ isOpen }) => isOpen)) {
      const file = `${numbered}-${laptop.name.toLowerCase()}.png`
      await laptop.window.picture(file)
      pictures.push(file)
    }
    if (pictures.length > 1) {
      const joined = await finish(["convert", ...pictures, "+append", `${numbered}.png`], { timeout: PATIENCE_MS })
      if (joined.code !== 0) throw new Error(`convert: ${joined.stderr}`)
    }
    // Keeping pictures isn't part of the step that comes.
    this.#last = performance.now()
  }

  /** Something to read. */
  text(title: string, text: string): void {
    console.log(`\n  ${title}`)
    for (const line of text.split("\n")) console.log(`  | ${line}`)
  }

  /** Where the pictures are. */
  end(): void {
    console.log(`\npictures of every step: ${FOLDER}`)
  }
}
