import { readFileSync, readdirSync, writeFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { FIXTURES } from "./fixtures.js"
import { join } from "./harness.js"
import { plain } from "./plain.js"
import * as Automerge from "@automerge/automerge/slim"

const folder = new URL("../fixtures/", import.meta.url)
const file = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)))

function concatenated(changes: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(changes))
}

// `SNUG_FIXTURES=write npm test -w @snug/binding -- fixtures` makes them anew.
const write = process.env.SNUG_FIXTURES === "write"

describe.each(Object.entries(FIXTURES))("%s", (name, make) => {
  const changes = concatenated(make())
  const editor = join(changes, 77)
  if (write) {
    writeFileSync(new URL(`${name}.changes`, folder), changes)
    writeFileSync(new URL(`${name}.automerge`, folder), Automerge.getBackend(Automerge.load(changes)).save())
    writeFileSync(new URL(`${name}.txt`, folder), plain(editor.doc))
  }

  test("is what this package makes today", () => {
    expect(Buffer.compare(file(`${name}.changes`), changes)).toBe(0)
  })
})

const names = readdirSync(folder).filter((f) => /\.(changes|automerge)$/.test(f))

test.each(names)("%s shows what its text says, and still does beside an edit elsewhere", (name) => {
  const expected = readFileSync(new URL(name.replace(/\.\w+$/, ".txt"), folder), "utf8")
  const editor = join(file(name), 77)
  editor.doc.check()
  expect(plain(editor.doc)).toBe(expected)
  const end = editor.doc.content.size
  editor.do((tr) => tr.insert(end, tr.doc.type.schema.node("paragraph", null, [tr.doc.type.schema.text("added")])))
  editor.timers.pass(10_000)
  const other = join(file(name), 78)
  other.receive(editor.take())
  expect(plain(other.doc)).toBe(`${expected === "" ? "p\n" : expected}p ["added"]\n`)
  expect(editor.mended).toBe(0)
})
