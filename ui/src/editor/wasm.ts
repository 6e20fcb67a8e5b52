/** Automerge's WebAssembly, started once: when the editor is loaded, which is before the first note is opened. */
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
