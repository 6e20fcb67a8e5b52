/**
 * The real window's host: each method is one command of the shell, each stream one of its channels. No other file knows
 * that Tauri is there.
 */
import { Channel, invoke } from "@tauri-apps/api/core"
import type { Response } from "@/lib/api/generated/answers"
import type { DoorState } from "@/lib/api/generated/door"
import type { Event } from "@/lib/api/generated/events"
import type { Preferences } from "@/lib/api/generated/preferences"
import { HostError } from "./error"
import type { Answer, CommandName, EndReason, Fields, Host, NoteListener, OpenNote } from "./host"
import { decodeChanges, payloads } from "./payload"

type Body = Record<string, unknown> | Uint8Array

async function ask<T>(command: string, body: Body = {}, headers: Record<string, string> = {}): Promise<T> {
  try {
    return await invoke<T>(command, body, { headers })
  } catch (thrown) {
    throw HostError.of(thrown)
  }
}

/**
 * One channel of the shell for any number of listeners; it is opened with the first. Where the shell waits for it, it hears of
 * each item that it was taken.
 */
// What comes through it is as the shell says; nothing here could check it.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
function stream<T>(command: string, taken?: string): (listener: (item: T) => void) => () => void {
  const listeners = new Set<(item: T) => void>()
  let opened = false
  const open = (): void => {
    opened = true
    const channel = new Channel<T>((item) => {
      if (taken !== undefined) void ask(taken).catch(() => undefined)
      for (const listener of [...listeners]) listener(item)
    })
    ask(command, { channel }).catch(() => {
      // The door is shut. Whoever listens next tries again.
      opened = false
    })
  }
  return (listener) => {
    listeners.add(listener)
    if (!opened) open()
    return () => void listeners.delete(listener)
  }
}

/** The first byte of what a note's channel carries. */
const DOCUMENT = 0
const CHANGES = 1
const REASONS: readonly EndReason[] = ["lagged", "refused", "closed"]

async function openNote(circle: string, note: string, listener: NoteListener): Promise<OpenNote> {
  let take: (bytes: Uint8Array) => void
  let fail: (why: HostError) => void
  const document = new Promise<Uint8Array>((resolve, reject) => {
    take = resolve
    fail = reject
  })
  // Nobody waits for it when the note can't be opened at all.
  document.catch(() => undefined)
  const channel = new Channel<ArrayBuffer>((message) => {
    const bytes = new Uint8Array(message)
    if (bytes[0] === DOCUMENT) take(bytes.subarray(1))
    else if (bytes[0] === CHANGES) {
      const changes = decodeChanges(bytes.subarray(1))
      // After the document has been handed over, and in order. The shell sends more when it hears that this was taken.
      void document.then(() =>
        setTimeout(() => {
          listener.changes(changes)
          void opened.then(({ session }) => ask("note_taken", { session })).catch(() => undefined)
        }),
      )
    } else {
      fail(new HostError("closing", "the note was closed"))
      const reason = REASONS[bytes[1] ?? 2] ?? "closed"
      setTimeout(() => listener.ended(reason))
    }
  })
  const opened = ask<{ session: number; actor: string }>("note_open", { circle, note, channel })
  const { session, actor } = await opened
  const bytes = await document
  return {
    actor,
    bytes,
    write: async (changes) => {
      const headers = { "snug-session": String(session) }
      for (const payload of payloads(changes)) await ask("note_write", payload, headers)
    },
    close: () => ask("note_close", { session }),
  }
}

export function tauriHost(): Host {
  const end = stream<null>("end_follow")
  return {
    async call<N extends CommandName>(command: N, fields: Fields<N>): Promise<Answer<N>> {
      const response = await ask<Response>("call", { request: { command, with: fields } })
      return response.answer as Answer<N>
    },
    events: stream<Event>("follow", "event_taken"),
    door: {
      state: () => ask<DoorState>("door"),
      follow: stream<DoorState>("door_follow"),
      create: (name, passphrase) => ask("create", { name, passphrase }),
      unlock: (passphrase) => ask("unlock", { passphrase }),
      lock: () => ask("lock"),
    },
    openNote,
    preferences: {
      get: () => ask<Preferences>("preferences"),
      set: (preferences) => ask("set_preferences", { preferences }),
    },
    copy: (text) => ask("copy", { text }),
    chooseFolder: () => ask<string | null>("choose_folder"),
    active: () => void ask("active").catch(() => undefined),
    shown: () => void ask("shown").catch(() => undefined),
    beforeEnd: (settle) =>
      end(() => {
        void settle()
          .catch(() => undefined)
          .then(() => ask("settled"))
          .catch(() => undefined)
      }),
  }
}
