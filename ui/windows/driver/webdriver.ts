// A W3C WebDriver client, as small as these tests need. The well-known libraries for it want a newer Node than Snug.

import { setTimeout as pause } from "node:timers/promises"

/** The key that the protocol gives a reference to an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf"

/** How long one command may take. A busy machine draws slowly. */
const COMMAND_MS = 60_000

/** How long the driver may take to say that it listens, before it is asked again. */
const STATUS_MS = 1_000

/** An element in a window, by the name that the driver gave it. */
export interface Element {
  readonly [ELEMENT]: string
}

/** Keys by the protocol's code points. */
export const Key = {
  tab: "\uE004",
  enter: "\uE007",
  shift: "\uE008",
  control: "\uE009",
  alt: "\uE00A",
  escape: "\uE00C",
  space: " ",
  end: "\uE010",
  home: "\uE011",
  left: "\uE012",
  up: "\uE013",
  right: "\uE014",
  down: "\uE015",
  backspace: "\uE003",
  f10: "\uE03A",
} as const

/** What the driver refused, with the protocol's word for it. */
export class WebDriverError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`)
  }
}

/** One session: one program's window. */
export class Session {
  private constructor(
    private readonly server: string,
    private readonly id: string,
  ) {}

  /** Lets the driver start this program and waits for its window. */
  static async begin(server: string, binary: string, args: readonly string[], timeout: number): Promise<Session> {
    // A command doesn't wait for a page that loads: listeners are to be there before the page's own script.
    const capabilities = { alwaysMatch: { pageLoadStrategy: "none", "webkitgtk:browserOptions": { binary, args } } }
    const value = await request(`${server}/session`, "POST", { capabilities }, timeout)
    return new Session(server, (value as { sessionId: string }).sessionId)
  }

  /** Runs the body of a function in the page and gives what it returns. The page's policy doesn't hold for it. */
  async run(script: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.#post("/execute/sync", { script, args })
  }

  /** The same for a function that returns a promise. */
  async runAsync(body: string, ...args: readonly unknown[]): Promise<unknown> {
    const script = `const done = arguments[arguments.length - 1];
      (async function () { ${body} }).apply(null, arguments).then((value) => done({ value }), (error) => done({ error: String(error) }))`
    const outcome = (await this.#post("/execute/async", { script, args })) as { value?: unknown; error?: string }
    if (outcome.error !== undefined) throw new Error(`in the page: ${outcome.error}`)
    return outcome.value
  }

  /** Clicks the middle of an element, scrolled into view. */
  async click(element: Element): Promise<void> {
    await this.#post(`/element/${element[ELEMENT]}/click`, {})
  }

  /** Types into whatever has the focus, key by key. `hold` is held meanwhile. */
  async type(text: string, hold: readonly string[] = []): Promise<void> {
    const tap = (key: string) => [
      { type: "keyDown", value: key },
      { type: "keyUp", value: key },
    ]
    const keys = [
      ...hold.map((value) => ({ type: "keyDown", value })),
      ...Array.from(text, (letter) => tap(letter === "\n" ? Key.enter : letter)).flat(),
      ...hold.toReversed().map((value) => ({ type: "keyUp", value })),
    ]
    await this.#post("/actions", { actions: [{ type: "key", id: "keyboard", actions: keys }] })
  }

  /** A picture of the page, as PNG. */
  async picture(): Promise<Buffer> {
    return Buffer.from((await this.#get("/screenshot")) as string, "base64")
  }

  /** Puts the window somewhere. */
  async place(x: number, y: number, width: number, height: number): Promise<void> {
    await this.#post("/window/rect", { x, y, width, height })
  }

  /** What the title bar says. */
  async title(): Promise<string> {
    return (await this.#get("/title")) as string
  }

  #get(path: string): Promise<unknown> {
    return request(`${this.server}/session/${this.id}${path}`, "GET", undefined, COMMAND_MS)
  }

  #post(path: string, body: unknown): Promise<unknown> {
    return request(`${this.server}/session/${this.id}${path}`, "POST", body, COMMAND_MS)
  }
}

/** Waits until the driver listens. */
export async function ready(server: string, timeout: number): Promise<void> {
  const deadline = Date.now() + timeout
  for (;;) {
    const there = await request(`${server}/status`, "GET", undefined, STATUS_MS).then(
      () => true,
      (error: unknown) => {
        if (Date.now() > deadline) throw error
        return false
      },
    )
    if (there) return
    await pause(20)
  }
}

async function request(url: string, method: string, body: unknown, timeout: number): Promise<unknown> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(timeout),
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  })
  const { value } = (await response.json()) as { value: unknown }
  if (response.ok) return value
  const { error, message } = value as { error: string; message: string }
  throw new WebDriverError(error, message)
}
