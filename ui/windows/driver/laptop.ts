// One laptop: a folder of its own, the window on it, and the command line.

import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Preferences } from "@/lib/api/generated/preferences"
import { onOwnBus } from "./bus"
import { Display, freePort } from "./display"
import { environment } from "./environment"
import type { Network } from "./network"
import { type Finished, Group, finish } from "./processes"
import { program } from "./programs"
import { type Selection, selected } from "./selection"
import { PATIENCE_MS, untilTrue } from "./until"
import { Session, ready } from "./webdriver"
import { Window } from "./window"

/** A running window and what it needs. */
interface Open {
  readonly driver: Group
  readonly window: Window
}

/** How a laptop is set up. */
export interface Outfit {
  /** Where it stands; the time zone of its clock. */
  readonly zone?: string
  /** The display that somebody sits at, instead of one of its own. */
  readonly display?: string
  /** The network that its window is alone on, instead of the machine's loopback. */
  readonly network?: Network
}

/** A laptop. It has no window until it is opened. */
export class Laptop {
  #open: Open | undefined
  #display: Display | undefined
  readonly passphrase: string

  constructor(
    /** Everything of it is in here, and goes with it. */
    readonly folder: string,
    readonly name: string,
    private readonly outfit: Outfit = {},
  ) {
    this.passphrase = `the long passphrase of ${name}`
  }

  /** Its data folder. */
  get data(): string {
    return join(this.folder, "data")
  }

  /** Its open window. */
  get window(): Window {
    if (this.#open === undefined) throw new Error(`${this.name}'s window isn't open`)
    return this.#open.window
  }

  /** Whether its window is open. */
  get isOpen(): boolean {
    return this.#open !== undefined
  }

  /** Opens the window and waits for its first frame. */
  async open(): Promise<Window> {
    if (this.#open !== undefined) throw new Error(`${this.name}'s window is open`)
    const environment = await this.#environment()
    const { network } = this.outfit
    const [port, bus] = [await freePort(), await onOwnBus(this.folder)]
    const driver = Group.start(
      `${this.name}'s window`,
      [...(network?.inside ?? []), ...bus, "WebKitWebDriver", `--port=${port}`, "--host=127.0.0.1"] as [string, ...string[]],
      { env: environment, cwd: this.folder },
    )
    try {
      const server = `http://127.0.0.1:${(await network?.reach(port)) ?? port}`
      await ready(server, PATIENCE_MS)
      const session = await Session.begin(server, program("snug-desktop"), ["--data", this.data], PATIENCE_MS)
      const window = new Window(this.name, session)
      this.#open = { driver, window }
      await window.drawn()
      return window
    } catch (error) {
      const log = driver.log.join("\n")
      await driver.kill()
      this.#open = undefined
      throw new Error(`${this.name}'s window didn't open; it said:\n${log}`, { cause: error })
    }
  }

  /** Closes the window as logging out does: the program is asked, and ends by itself. */
  async close(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    try {
      await open?.driver.endProgram("snug-desktop", PATIENCE_MS)
    } finally {
      await open?.driver.end()
    }
  }

  /** Holds the page, so that it hears and does nothing more. */
  async holdPage(): Promise<void> {
    await this.#open?.driver.holdProgram("WebKitWebProcess")
  }

  /** Ends the window as a power cut would. */
  async kill(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    await open?.driver.kill()
  }

  /** Ends everything of it. */
  async end(): Promise<void> {
    await this.kill()
    await this.#display?.end()
  }

  /** What the window's program said. */
  get log(): readonly string[] {
    return this.#open?.driver.log ?? []
  }

  /** Puts a window of another program before its own. */
  async cover(): Promise<void> {
    await this.#display?.cover()
  }

  /** What any other program on its screen gets that pastes: what was selected last, or copied last; none if it gets nothing. */
  async pasted(selection: Selection): Promise<string | undefined> {
    return this.#display === undefined ? undefined : selected(this.#display.name, selection)
  }

  /** What the system says of a limit of its window's programs of this name. */
  async limits(program: string, limit: string): Promise<readonly string[]> {
    return (await this.#open?.driver.limits(program, limit)) ?? []
  }

  /** Whether its window is before all others. */
  async isInFront(): Promise<boolean> {
    return (await this.#display?.inFront()) === "Snug"
  }

  /** Keeps what is chosen in the settings, as a window that was there before did. */
  async prefer(preferences: Preferences): Promise<void> {
    await writeFile(join(this.data, "window.json"), JSON.stringify({ preferences }))
  }

  /** Starts the program once more on the same folder, beside the window that may be open, and waits for its end. */
  async startAgain(): Promise<Finished> {
    const bus = await onOwnBus(this.folder)
    const command = [...bus, program("snug-desktop"), "--data", this.data] as [string, ...string[]]
    return finish(command, { env: await this.#environment(), timeout: PATIENCE_MS })
  }

  /** Starts the program once more while the window closes, beside it. No driver can take hold of one that waits. */
  async startBeside(): Promise<Group> {
    const command = [...(await onOwnBus(this.folder)), program("snug-desktop"), "--data", this.data] as [string, ...string[]]
    return Group.start(`${this.name}'s second start`, command, { env: await this.#environment() })
  }

  /** Runs `snug` on its folder. */
  async run(args: readonly string[], input = ""): Promise<Finished> {
    await this.#keepPassphrase()
    return finish([program("snug"), "--data", this.data, ...args], { env: this.#commandLine(), input, timeout: PATIENCE_MS })
  }

  /** What `snug` printed, which must succeed, without the last newline. */
  async ok(args: readonly string[], input = ""): Promise<string> {
    const done = await this.run(args, input)
    if (done.code !== 0) throw new Error(`${this.name}: snug ${args.join(" ")} ended with ${done.code}: ${done.stderr}`)
    return done.stdout.replace(/\n$/u, "")
  }

  /** Does something while `snug up` runs on it, without a window. */
  async whileUp<T>(doing: () => Promise<T>): Promise<T> {
    await this.#keepPassphrase()
    const up = Group.start(`${this.name}'s snug up`, [program("snug"), "--data", this.data, "up"], { env: this.#commandLine() })
    try {
      await untilTrue(`${this.name}'s snug up`, () => Promise.resolve(up.log.includes("ready")))
      return await doing()
    } finally {
      await up.end()
    }
  }

  /** Waits until a note on it says exactly this. */
  async holds(circle: string, note: string, markdown: string): Promise<void> {
    await untilTrue(`“${note}” on ${this.name}'s laptop`, async () => {
      const shown = await this.run(["note", "show", circle, note])
      return shown.code === 0 && shown.stdout === markdown
    })
  }

  /** Takes over what another laptop's folder holds, which must not run again. */
  async become(folder: string): Promise<void> {
    await cp(join(folder, "data"), this.data, { recursive: true })
  }

  /** Keeps a picture of its whole screen. */
  async picture(file: string): Promise<void> {
    await this.#display?.picture(file)
  }

  /** What the web view and the program left in files outside of the data folder. */
  async leftBehind(): Promise<ReadonlyMap<string, Buffer>> {
    const left = new Map<string, Buffer>()
    for (const entry of await readdir(join(this.folder, "home"), { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name)
      if (entry.isFile()) left.set(file, await readFile(file))
    }
    return left
  }

  async #keepPassphrase(): Promise<void> {
    await mkdir(this.folder, { recursive: true })
    await writeFile(join(this.folder, "passphrase"), `${this.passphrase}\n`, { mode: 0o600 })
  }

  #commandLine(): NodeJS.ProcessEnv {
    return { ...process.env, SNUG_INTERFACES: "lo", SNUG_PASSPHRASE_FILE: join(this.folder, "passphrase") }
  }

  async #environment(): Promise<NodeJS.ProcessEnv> {
    this.#display ??= this.outfit.display === undefined ? await Display.own() : Display.at(this.outfit.display)
    const { XAUTHORITY, HOME = "" } = process.env
    return {
      ...(await environment(join(this.folder, "home"), this.#display.name, this.outfit.zone)),
      // Whoever sits at a display has a key to it.
      ...(this.outfit.display === undefined ? {} : { XAUTHORITY: XAUTHORITY ?? join(HOME, ".Xauthority") }),
      SNUG_INTERFACES: "lo",
      TAURI_WEBVIEW_AUTOMATION: "true",
    }
  }
}
