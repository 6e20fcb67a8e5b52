/** The wasm that the harness's own documents need; the app starts its own. */
import * as Automerge from "@automerge/automerge/slim"

export type Backend = ReturnType<typeof Automerge.getBackend>

export async function startAutomerge(): Promise<void> {
  if (Automerge.isWasmInitialized()) return
  if (typeof window === "undefined" || navigator.userAgent.includes("jsdom")) {
    const { automergeWasmBase64 } = await import("@automerge/automerge/automerge.wasm.base64")
    await Automerge.initializeBase64Wasm(automergeWasmBase64)
    return
  }
  const { default: url } = await import("@automerge/automerge/automerge.wasm?url")
  await Automerge.initializeWasm(url)
}

export function newDocument(actor: string): Backend {
  return Automerge.getBackend(Automerge.init<Record<string, unknown>>({ actor }))
}

export function actorOf(change: Uint8Array): string {
  return Automerge.decodeChange(change).actor
}
