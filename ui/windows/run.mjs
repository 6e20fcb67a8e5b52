// Runs a TypeScript program, by its path from here: `node windows/run.mjs demo/main.ts`.

import console from "node:console"
import process from "node:process"
import { URL, fileURLToPath } from "node:url"
import { runnerImport } from "vite"

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const { module } = await runnerImport(here(process.argv[2]), {
  root: here("."),
  configFile: false,
  logLevel: "warn",
  resolve: { alias: { "@": here("../src") } },
})
// What was started ends by itself on every way out; whatever still waits for it needn't be waited for.
await module.main(...process.argv.slice(3)).then(
  () => process.exit(0),
  (error) => {
    console.error(error)
    process.exit(1)
  },
)
