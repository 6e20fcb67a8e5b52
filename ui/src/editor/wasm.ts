/** Automerge's WebAssembly, started once: idle after the laptop is open, or when the first note is. */
import * as Automerge from "@automerge/automerge/slim"
import address from "@automerge/automerge/automerge.wasm?url"

let started: Promise<void> | null = null

/** Resolves once documents can be opened. A failed start is tried again by the next call. */
export function startDocuments(): Promise<void> {
  started ??= start().catch((error: unknown) => {
    started = null
    throw error
  })
  return started
}

async function start(): Promise<void> {
  if (Automerge.isWasmInitialized()) return
  const answer = await fetch(address)
  if (!answer.ok) throw new Error("a part of the app is missing")
  await Automerge.initializeWasm(new Uint8Array(await answer.arrayBuffer()))
}

/** How long the first screen has to itself, in milliseconds. */
const IDLE_MS = 400

/** Starts it when there is nothing else to do. */
export function startDocumentsWhenIdle(): void {
  // WebKit has no idle callbacks.
  setTimeout(() => {
    startDocuments().catch(() => undefined)
  }, IDLE_MS)
}
