import { fileURLToPath } from "node:url"
import { defineConfig } from "vite"
import { alias, build, plugins } from "../vite.config.ts"

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

// The app on a host that lives in memory: for development in a browser and for tests. It never goes into `dist`.
export default defineConfig({
  root: here("."),
  plugins: plugins(),
  resolve: { alias },
  build: { ...build, outDir: here("../../target/harness"), emptyOutDir: true },
  clearScreen: false,
  server: { host: "127.0.0.1", port: 5174, strictPort: false, fs: { allow: [here("..")] } },
  preview: { host: "127.0.0.1", port: 5174 },
})
