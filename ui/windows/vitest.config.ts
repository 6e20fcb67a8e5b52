import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias: { "@": fileURLToPath(new URL("../src", import.meta.url)) } },
  test: {
    name: "windows",
    include: ["tests/**/*.test.ts"],
    globalSetup: ["tests/setup.ts"],
    // Two windows at a time are enough for a small machine.
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 180_000,
    hookTimeout: 120_000,
    // A scenario ends its own programs, which takes a moment.
    teardownTimeout: 30_000,
  },
})
