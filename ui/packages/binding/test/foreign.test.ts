import { describe, expect, test } from "vitest"
import * as Automerge from "@automerge/automerge/slim"
import { schema } from "../src/index.js"
import { actor, changesOf, emptyNote, join, meet, rawNote } from "./harness.js"
import { plain } from "./plain.js"
import { Random, randomEdit } from "./random.js"

type Backend = ReturnType<typeof Automerge.getBackend>

function spans(changes: readonly Uint8Array[]): unknown[] {
  const doc = Automerge.getBackend(Automerge.init())
  doc.applyChanges([...changes])
  const [, body] = doc.getWithType("_root", "body") as [string, string]
  return doc.spans(body)
}

describe("what this version doesn't know", () => {
  test("is shown as its text, and survives an edit elsewhere, a split and typing in it", () => {
    const bytes = rawNote((doc, body) => {
      const marker = doc.insertObject(body, 0, {})
      doc.put(marker, "type", "callout", "str")
      doc.put(marker, "colour", "red", "str")
      doc.splice(body, 1, 0, "important words")
      doc.mark(body, { start: 1, end: 10, expand: "none" }, "comment", "who says so?", "str")
      doc.put(doc.insertObject(body, 16, {}), "type", "paragraph", "str")
      doc.splice(body, 17, 0, "plain")
    })
    const editor = join(bytes, 1)
    expect(plain(editor.doc)).toBe('p ["important words"]\np ["plain"]\n')
    editor.do((tr) => tr.insertText("!", 23))
    editor.do((tr) => tr.insertText("very ", 1))
    editor.do((tr) => tr.split(15))
    editor.do((tr) => tr.setNodeMarkup(16, schema.nodes.heading, { level: 2 }))
    editor.timers.pass(10_000)
    const [first, ...rest] = spans([...changesOf(bytes), ...editor.take()]) as { value: unknown; marks?: unknown }[]
    expect(JSON.parse(JSON.stringify(first!.value))).toEqual({ colour: "red", type: "callout" })
    expect(rest.filter((s) => s.marks !== undefined)).toEqual([
      { type: "text", value: "important", marks: { comment: "who says so?" } },
    ])
    expect(plain(editor.doc)).toBe('p ["very important"]\nh2 [" words"]\np ["plain!"]\n')
  })

  test("keeps its keys where it becomes a heading and a paragraph again", () => {
    const bytes = rawNote((doc, body) => {
      const marker = doc.insertObject(body, 0, {})
      doc.put(marker, "type", "unordered-list-item", "str")
      doc.put(marker, "checked", true, "boolean")
      doc.splice(body, 1, 0, "task")
    })
    const editor = join(bytes, 1)
    editor.do((tr) => tr.replaceWith(0, tr.doc.content.size, schema.node("paragraph", null, [schema.text("task")])))
    const [first] = spans([...changesOf(bytes), ...editor.take()]) as { value: unknown }[]
    expect(JSON.parse(JSON.stringify(first!.value))).toEqual({ checked: true, type: "paragraph" })
  })
})

test("what stands out of form is left so by an edit elsewhere", () => {
  const editor = join(
    rawNote((doc, body) => {
      const marker = doc.insertObject(body, 0, {})
      doc.put(marker, "type", "unordered-list-item", "str")
      doc.put(marker, "depth", 7, "uint")
      doc.splice(body, 1, 0, "deep")
      doc.put(doc.insertObject(body, 5, {}), "type", "paragraph", "str")
      doc.splice(body, 6, 0, "text")
    }),
    1,
  )
  expect(plain(editor.doc)).toBe('bullet 0 ["deep"]\np ["text"]\n')
  editor.do((tr) => tr.split(12))
  const { ops } = Automerge.decodeChange(editor.take()[0]!)
  expect(ops.length).toBe(2)
})

test("a link that may not be opened is no link", () => {
  const editor = join(
    rawNote((doc, body) => {
      doc.splice(body, 0, 0, "click me")
      doc.mark(body, { start: 0, end: 5, expand: "none" }, "link", "javascript:alert(1)", "str")
      doc.mark(body, { start: 6, end: 8, expand: "none" }, "link", "https://a.b", "str")
    }),
    1,
  )
  expect(editor.doc.toString()).toBe('doc(paragraph("click ", link("me")))')
})

test("text before the first marker is a paragraph that gets its marker when it needs one", () => {
  const bytes = rawNote((doc, body) => {
    doc.splice(body, 0, 0, "bare")
  })
  const [a, b] = [join(bytes, 1), join(bytes, 2)]
  a.do((tr) => tr.insertText("x", 5))
  b.do((tr) => tr.setBlockType(1, 1, schema.nodes.heading, { level: 3 }))
  meet(a, b)
  expect([plain(a.doc), plain(b.doc)]).toEqual(['h3 ["barex"]\n', 'h3 ["barex"]\n'])
  a.do((tr) => tr.insert(0, schema.node("paragraph", null, [schema.text("first")])))
  meet(a, b)
  expect(plain(b.doc)).toBe('p ["first"]\nh3 ["barex"]\n')
})

test("two who begin an empty note keep their words apart", () => {
  const [a, b] = [join(emptyNote(), 1), join(emptyNote(), 2)]
  for (const [editor, word] of [[a, "hello"], [b, "world"]] as const) {
    for (const letter of word) editor.do((tr) => tr.insertText(letter))
  }
  meet(a, b)
  expect(plain(a.doc)).toBe(plain(b.doc))
  expect(plain(a.doc).split("\n").sort()).toEqual(["", 'p ["hello"]', 'p ["world"]'])
})

test("a body that is replaced by another is shown and edited", () => {
  const [a, b] = [join(emptyNote(), 1), join(emptyNote(), 2)]
  a.do((tr) => tr.insertText("old"))
  meet(a, b)
  const doc = Automerge.getBackend(Automerge.load(emptyNote(), { actor: actor(9) }))
  const body = doc.putObject("_root", "body", "")
  doc.splice(body, 0, 0, "new")
  doc.commit(null, 1)
  const change = doc.getLastLocalChange()!
  a.receive([change])
  b.receive([change])
  expect([plain(a.doc), plain(b.doc)]).toEqual(['p ["new"]\n', 'p ["new"]\n'])
  a.do((tr) => tr.insertText("!", 4))
  meet(a, b)
  expect(plain(b.doc)).toBe('p ["new!"]\n')
})

/** Something that no editor of this version writes, somewhere in the text. */
function vandal(random: Random, doc: Backend): void {
  const [type, body] = doc.getWithType("_root", "body") as [string, string]
  if (type !== "text") return
  const length = doc.length(body)
  const at = random.below(length + 1)
  const end = Math.min(length, at + random.below(20))
  const deeds: (() => void)[] = [
    () => { doc.splice(body, at, end - at, random.of(["", "x", "👩‍👧", "\0"])) },
    () => { doc.insertObject(body, at, {}) },
    () => {
      const marker = doc.insertObject(body, at, {})
      doc.put(marker, "type", random.of(["paragraph", "heading", "unordered-list-item", "ordered-list-item", "markdown", "odd"]), "str")
      doc.put(marker, random.of(["level", "depth", "begins"]), random.below(300) - 20, random.of(["int", "f64"]))
    },
    () => { doc.insert(body, at, random.below(9), "int") },
    () => { doc.insertObject(body, at, random.of(["text", []])) },
    () => { if (at < length) doc.put(body, at, "wide", "str") },
    () => { if (at < end) doc.mark(body, { start: at, end, expand: random.of(["both", "none", "before"]) }, random.of(["strong", "link", "odd"]), random.of([true, "http://a", 7, null]), undefined) },
    () => { if (at < length) doc.delete(body, at) },
  ]
  random.of(deeds)()
  doc.commit(null, 1)
}

const runs = Math.max(8, Number(process.env.SNUG_FUZZ_RUNS ?? 0) / 10)

test("beside a vandal everybody still sees one valid document, and nothing throws", { timeout: 3_600_000 }, () => {
  for (let seed = 1; seed <= runs; seed++) {
    const random = new Random(seed)
    const editors = [join(emptyNote(), 1), join(emptyNote(), 2)]
    const doc = Automerge.getBackend(Automerge.load(emptyNote(), { actor: actor(9) }))
    for (let i = 0; i < 25; i++) {
      const log: string[] = []
      for (const editor of editors) log.push(randomEdit(random, editor))
      const sent = editors.map((editor) => editor.take())
      const before = doc.getHeads()
      vandal(random, doc)
      const vandalism = doc.getChanges(before)
      doc.applyChanges(sent.flat())
      editors.forEach((editor, n) => {
        editor.receive([...vandalism, ...sent[1 - n]!])
        editor.timers.pass(5_000)
        editor.doc.check()
        expect(editor.faults, `seed ${String(seed)}: ${log.join(", ")}`).toEqual([])
      })
      const late = editors.flatMap((editor) => editor.take())
      expect(late).toEqual([])
      expect(plain(editors[1]!.doc), `seed ${String(seed)}`).toBe(plain(editors[0]!.doc))
      expect(editors[1]!.doc.eq(editors[0]!.doc), `seed ${String(seed)}`).toBe(true)
    }
  }
})
