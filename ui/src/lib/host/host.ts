/**
 * What the window asks of the program around it. The app knows this interface alone: `tauri.ts` answers it in the real
 * window, the harness answers it from memory.
 */
import type { Response } from "@/lib/api/generated/answers"
import type { Request } from "@/lib/api/generated/commands"
import type { DoorState } from "@/lib/api/generated/door"
import type { Event } from "@/lib/api/generated/events"
import type { Preferences } from "@/lib/api/generated/preferences"

export { HostError } from "./error"
export type { DoorState, Event, Preferences }

export type CommandName = Request["command"]
export type Fields<N extends CommandName> = Extract<Request, { command: N }>["with"]
export type Answer<N extends CommandName> = Extract<Response, { command: N }>["answer"]

/** Why an open note's stream ended: too slow, refused something of ours, or the laptop closed it. */
export type EndReason = "lagged" | "refused" | "closed"

/** Hears what others do in an open note. It may be called as soon as the note is open. */
export interface NoteListener {
  changes(changes: Uint8Array[]): void
  ended(reason: EndReason): void
}

/** A note that is open in this window. */
export interface OpenNote {
  /** 32 hexadecimal digits: who this replica is in the document. */
  readonly actor: string
  /** The document: an Automerge save, or changes one after the other. */
  readonly bytes: Uint8Array
  /** Resolves when the changes are durable on this laptop. */
  write(changes: Uint8Array[]): Promise<void>
  close(): Promise<void>
}

export interface Door {
  state(): Promise<DoorState>
  follow(listener: (state: DoorState) => void): () => void
  create(name: string, passphrase: string): Promise<void>
  unlock(passphrase: string): Promise<void>
  lock(): Promise<void>
}

export interface Host {
  /** Rejects with a `HostError`. */
  call<N extends CommandName>(command: N, fields: Fields<N>): Promise<Answer<N>>
  events(listener: (event: Event) => void): () => void
  readonly door: Door
  openNote(circle: string, note: string, listener: NoteListener): Promise<OpenNote>
  readonly preferences: { get(): Promise<Preferences>; set(preferences: Preferences): Promise<void> }
  copy(text: string): Promise<void>
  chooseFolder(): Promise<string | null>
  /** Somebody is at the keyboard. */
  active(): void
  /** The first frame is painted. */
  shown(): void
  /** The program waits for this before it locks and before it ends, for a while. */
  beforeEnd(settle: () => Promise<unknown>): () => void
}
