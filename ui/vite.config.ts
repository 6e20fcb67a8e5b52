import { svelte } from "@sveltejs/vite-plugin-svelte"
import { paraglideVitePlugin } from "@inlang/paraglide-js"
import { fileURLToPath } from "node:url"
import { type PluginOption, defineConfig } from "vite"

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export const components = (): PluginOption => svelte({ configFile: here("./svelte.config.js") })

/** What the app and its harness have in common. */
export const plugins = (): PluginOption[] => [
  paraglideVitePlugin({
    project: here("./project.inlang"),
    outdir: here("./src/paraglide"),
    strategy: ["globalVariable", "baseLocale"],
    // The same for the server and for builds: each would otherwise take away what the other has made.
    outputStructure: "message-modules",
  }),
  components(),
]

export const alias = { "@": here("./src") }

// The oldest system web view that Snug runs in; assets stay files, since the content policy knows no data: addresses.
export const build = {
  target: ["es2022", "safari16.4", "chrome120"],
  assetsInlineLimit: 0,
  modulePreload: { polyfill: false },
  chunkSizeWarningLimit: 1500,
}

export default defineConfig({
  root: here("."),
  plugins: plugins(),
  resolve: { alias },
  build: { ...build, outDir: here("./dist"), emptyOutDir: true },
  // The harness and the bench have pages of their own.
  optimizeDeps: { entries: ["index.html"] },
  clearScreen: false,
  server: { host: "127.0.0.1", port: 5173, strictPort: true, watch: { ignored: ["**/src-tauri/**"] } },
})
