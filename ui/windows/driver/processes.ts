// Programs, each the leader of a process group of its own, and none that outlives the program that started it.

import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process"
import { once } from "node:events"
import { setTimeout as pause } from "node:timers/promises"

/** How many lines of what a program says are kept. */
const LOG_LINES = 400

/** How long a group may take to end when asked, before it is ended. */
const GRACE_MS = 5_000

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

  /** Ends all of it: asks, waits, and doesn't ask again. */
  async end(): Promise<void> {
    signal(this.id, "SIGTERM")
    const deadline = Date.now() + GRACE_MS
    while (signal(this.id, 0) && Date.now() < deadline) await pause(20)
    await this.kill()
  }

  /** Ends all of it at once, as a power cut would. */
  async kill(): Promise<void> {
    signal(this.id, "SIGKILL")
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, "exit")
    alive.delete(this.id)
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

/** Sends a signal to a whole group; tells whether anybody was there to hear it. */
function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, name)
    return true
  } catch {
    return false
  }
}
