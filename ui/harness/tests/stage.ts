/** One window on a laptop in memory: a profile of its own, and a note of everything that goes wrong in it. */
import type { Language, Preferences, Theme } from "@/lib/api/generated/preferences"
import { type Browser, type BrowserContext, type Locator, type Page, chromium } from "playwright-core"
import { join } from "node:path"
import { type TestContext, inject } from "vitest"
import { AXE } from "./checks/axe"
import type { Route } from "@/lib/state/route.svelte"
import type { MemoryHost } from "../memory/host"
import type { Way } from "./screens/screen"
import type { Place } from "./setup"
import { words } from "./words"

export interface Look {
  readonly language: Language
  readonly theme: Exclude<Theme, "system">
  readonly size: { readonly width: number; readonly height: number }
  readonly isCalm: boolean
  readonly isForced: boolean
}

/** A window as it opens on a laptop. */
export const USUAL = { width: 1100, height: 760 } as const
/** The same at 200%. */
export const ENLARGED = { width: 640, height: 440 } as const

/** Where pictures of windows go in which a test failed. */
const PICTURES = join(process.env.CARGO_TARGET_DIR ?? join(import.meta.dirname, "../../../target"), "browser")

type Role = Parameters<Page["getByRole"]>[0]

let connected: Promise<Browser> | undefined

/** True where there is a browser; without one the set-up has said so. */
export const isHere = inject("place") !== null

function there(): Place {
  const place = inject("place")
  if (place === null) throw new Error("no chromium here")
  return place
}

export class Stage {
  /** What went wrong: errors, complaints, refused policies, requests that wanted to leave this machine. */
  readonly faults: string[] = []

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    /** The one that the window speaks. */
    public language: Language,
  ) {}

  /** Opens a window on a scene of the harness. */
  static async enter(scene: string, wished: Partial<Look> = {}): Promise<Stage> {
    const stage = await Stage.empty(wished)
    const { language, theme } = { language: "en", theme: "light", ...wished }
    await stage.page.goto(`${there().page}?scene=${scene}&manual&language=${language}&theme=${theme}`)
    await stage.page.getByRole("heading", { level: 1 }).first().waitFor()
    return stage
  }

  /** A window that shows nothing yet. */
  static async empty(wished: Partial<Look> = {}): Promise<Stage> {
    const place = there()
    const language = wished.language ?? "en"
    connected ??= chromium.connect(place.browser)
    const context = await (await connected).newContext({
      viewport: wished.size ?? USUAL,
      locale: language,
      timezoneId: "Europe/Budapest",
      colorScheme: wished.theme ?? "light",
      reducedMotion: wished.isCalm === true ? "reduce" : "no-preference",
      forcedColors: wished.isForced === true ? "active" : "none",
    })
    context.setDefaultTimeout(10_000)
    await context.addInitScript({ content: AXE })
    const page = await context.newPage()
    const stage = new Stage(context, page, language)
    const origin = new URL(place.page).origin
    await context.route(
      (url) => url.origin !== origin,
      (route) => {
        stage.faults.push(`a request wanted to leave: ${route.request().url()}`)
        return route.abort()
      },
    )
    page.on("websocket", (socket) => stage.faults.push(`a connection wanted to leave: ${socket.url()}`))
    page.on("pageerror", (error) => stage.faults.push(`an error: ${error.message}`))
    page.on("console", (line) => {
      if (line.type() === "error" || line.type() === "warning") stage.faults.push(`the console: ${line.text()}`)
    })
    page.on("requestfailed", (request) => stage.faults.push(`a request failed: ${request.url()}`))
    return stage
  }

  async leave(): Promise<void> {
    await this.context.close()
  }

  /** Leaves it when a test is over, with a picture if that failed. */
  during({ task, onTestFinished }: Pick<TestContext, "task" | "onTestFinished">): this {
    onTestFinished(async () => {
      if (task.result?.state === "fail") {
        const name = `${task.name.replaceAll(/[^a-z0-9]+/giu, "-")}.png`
        await this.page.screenshot({ path: join(PICTURES, name) }).catch(() => undefined)
      }
      await this.leave()
    })
    return this
  }

  /** Puts the page into a theme, without the fades that a change brings. */
  async wear(theme: Look["theme"]): Promise<void> {
    await this.page.evaluate((wanted) => {
      document.documentElement.dataset.theme = wanted
    }, theme)
    await this.settle()
  }

  /** Other people and the laptop itself do something. What is given runs in the page and knows nothing of its file. */
  async world(happens: (host: MemoryHost) => void): Promise<void> {
    const host = await this.page.evaluateHandle(() => (window as unknown as { __host: MemoryHost }).__host)
    await host.evaluate(happens)
  }

  /** Something that the laptop knows. */
  async asks<T>(question: (host: MemoryHost) => T): Promise<T> {
    const host = await this.page.evaluateHandle(() => (window as unknown as { __host: MemoryHost }).__host)
    return (await host.evaluate(question)) as T
  }

  /** Goes straight to a place, as its links would. */
  async go(way: Way): Promise<void> {
    await this.page.evaluate((to) => {
      const { __host: host, __go: go } = window as unknown as { __host: MemoryHost; __go: (route: Route) => void }
      if (to.to === "settings") return go({ name: "settings", section: to.section })
      const circle = host.world.circle(to.circle)
      if (to.to === "note") return go({ name: "note", circle: circle.id, note: host.world.note(circle, to.note).id })
      if (to.to === "gathering") return go({ name: "gathering", circle: circle.id, plan: host.world.plan(circle, to.plan).id })
      return go({ name: to.to, circle: circle.id })
    }, way)
  }

  /** Chooses another language, as the settings do. */
  async speak(language: Language): Promise<void> {
    this.language = language
    await this.page.evaluate(
      (wanted) => (window as unknown as { __prefer(change: Partial<Preferences>): Promise<void> }).__prefer({ language: wanted }),
      language,
    )
    await this.settle()
  }

  /** Makes the window as large as one likes. */
  async resize(size: Look["size"]): Promise<void> {
    await this.page.setViewportSize(size)
    await this.settle()
  }

  /** A message in this window's language. */
  say(key: string, gaps?: Readonly<Record<string, string | number>>): string {
    return words(this.language, key, gaps)
  }

  /** What has a role, and is called as a message says. */
  by(role: Role, key: string, gaps?: Readonly<Record<string, string | number>>): Locator {
    return this.page.getByRole(role, { name: this.say(key, gaps), exact: true })
  }

  /** What has a role, and a name that no message has: a circle's, a person's, a note's. */
  named(role: Role, name: string | RegExp): Locator {
    return this.page.getByRole(role, { name, exact: typeof name === "string" })
  }

  /** Everything that was about to appear is there, in its own letters. */
  async settle(): Promise<void> {
    await this.page.evaluate(async () => {
      const drawn = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))
      await drawn()
      await document.fonts.ready
      for (const motion of document.getAnimations())
        if (motion.effect?.getComputedTiming().iterations !== Infinity) motion.finish()
      await drawn()
    })
  }
}
