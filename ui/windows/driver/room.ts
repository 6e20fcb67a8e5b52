// Laptops beside each other: a temporary folder, gone at the end with all that runs in it.

import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Laptop, type Outfit } from "./laptop"

/** The room. */
export class Room {
  readonly laptops: Laptop[] = []

  private constructor(readonly folder: string) {}

  static async enter(): Promise<Room> {
    return new Room(await mkdtemp(join(tmpdir(), "snug-room-")))
  }

  /** A laptop that nobody has set up. */
  laptop(name: string, outfit: Outfit = {}): Laptop {
    const laptop = new Laptop(join(this.folder, name.toLowerCase()), name, outfit)
    this.laptops.push(laptop)
    return laptop
  }

  /** Ends everything and takes the folder away. */
  async leave(): Promise<void> {
    await Promise.all(this.laptops.map((laptop) => laptop.end()))
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
