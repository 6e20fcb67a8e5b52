/** One window on a laptop in memory, and a note of everything that goes wrong in it. */
import type { Language, Preferences, Theme } from "@/lib/api/generated/preferences"
import type { Route } from "@/lib/state/route.svelte"
import { join } from "node:path"
import type { Locator, Page } from "playwright-core"
import type { TestContext } from "vitest"
import type { MemoryHost } from "../memory/host"
import { giveBack, place, takeProfile } from "./browser"
import type { Way } from "./screens/screen"
import { words } from "./words"

export interface Look {
  readonly language: Language
  readonly theme: Exclude<Theme, "system">
  readonly size: { readonly width: number; readonly height: number }
}

/** A window as it opens on a laptop. */
export const USUAL = { width: 1100, height: 760 } as const
/** The same at 200%. */
export const ENLARGED = { width: 640, height: 440 } as const

/** Where pictures of windows go in which a test failed. */
const PICTURES = join(process.env.CARGO_TARGET_DIR ?? join(import.meta.dirname, "../../../target"), "browser")

type Role = Parameters<Page["getByRole"]>[0]

export class Stage {
  /** What went wrong: errors, complaints, refused policies, requests that wanted to leave this machine. */
  readonly faults: string[] = []

  private constructor(
    readonly page: Page,
    /** The one that the window speaks. */
    public language: Language,
  ) {}

  /** Opens a window on a scene of the harness. */
  static async enter(scene: string, wished: Partial<Look> = {}): Promise<Stage> {
    const stage = await Stage.empty(wished)
    await stage.page.goto(`${place().page}?scene=${scene}&manual&language=${stage.language}&theme=${wished.theme ?? "light"}`)
    await stage.page.getByRole("heading", { level: 1 }).first().waitFor()
    return stage
  }

  /** A window that shows nothing yet. */
  static async empty(wished: Partial<Look> = {}): Promise<Stage> {
    const profile = await takeProfile()
    const page = await profile.newPage()
    page.setDefaultTimeout(10_000)
    await page.setViewportSize(wished.size ?? USUAL)
    const stage = new Stage(page, wished.language ?? "en")
    const { origin } = new URL(place().page)
    page.on("request", (request) => {
      const { origin: to, protocol } = new URL(request.url())
      if (to !== origin && protocol !== "data:") stage.faults.push(`a request wanted to leave: ${request.url()}`)
    })
    page.on("requestfailed", (request) => stage.faults.push(`a request failed: ${request.url()}`))
    page.on("websocket", (socket) => stage.faults.push(`a connection wanted to leave: ${socket.url()}`))
    page.on("pageerror", (error) => stage.faults.push(`an error: ${error.message}`))
    page.on("console", (line) => {
      // Browsers ask every site for its sign.
      if (line.location().url.endsWith("/favicon.ico")) return
      if (line.type() === "error" || line.type() === "warning") stage.faults.push(`the console: ${line.text()}`)
    })
    return stage
  }

  async leave(): Promise<void> {
    const profile = this.page.context()
    await this.page.close()
    giveBack(profile)
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

  /** Other people and the laptop itself do something. It runs in the page and knows nothing of its file but what is given. */
  async world<Given = undefined>(happens: (host: MemoryHost, given: Given) => void, given?: Given): Promise<void> {
    const host = await this.page.evaluateHandle(() => (window as unknown as { __host: MemoryHost }).__host)
    await host.evaluate(happens as (host: MemoryHost, given: unknown) => void, given as unknown)
  }

  /** Something that the laptop knows. */
  async asks<T>(question: (host: MemoryHost) => T): Promise<T> {
    const host = await this.page.evaluateHandle(() => (window as unknown as { __host: MemoryHost }).__host)
    return host.evaluate<T, MemoryHost>(question)
  }

  /** Goes straight to a place, as its links would. */
  async go(way: Way): Promise<void> {
    await this.page.evaluate((to) => {
      const { __host: host, __go: go } = window as unknown as { __host: MemoryHost; __go: (route: Route) => void }
      const route = (): Route => {
        if (to.to === "settings") return { name: "settings", section: to.section }
        const circle = host.world.circle(to.circle)
        if (to.to === "note") return { name: "note", circle: circle.id, note: host.world.note(circle, to.note).id }
        if (to.to === "gathering") return { name: "gathering", circle: circle.id, plan: host.world.plan(circle, to.plan).id }
        return { name: to.to, circle: circle.id }
      }
      go(route())
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
