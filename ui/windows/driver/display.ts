// An X display that nobody sees, or the one that somebody sits at.

import { once } from "node:events"
import { createServer } from "node:net"
import type { Readable } from "node:stream"
import { Group, finish } from "./processes"
import { untilTrue } from "./until"

/** The size of a small laptop's screen. */
const SCREEN = "1280x860x24"

/** How long a display may take to be there, or to be pictured. */
const PATIENCE_MS = 20_000

/** The name of a window that isn't Snug's. */
const OTHER = "Another program"

/** A display. Each window has its own, as each laptop has: so each has the keyboard to itself. */
export class Display {
  readonly #others: Group[] = []

  private constructor(
    readonly name: string,
    readonly server: Group | undefined,
  ) {}

  /** Starts a display with a number that is free. */
  static async own(): Promise<Display> {
    const server = Group.start(
      "Xvfb",
      ["Xvfb", "-displayfd", "3", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"],
      { stdio: ["ignore", "pipe", "pipe", "pipe"] },
    )
    const said = (server.child.stdio[3] as Readable).setEncoding("utf8")
    const [number] = (await once(said, "data", { signal: AbortSignal.timeout(PATIENCE_MS) })) as [string]
    return new Display(`:${number.trim()}`, server)
  }

  /** The name of the display that somebody sits at, if there is one. */
  static thatIsSeen(): string | undefined {
    const { DISPLAY } = process.env
    return DISPLAY === "" ? undefined : DISPLAY
  }

  /** The display that somebody sits at. */
  static at(name: string): Display {
    return new Display(name, undefined)
  }

  /** Keeps a picture of everything on it. */
  async picture(file: string): Promise<void> {
    const done = await finish(["import", "-display", this.name, "-window", "root", file], { timeout: PATIENCE_MS })
    if (done.code !== 0) throw new Error(`import: ${done.stderr}`)
  }

  /** Puts a window of another program before all others. */
  async cover(): Promise<void> {
    const [size] = SCREEN.split("x24")
    this.#others.push(
      Group.start(OTHER, ["xev", "-display", this.name, "-name", OTHER, "-geometry", `${size}+0+0`, "-event", "visibility"]),
    )
    await untilTrue("a window of another program", async () => (await this.inFront()) === OTHER)
  }

  /** The name of the window that is before all others. */
  async inFront(): Promise<string | undefined> {
    // From the one in front to the one behind all.
    const tree = await finish(["xwininfo", "-display", this.name, "-root", "-children"], { timeout: PATIENCE_MS })
    if (tree.code !== 0) throw new Error(`xwininfo: ${tree.stderr}`)
    const names = [...tree.stdout.matchAll(/^ +0x[0-9a-f]+ "(.*)":/gmu)].map(([, name]) => name)
    return names.find((name) => name === "Snug" || name === OTHER)
  }

  /** Ends it, if it was started here. */
  async end(): Promise<void> {
    for (const other of this.#others) await other.kill()
    await this.server?.end()
  }
}

/** A TCP port on loopback that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, "close")
  return port
}
