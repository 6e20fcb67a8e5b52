/**
 * What a key costs in the window, from the key to its frame, in Chromium: `npm run bench:window`. Beside it, ProseMirror
 * without a binding, and `@automerge/prosemirror` where `SNUG_UPSTREAM` names its folder.
 */
import { join } from "node:path"
import { type Browser, type CDPSession, chromium } from "playwright-core"
import { build, preview } from "vite"
import { afterAll, beforeAll, test } from "vitest"
import { findChromium } from "../harness/tests/chromium.ts"
import { upstream } from "./vite.config.ts"

const KEYS = 60
const WARM = 10
const configFile = join(import.meta.dirname, "vite.config.ts")
const executablePath = findChromium()

interface Bench {
  show(who: string, characters: number): Promise<void>
  shown(keys: number): Promise<readonly number[]>
  text(): string
}

let browser: Browser
let page: string
let stop: () => Promise<void>

beforeAll(async () => {
  if (executablePath === null) return
  await build({ configFile, logLevel: "error" })
  const server = await preview({ configFile, preview: { host: "127.0.0.1", port: 0, strictPort: false } })
  page = server.resolvedUrls?.local[0] ?? ""
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] })
  stop = async () => {
    await browser.close()
    await server.close()
  }
}, 300_000)

afterAll(() => stop())

/** CPU milliseconds that the page's main thread has used. */
async function used(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics")
  return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1000
}

async function measure(who: string, characters: number): Promise<Record<string, string>> {
  const window = await browser.newPage()
  await window.goto(page)
  await window.waitForFunction(() => "bench" in globalThis)
  const at = () => window.evaluateHandle(() => (globalThis as unknown as { bench: Bench }).bench)
  const bench = await at()
  await bench.evaluate((b, [name, size]) => b.show(name as string, size as number), [who, characters])
  const session = await window.context().newCDPSession(window)
  await session.send("Performance.enable", { timeDomain: "threadTicks" })
  let all: readonly number[] = []
  let before = 0
  for (let key = 0; key < WARM + KEYS; key++) {
    if (key === WARM) before = await used(session)
    await window.keyboard.press("k")
    all = await bench.evaluate((b, keys) => b.shown(keys), key + 1)
  }
  const costs = all.slice(WARM)
  const cpu = ((await used(session)) - before) / KEYS
  if (!(await bench.evaluate((b) => b.text())).includes("k".repeat(WARM + KEYS))) throw new Error(`${who}: keys were lost`)
  await window.close()
  costs.sort((a, b) => a - b)
  const of = (part: number): string => (costs[Math.floor(KEYS * part)] ?? 0).toFixed(1)
  return { "key to frame, median": of(0.5), "95%": of(0.95), "main thread's CPU for a key": cpu.toFixed(1) }
}

test.runIf(executablePath !== null).each([2_000, 50_000])("a key in a note of %i characters", async (characters) => {
  const table: Record<string, Record<string, string>> = {}
  table.snug = await measure("snug", characters)
  table["no binding"] = await measure("bare", characters)
  if (upstream !== undefined) table["@automerge/prosemirror"] = await measure("upstream", characters)
  else console.log("SNUG_UPSTREAM isn't set: no figures of @automerge/prosemirror beside these")
  console.log(`${String(characters)} characters; milliseconds`)
  console.table(table)
})
