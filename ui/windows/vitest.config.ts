import { existsSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

// Elsewhere than on Linux no driver can take hold of the window.
const NEEDED = ["WebKitWebDriver", "Xvfb", "dbus-run-session", "import", "xev", "xwininfo"]
const folders = (process.env.PATH ?? "").split(":")
const missing = NEEDED.filter((program) => !folders.some((folder) => existsSync(join(folder, program))))
if (missing.length > 0) console.log(`skipped: scenarios with real windows: no ${missing.join(", no ")} here`)

export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias: { "@": fileURLToPath(new URL("../src", import.meta.url)) } },
  test: {
    name: "windows",
    include: missing.length > 0 ? [] : ["tests/**/*.test.ts"],
    passWithNoTests: missing.length > 0,
    globalSetup: missing.length > 0 ? [] : ["tests/setup.ts"],
    // Two windows at a time are enough for a small machine.
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 180_000,
    hookTimeout: 120_000,
    // A scenario ends its own programs, which takes a moment.
    teardownTimeout: 30_000,
  },
})
