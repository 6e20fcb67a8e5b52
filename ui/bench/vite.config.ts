import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vite"
import { alias, build, plugins } from "../vite.config.ts"

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const packages = here("../../benches/upstream/node_modules/@automerge/prosemirror")

/** Where `@automerge/prosemirror` is installed, if it is. */
export const upstream = existsSync(packages) ? packages : undefined

export default defineConfig({
  root: here("./page"),
  plugins: plugins(),
  resolve: {
    alias: { ...alias, "upstream-binding": upstream ?? here("./page/no-upstream.ts") },
    // Both editors on the same libraries.
    dedupe: ["@automerge/automerge", ...["model", "state", "transform", "view"].map((part) => `prosemirror-${part}`)],
  },
  build: { ...build, outDir: here("../../target/ui-bench"), emptyOutDir: true },
})
