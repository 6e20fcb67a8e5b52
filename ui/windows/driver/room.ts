// Laptops beside each other: a temporary folder, gone at the end with all that runs in it.

import { rmSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Laptop, type Outfit } from "./laptop"
import { Network } from "./network"

const entered = new Set<string>()

// After what runs in them has ended, which happens before: it was asked for earlier.
process.on("exit", () => {
  for (const folder of entered) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** The room. */
export class Room {
  readonly laptops: Laptop[] = []
  readonly #networks: Network[] = []

  private constructor(readonly folder: string) {}

  static async enter(): Promise<Room> {
    const folder = await mkdtemp(join(tmpdir(), "snug-room-"))
    entered.add(folder)
    return new Room(folder)
  }

  /** A laptop that nobody has set up. */
  laptop(name: string, outfit: Outfit = {}): Laptop {
    const laptop = new Laptop(join(this.folder, name.toLowerCase()), name, outfit)
    this.laptops.push(laptop)
    return laptop
  }

  /** A network that one laptop is alone on. */
  async network(): Promise<Network> {
    const network = await Network.make(this.folder)
    this.#networks.push(network)
    return network
  }

  /** Ends everything and takes the folder away. */
  async leave(): Promise<void> {
    await Promise.all(this.laptops.map((laptop) => laptop.end()))
    await Promise.all(this.#networks.map((network) => network.end()))
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
    entered.delete(this.folder)
  }
}
