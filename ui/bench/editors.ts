// The same note in three editors: Snug's, ProseMirror without a binding, and ProseMirror on Automerge's own binding.

import { join } from "node:path"
import { build, preview } from "vite"
import { type Costs, typeInto } from "./keys"
import type { Engine } from "./place"
import { upstream } from "./vite.config"

declare global {
  interface Window {
    /** Of the page: shows a note of so many characters in one editor. */
    show: (who: string, characters: number) => Promise<void>
  }
}

/** Which editors there are to measure; Snug's first. */
export const editors = ["snug", "bare", ...(upstream === undefined ? [] : ["upstream" as const])] as const
export type Who = (typeof editors)[number]

/** Serves the page with the editors. */
export async function serve(): Promise<{ readonly address: string; readonly end: () => Promise<void> }> {
  const configFile = join(import.meta.dirname, "vite.config.ts")
  await build({ configFile, logLevel: "error" })
  const server = await preview({ configFile, preview: { host: "127.0.0.1", port: 0, strictPort: false } })
  return { address: server.resolvedUrls!.local[0]!, end: () => server.close() }
}

/** Types into one of them. */
export async function typeAt(engine: Engine, address: string, who: Who, characters: number): Promise<Costs> {
  return engine.visit(address, async (place) => {
    await place.run(show, who, characters)
    return typeInto(place)
  })
}

async function show(who: string, characters: number): Promise<void> {
  await window.show(who, characters)
}
