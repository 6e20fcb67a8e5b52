/**
 * Several raw changes as one run of bytes, as the core encodes them: their number, then each with its length before it,
 * all numbers of four bytes, big-endian.
 */

/** The core takes no larger payload, and no more changes in one. */
const PAYLOAD_BYTES = 900 << 10
const CHANGES = 4096

/** One payload after the other, none larger than the core takes. A single change that is too large is left to it to refuse. */
export function* payloads(changes: readonly Uint8Array[]): Generator<Uint8Array> {
  let batch: Uint8Array[] = []
  let bytes = 4
  for (const change of changes) {
    if (batch.length > 0 && (batch.length === CHANGES || bytes + 4 + change.length > PAYLOAD_BYTES)) {
      yield encodeChanges(batch)
      batch = []
      bytes = 4
    }
    batch.push(change)
    bytes += 4 + change.length
  }
  if (batch.length > 0) yield encodeChanges(batch)
}

export function encodeChanges(changes: readonly Uint8Array[]): Uint8Array {
  const payload = new Uint8Array(changes.reduce((bytes, change) => bytes + 4 + change.length, 4))
  const view = new DataView(payload.buffer)
  view.setUint32(0, changes.length)
  let at = 4
  for (const change of changes) {
    view.setUint32(at, change.length)
    payload.set(change, at + 4)
    at += 4 + change.length
  }
  return payload
}

export function decodeChanges(payload: Uint8Array): Uint8Array[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  const changes: Uint8Array[] = []
  let at = 4
  for (let left = view.getUint32(0); left > 0; left--) {
    const end = at + 4 + view.getUint32(at)
    if (end > payload.length) throw new RangeError("a payload ends in the middle of a change")
    changes.push(payload.slice(at + 4, end))
    at = end
  }
  if (at !== payload.length) throw new RangeError("a payload goes on after its last change")
  return changes
}
