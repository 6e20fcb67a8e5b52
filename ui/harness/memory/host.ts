/**
 * A host that lives in memory: one laptop, and other people who do what a test or a scene tells them. It is scripted
 * through `script`; nothing of it is kept, and nothing of it is in the app that is shipped.
 */
import type { ErrorCode } from "@/lib/api/generated/errors"
import { HostError } from "@/lib/host/error"
import type { Answer, CommandName, DoorState, Event, Fields, Host, NoteListener, OpenNote, Preferences } from "@/lib/host/host"
import { type Commands, commands, good } from "./commands"
import { JoinStory } from "./join"
import { Script } from "./script"
import { type MemoryCircle, World } from "./world"

/** How long laptops that are near take to say that they hold a change. */
const RECEIPT_MS = 700

export interface MemoryOptions {
  door?: "fresh" | "locked" | "open"
  passphrase?: string
  /** False if nothing happens unless the script says so. */
  auto?: boolean
  preferences?: Partial<Preferences>
}

export class MemoryHost implements Host {
  readonly world: World
  readonly join: JoinStory
  readonly script: Script
  readonly #commands: Commands
  readonly #listeners = new Set<(event: Event) => void>()
  readonly #doors = new Set<(state: DoorState) => void>()
  readonly #failures = new Map<string, { code: ErrorCode; times: number }>()
  #state: DoorState
  #passphrase: string
  #preferences: Preferences
  #answering: ReturnType<typeof setTimeout> | undefined
  #settle: (() => Promise<unknown>) | undefined
  /** What was copied last; how often somebody was said to be at the keyboard; whether the first frame was told. */
  copied = ""
  activity = 0
  painted = false
  folder: string | null = "/home/cleo/Snug copy"

  constructor(options: MemoryOptions = {}) {
    this.#state = { state: options.door ?? "open" }
    this.#passphrase = options.passphrase ?? "four small wooden boats"
    this.#preferences = { theme: "system", language: null, lock_after_minutes: 15, ...options.preferences }
    const tell = (event: Event): void => this.tell(event)
    this.world = new World((circle, document) => this.#changed(circle, document))
    this.join = new JoinStory(this.world, tell, options.auto ?? true)
    this.#commands = commands(this.world, this.join, tell)
    this.script = new Script(this)
  }

  /** An event for every listener, as a channel delivers it: later. */
  tell(event: Event): void {
    setTimeout(() => {
      for (const listener of [...this.#listeners]) listener(event)
    })
  }

  /** The next calls of a command (or of `create`, `unlock`, `write`, `copy` …) fail. */
  fail(what: string, code: ErrorCode, times = 1): void {
    this.#failures.set(what, { code, times })
  }

  setDoor(state: DoorState): void {
    this.#state = state
    for (const listener of [...this.#doors]) listener(state)
  }

  get preference(): Preferences {
    return this.#preferences
  }

  async call<N extends CommandName>(command: N, fields: Fields<N>): Promise<Answer<N>> {
    await Promise.resolve()
    this.#mayFail(command)
    if (this.#state.state === "locked") throw new HostError("locked", "it is locked")
    if (this.#state.state === "fresh") throw new HostError("no_store", "nothing is here")
    return structuredClone(this.#commands[command](structuredClone(fields)))
  }

  events(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  readonly door: Host["door"] = {
    state: () => Promise.resolve(this.#state),
    follow: (listener) => {
      this.#doors.add(listener)
      return () => void this.#doors.delete(listener)
    },
    create: async (name, passphrase) => {
      await Promise.resolve()
      this.#mayFail("create")
      if (passphrase === "") throw new HostError("empty_passphrase", "a passphrase is needed")
      this.world.name = good(name)
      this.#passphrase = passphrase
      this.setDoor({ state: "open" })
    },
    unlock: async (passphrase) => {
      await Promise.resolve()
      this.#mayFail("unlock")
      if (passphrase !== this.#passphrase) throw new HostError("wrong_passphrase", "that isn't it")
      this.setDoor({ state: "open" })
    },
    lock: async () => {
      await Promise.resolve()
      this.#mayFail("lock")
      await this.#settle?.()
      for (const circle of this.world.circles) for (const note of circle.notes) note.end("closed")
      this.setDoor({ state: "locked" })
    },
  }

  async openNote(circle: string, note: string, listener: NoteListener): Promise<OpenNote> {
    await Promise.resolve()
    this.#mayFail("note_open")
    const found = this.world.note(this.world.circle(circle), note)
    return found.open(listener, () => this.#failure("note_write"))
  }

  readonly preferences = {
    get: (): Promise<Preferences> => Promise.resolve(this.#preferences),
    set: async (preferences: Preferences): Promise<void> => {
      await Promise.resolve()
      this.#mayFail("set_preferences")
      this.#preferences = preferences
    },
  }

  async copy(text: string): Promise<void> {
    await Promise.resolve()
    this.#mayFail("copy")
    this.copied = text
  }

  chooseFolder(): Promise<string | null> {
    return Promise.resolve(this.folder)
  }

  active(): void {
    this.activity++
  }

  shown(): void {
    this.painted = true
  }

  /** What is in memory has no end; it can be locked. */
  beforeEnd(settle: () => Promise<unknown>): () => void {
    this.#settle = settle
    return () => (this.#settle = undefined)
  }

  #changed(circle: MemoryCircle, document: string): void {
    for (const person of circle.people) if (!person.me) person.holds = null
    this.tell({ event: "changed", circle: circle.id, document })
    this.tell({ event: "holding", circle: circle.id })
    if (!this.join.auto) return
    clearTimeout(this.#answering)
    this.#answering = setTimeout(() => {
      for (const person of circle.people) if (person.near) person.holds = Date.now()
      this.tell({ event: "holding", circle: circle.id })
    }, RECEIPT_MS)
  }

  #failure(what: string): HostError | undefined {
    const failure = this.#failures.get(what)
    if (failure === undefined) return undefined
    if (--failure.times === 0) this.#failures.delete(what)
    return new HostError(failure.code, `scripted: ${failure.code}`)
  }

  #mayFail(what: string): void {
    const failure = this.#failure(what)
    if (failure) throw failure
  }
}
