// Another program on a display, as small as can be: it asks whoever has a selection for its text, as pasting does.

import { once } from "node:events"
import { type Socket, createConnection } from "node:net"

/** What X calls the two: what was selected last, pasted by the middle button, and what was copied last. */
export type Selection = "PRIMARY" | "CLIPBOARD"

/** How long whoever has it may take to give it. */
const PATIENCE_MS = 20_000

// Of the X protocol, version 11: requests, and the event that answers to the last but one.
const [CREATE_WINDOW, INTERN_ATOM, GET_PROPERTY, GET_SELECTION_OWNER, CONVERT_SELECTION] = [1, 16, 20, 23, 24]
const SELECTION_NOTIFY = 31
const INPUT_ONLY = 2
/** How many units of four bytes a text may have. */
const LONGEST = 65_536

/** The text of a selection; none if nobody has it. */
export async function selected(display: string, selection: Selection): Promise<string | undefined> {
  const socket = createConnection(`/tmp/.X11-unix/X${display.slice(1)}`)
  try {
    return await new Client(socket).text(selection)
  } finally {
    socket.destroy()
  }
}

class Client {
  #held = Buffer.alloc(0)
  readonly #signal = AbortSignal.timeout(PATIENCE_MS)

  constructor(private readonly socket: Socket) {
    socket.on("data", (more: Buffer) => {
      this.#held = Buffer.concat([this.#held, more])
      socket.emit("more")
    })
  }

  async text(selection: Selection): Promise<string | undefined> {
    // Little-endian, version 11.0, no key.
    this.socket.write(bytes([0x6c, 0], [11, 0, 0, 0, 0]))
    const begin = await this.#take(8)
    if (begin[0] !== 1) throw new Error("the display lets nobody in")
    const setup = await this.#take(begin.readUInt16LE(6) * 4)
    const window = setup.readUInt32LE(4)
    const root = setup.readUInt32LE(32 + padded(setup.readUInt16LE(16)) + 8 * setup.readUInt8(21))

    this.#ask(CREATE_WINDOW, 0, [window, root, 0, 0x0001_0001, INPUT_ONLY << 16, 0, 0])
    const [what, text, place] = [await this.#atom(selection), await this.#atom("UTF8_STRING"), await this.#atom("SNUG_TEXT")]
    this.#ask(GET_SELECTION_OWNER, 0, [what])
    if ((await this.#answer()).readUInt32LE(8) === 0) return undefined
    this.#ask(CONVERT_SELECTION, 0, [window, what, text, place, 0])
    for (;;) {
      const event = await this.#take(32)
      if ((event.readUInt8(0) & 0x7f) !== SELECTION_NOTIFY) continue
      if (event.readUInt32LE(20) === 0) return undefined
      break
    }
    this.#ask(GET_PROPERTY, 0, [window, place, 0, 0, LONGEST])
    const given = await this.#answer()
    return given.toString("utf8", 32, 32 + given.readUInt32LE(16))
  }

  async #atom(name: string): Promise<number> {
    const words = Buffer.alloc(4 + padded(name.length))
    words.writeUInt16LE(name.length, 0)
    words.write(name, 4, "latin1")
    this.#send(INTERN_ATOM, 0, words)
    return (await this.#answer()).readUInt32LE(8)
  }

  #ask(request: number, detail: number, fields: readonly number[]): void {
    this.#send(request, detail, Buffer.from(Uint32Array.from(fields).buffer))
  }

  #send(request: number, detail: number, body: Buffer): void {
    this.socket.write(Buffer.concat([bytes([request, detail], [1 + body.length / 4]), body]))
  }

  async #answer(): Promise<Buffer> {
    const head = await this.#take(32)
    if (head[0] !== 1) throw new Error(`the display refused something: ${head.toString("hex")}`)
    return Buffer.concat([head, await this.#take(head.readUInt32LE(4) * 4)])
  }

  async #take(length: number): Promise<Buffer> {
    while (this.#held.length < length) await once(this.socket, "more", { signal: this.#signal })
    const taken = this.#held.subarray(0, length)
    this.#held = this.#held.subarray(length)
    return taken
  }
}

/** Bytes, and numbers of two bytes behind them. */
function bytes(single: readonly number[], double: readonly number[]): Buffer {
  return Buffer.concat([Buffer.from(single), Buffer.from(Uint16Array.from(double).buffer)])
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4
}
