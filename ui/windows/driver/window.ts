// One window as a person meets it: things by role and name, keys, and what can be read.

import { readFileSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import * as page from "./page"
import { PATIENCE_MS, until, untilTrue } from "./until"
import { type Element, Key, type Session } from "./webdriver"

const EYES = readFileSync(
  createRequire(import.meta.url).resolve("@testing-library/dom/dist/@testing-library/dom.umd.min.js"),
  "utf8",
)

/** How many times a page is loaded anew until a listener comes first. */
const RELOADS = 40

/** How many times Tab is pressed on the way to something. */
const TABS = 80

/** A name: all of it, or a pattern. */
export type Name = string | RegExp

/** An open window. */
export class Window {
  constructor(
    readonly whose: string,
    readonly session: Session,
  ) {}

  /** Runs a function of [page.ts](page.ts) in the page. */
  async call<A extends readonly unknown[], R>(ask: (...args: A) => R, ...args: A): Promise<R> {
    return (await this.session.run(`return (${ask.toString()}).apply(null, arguments)`, ...args)) as R
  }

  /** Everything visible of this role and name. */
  async all(role: string, name?: Name, inside?: Element): Promise<readonly Element[]> {
    await this.#look()
    const [all, pattern] = name instanceof RegExp ? [null, name.source] : [name ?? null, null]
    const script = `return (${page.byRole.toString()}).apply(null, arguments)`
    return (await this.session.run(script, role, all, pattern, inside ?? null)) as Element[]
  }

  async #look(): Promise<void> {
    if (await this.call(page.hasEyes)) return
    await this.session.run(EYES)
    await this.call(page.keepFaults)
  }

  /** The one visible thing of this role and name. Waits for it. */
  async find(role: string, name?: Name, inside?: Element): Promise<Element> {
    return this.#until(`${role} ${named(name)}`, () => this.#one(role, name, inside))
  }

  /** Clicks. What moves away meanwhile is looked for again. */
  async click(role: string, name?: Name, inside?: Element): Promise<void> {
    await this.#until(`${role} ${named(name)} to click on`, async () => {
      const found = await this.#one(role, name, inside)
      if (found === undefined) return undefined
      await this.session.click(found)
      return found
    })
  }

  async #one(role: string, name: Name | undefined, inside: Element | undefined): Promise<Element | undefined> {
    const found = await this.all(role, name, inside)
    if (found.length > 1) throw new Error(`there are ${found.length} of it`)
    return found[0]
  }

  /** Waits, and if it doesn't come says what is there instead. */
  async #until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
    return until(`${this.whose}'s window: ${what}`, ask).catch(async (error: unknown) => {
      const why = error instanceof Error ? `${error.message} (${String(error.cause)})` : String(error)
      throw new Error(`${why}. Shown:\n${await this.text()}`, { cause: error })
    })
  }

  /** Waits until nothing of this role and name is visible. */
  async gone(role: string, name?: Name): Promise<void> {
    await untilTrue(`${this.whose}'s window: no ${role} ${named(name)}`, async () => (await this.all(role, name)).length === 0)
  }

  /** Whether something of this role and name is visible now. */
  async has(role: string, name?: Name): Promise<boolean> {
    return (await this.all(role, name)).length > 0
  }

  /** Clicks the field that has this label. Fields for passphrases have no role. */
  async clickLabel(label: string): Promise<void> {
    await this.session.click(await this.labelled(label))
  }

  /** The one field with this label. Waits for it. */
  async labelled(label: string): Promise<Element> {
    return this.#until(`the field “${label}”`, async () => {
      await this.#look()
      const found = (await this.session.run(`return (${page.byLabel.toString()}).apply(null, arguments)`, label)) as Element[]
      return found.length === 1 ? found[0] : undefined
    })
  }

  /** Replaces what a field holds by typing. */
  async fill(name: Name, text: string, role = "textbox"): Promise<void> {
    await this.click(role, name)
    await this.press("a", Key.control)
    await this.session.type(text === "" ? Key.backspace : text)
  }

  /** Types into whatever has the keyboard. */
  async type(text: string): Promise<void> {
    await this.session.type(text)
  }

  /** Presses one key, while others are held. */
  async press(key: string, ...held: readonly string[]): Promise<void> {
    await this.session.type(key, held)
  }

  /** Goes to something by Tab alone. */
  async tabTo(role: string, name?: Name): Promise<void> {
    await this.#tab(`${role} ${named(name)}`, () => this.find(role, name))
  }

  /** Goes to the field that has this label by Tab alone. */
  async tabToLabel(label: string): Promise<void> {
    await this.#tab(`the field “${label}”`, () => this.labelled(label))
  }

  async #tab(what: string, goal: () => Promise<Element>): Promise<void> {
    for (let presses = 0; presses < TABS; presses += 1) {
      if (await this.#hasKeyboard(await goal())) return
      await this.press(Key.tab)
    }
    const at = await this.call(page.keyboardAt)
    throw new Error(`${this.whose}'s window: Tab doesn't reach ${what}; the keyboard is at ${at}`)
  }

  async #hasKeyboard(element: Element): Promise<boolean> {
    return (await this.session.run(`return (${page.hasKeyboard.toString()}).apply(null, arguments)`, element)) as boolean
  }

  /** The words that are shown. */
  async text(): Promise<string> {
    return this.call(page.shownText)
  }

  /** Waits until these words are shown. */
  async see(words: Name): Promise<void> {
    const shown = (text: string) => (words instanceof RegExp ? words.test(text) : text.includes(words))
    await this.#until(`the words ${named(words)}`, async () => (shown(await this.text()) ? true : undefined))
  }

  /** Everything that the page holds, shown or not. */
  async everything(): Promise<string> {
    return this.call(page.everything)
  }

  /** The text of the open note. Waits for the editor. */
  async note(): Promise<string> {
    return until(`${this.whose}'s editor`, async () => (await this.call(page.editorText)) ?? undefined)
  }

  /** Puts the cursor at the end of the line that has these words in it. */
  async cursorAfter(words: string): Promise<void> {
    await untilTrue(`${this.whose}'s note: the line ${named(words)}`, () => this.call(page.cursorAfter, words))
  }

  /** Loads the page anew, with a listener for what it does wrong that is there before its own script. */
  async reloadWatched(): Promise<void> {
    for (let tries = 0; tries < RELOADS; tries += 1) {
      await this.session.run("location.reload()")
      const when = await until("a new page", async () => {
        const answer = await this.call(page.keepFaults)
        return answer === "already" ? undefined : answer
      })
      if (when === "first") return
    }
    throw new Error(`${this.whose}'s page was faster than its listener ${RELOADS} times`)
  }

  /** What the page did wrong: its policy, errors, warnings. */
  async faults(): Promise<readonly string[]> {
    // Locking loads the page anew, perhaps just now.
    await this.call(page.keepFaults)
    return this.call(page.faults)
  }

  /** What has the keyboard, in words. */
  async keyboardAt(): Promise<string> {
    return this.call(page.keyboardAt)
  }

  /** Keeps a picture of the page. */
  async picture(file: string): Promise<void> {
    await this.call(page.atRest)
    // Letters in fonts that are still on their way would change a moment later.
    await this.session.runAsync("await document.fonts.ready")
    await this.call(page.keepDrawing)
    await writeFile(file, await this.session.picture())
  }

  /** Waits for the first frame that says something. */
  async drawn(patience = PATIENCE_MS): Promise<void> {
    await untilTrue(`${this.whose}'s first frame`, async () => (await this.text()).trim() !== "", patience)
    await this.call(page.keepFaults)
  }
}

function named(name: Name | undefined): string {
  return name === undefined ? "" : name instanceof RegExp ? String(name) : `“${name}”`
}
