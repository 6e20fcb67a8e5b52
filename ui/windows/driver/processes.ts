// Programs, each the leader of a process group of its own, and none that outlives the program that started it.

import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process"
import { once } from "node:events"
import { readFile, readdir } from "node:fs/promises"
import { untilTrue } from "./until"

/** How many lines of what a program says are kept. */
const LOG_LINES = 400

/** How long a group may take to end when asked, before it is ended. */
const GRACE_MS = 5_000

/** How much of a program's name the system tells. */
const COMM_LETTERS = 15

const alive = new Set<number>()

process.on("exit", () => {
  for (const group of alive) signal(group, "SIGKILL")
})
const interrupts = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
for (const [name, code] of Object.entries(interrupts)) {
  process.once(name, () => process.exit(code))
}

/** A started program and all that it starts. */
export class Group {
  readonly log: string[] = []

  private constructor(
    readonly name: string,
    readonly child: ChildProcess,
    /** The process id of the leader, and so the group's number. */
    readonly id: number,
  ) {}

  /** Starts a program. */
  static start(name: string, command: readonly [string, ...string[]], options: SpawnOptions = {}): Group {
    const [program, ...args] = command
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options, detached: true })
    // Without a listener it would be thrown where nobody can catch it; the missing id below says the same.
    child.on("error", () => undefined)
    if (child.pid === undefined) throw new Error(`${program} can't be started: is it installed?`)
    alive.add(child.pid)
    const group = new Group(name, child, child.pid)
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        group.#keep(text)
      })
    }
    return group
  }

  /** Ends all of it: asks, waits for the leader, and doesn't ask again. */
  async end(): Promise<void> {
    signal(this.id, "SIGTERM")
    await this.#ended(AbortSignal.timeout(GRACE_MS)).catch(() => undefined)
    await this.kill()
  }

  /** Ends all of it at once, as a power cut would. */
  async kill(): Promise<void> {
    signal(this.id, "SIGKILL")
    await this.#ended()
    alive.delete(this.id)
  }

  /** Holds one program of the group, so that it does nothing more. */
  async holdProgram(name: string): Promise<void> {
    const held = await this.#programs(name)
    if (held.length === 0) throw new Error(`${this.name}: no ${name} runs`)
    for (const id of held) process.kill(id, "SIGSTOP")
  }

  /** What the system says of a limit of each running program of this name: the first line of its limits that begins so. */
  async limits(name: string, limit: string): Promise<readonly string[]> {
    const files = (await this.#programs(name)).map((id) => readFile(`/proc/${id}/limits`, "utf8"))
    return (await Promise.all(files)).map((text) => text.split("\n").find((line) => line.startsWith(limit)) ?? "")
  }

  /** Asks one program of the group to end, and waits until it did. */
  async endProgram(name: string, patience: number): Promise<void> {
    for (const id of await this.#programs(name)) process.kill(id, "SIGTERM")
    await untilTrue(`${this.name}: the end of ${name}`, async () => (await this.#programs(name)).length === 0, patience)
  }

  /** The process ids of all programs of this name in the group that still run. */
  async #programs(name: string): Promise<readonly number[]> {
    const found: number[] = []
    for (const id of await readdir("/proc")) {
      if (!/^\d+$/u.test(id)) continue
      // Gone meanwhile.
      const stat = await readFile(`/proc/${id}/stat`, "utf8").catch(() => "")
      const [, program, state, group] = /\((.*)\) (\S) \d+ (\d+)/u.exec(stat) ?? []
      if (program === name.slice(0, COMM_LETTERS) && state !== "Z" && Number(group) === this.id) found.push(Number(id))
    }
    return found
  }

  async #ended(signal?: AbortSignal): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    await once(this.child, "exit", signal === undefined ? {} : { signal })
  }

  #keep(text: string): void {
    this.log.push(...text.split("\n").filter((line) => line.trim() !== ""))
    this.log.splice(0, this.log.length - LOG_LINES)
  }
}

/** A program that has ended. */
export interface Finished {
  /** The exit code; null if a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end, and ends it at the deadline. */
export async function finish(
  command: readonly [string, ...string[]],
  options: SpawnOptions & { readonly input?: string; readonly timeout: number },
): Promise<Finished> {
  const { input = "", ...rest } = options
  const [program, ...args] = command
  const child = spawn(program, args, { killSignal: "SIGKILL", ...rest, stdio: ["pipe", "pipe", "pipe"] })
  const text = { stdout: "", stderr: "" }
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (more: string) => {
      text[name] += more
    })
  }
  // A program that doesn't read its input may close it early; that's no fault.
  child.stdin.on("error", () => undefined).end(input)
  const [code] = (await once(child, "close")) as [number | null]
  return { code, ...text }
}

/** Sends a signal to a whole group, or to nobody if it has ended. */
function signal(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error
  }
}
