/**
 * Before all tests: the app on its host in memory is built as it is shipped, served under the window's own content policy
 * to this machine alone, and one Chromium is started, in which every test has a profile of its own.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { chromium } from "playwright-core"
import { build, preview } from "vite"
import type { TestProject } from "vitest/node"
import { findChromium } from "./chromium"

export interface Place {
  /** The harness' page. */
  readonly page: string
  /** Where the browser listens. */
  readonly browser: string
}

declare module "vitest" {
  interface ProvidedContext {
    /** `null` where no browser is. */
    place: Place | null
  }
}

/** As root there is no sandbox; and no name in the world is known. */
const ARGUMENTS = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]

const configFile = join(import.meta.dirname, "../vite.config.ts")
const SHELL = join(import.meta.dirname, "../../../src-tauri/tauri.conf.json")

/** The policy of the real window, so that what it forbids fails here too. */
async function contentPolicy(): Promise<string> {
  const shell = JSON.parse(await readFile(SHELL, "utf8")) as { app: { security: { csp: string } } }
  return shell.app.security.csp
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const executablePath = findChromium()
  if (executablePath === null) {
    console.log("\nskipped: no chromium here, so nothing of the interface was looked at\n")
    project.provide("place", null)
    return undefined
  }
  // A folder of its own, so that two runs at once don't share one.
  const outDir = await mkdtemp(join(tmpdir(), "snug-harness-"))
  await build({ configFile, logLevel: "warn", build: { outDir, emptyOutDir: true } })
  const server = await preview({
    configFile,
    build: { outDir },
    preview: { host: "127.0.0.1", port: 0, strictPort: false, headers: { "Content-Security-Policy": await contentPolicy() } },
  })
  const browser = await chromium.launchServer({ executablePath, args: ARGUMENTS, host: "127.0.0.1" })
  const page = server.resolvedUrls?.local[0]
  if (page === undefined) throw new Error("the harness isn't served anywhere")
  project.provide("place", { page, browser: browser.wsEndpoint() })
  return async () => {
    await browser.close()
    await server.close()
    await rm(outDir, { recursive: true, force: true })
  }
}
