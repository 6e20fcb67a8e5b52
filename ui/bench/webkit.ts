// Pages in WebKitGTK, the engine of Snug's window on Linux, in the small browser that comes with it.

import { existsSync, readdirSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onOwnBus } from "../windows/driver/bus"
import { Display, freePort } from "../windows/driver/display"
import { environment } from "../windows/driver/environment"
import { Group } from "../windows/driver/processes"
import { PATIENCE_MS, untilTrue } from "../windows/driver/until"
import { Session, ready } from "../windows/driver/webdriver"
import type { Engine, Place } from "./place"

/** Where distributions put it. */
const FOLDERS = ["/usr/libexec", ...readdirSync("/usr/lib").map((kind) => join("/usr/lib", kind))]

export function inWebKit(): Engine | undefined {
  const browser = FOLDERS.map((folder) => join(folder, "webkit2gtk-4.1", "MiniBrowser")).find((file) => existsSync(file))
  if (browser === undefined) return undefined
  return {
    name: "WebKitGTK",
    visit: async (address, doing) => {
      const folder = await mkdtemp(join(tmpdir(), "snug-bench-"))
      const display = await Display.own()
      const port = await freePort()
      const driver = Group.start("the driver", [...(await onOwnBus(folder)), "WebKitWebDriver", `--port=${port}`], {
        // Drawn as Snug's window is.
        env: { ...(await environment(join(folder, "home"), display.name)), WEBKIT_DISABLE_DMABUF_RENDERER: "1" },
        cwd: folder,
      })
      try {
        const server = `http://127.0.0.1:${port}`
        await ready(server, PATIENCE_MS)
        const session = await Session.begin(server, browser, ["--automation"], PATIENCE_MS)
        await session.place(0, 0, 1280, 860)
        await session.run("location.href = arguments[0]", address)
        const loaded = "return location.href === arguments[0] && document.readyState === 'complete'"
        await untilTrue("the page", async () => (await session.run(loaded, address)) === true)
        return await doing(driven(session))
      } finally {
        await driver.end()
        await display.end()
        await rm(folder, { recursive: true, force: true, maxRetries: 5 })
      }
    },
  }
}

/** The page in a window that is driven. */
export function driven(session: Session): Place {
  return {
    run: async (ask, ...args) => (await session.runAsync(`return (${ask.toString()}).apply(null, arguments)`, ...args)) as never,
    type: (key) => session.type(key),
  }
}
