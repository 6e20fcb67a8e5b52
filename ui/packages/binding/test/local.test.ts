import * as Automerge from "@automerge/automerge/slim"
import { splitBlock, toggleMark } from "prosemirror-commands"
import { sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list"
import { TextSelection } from "prosemirror-state"
import { describe, expect, test } from "vitest"
import { ActorError, open, schema } from "../src/index.js"
import { Editor, HandTimers, NOW, actor, emptyNote, join, meet } from "./harness.js"
import { plain } from "./plain.js"
import { Random, randomEdit } from "./random.js"

const { nodes, marks } = schema

/** A change as Automerge reads it. */
function operations(change: Uint8Array): { action: string; key?: string; value?: unknown; time: number }[] {
  const { ops, time } = Automerge.decodeChange(change) as unknown as { ops: { action: string; key?: string; value?: unknown }[]; time: number }
  return ops.map((op) => ({ ...op, time }))
}

function caret(editor: Editor, at: number, to = at): void {
  editor.do((tr) => tr.setSelection(TextSelection.create(tr.doc, at, to)))
}

/** A note that was typed, with one paragraph for each line. */
function typed(...lines: string[]): Editor {
  const editor = join(emptyNote(), 1)
  lines.forEach((line, i) => {
    if (i > 0) editor.run(splitBlock)
    editor.do((tr) => tr.insertText(line))
  })
  return editor
}

describe("an edit is the smallest that gets there", () => {
  test("a character is one operation", () => {
    const editor = typed("hello", "world")
    editor.take()
    editor.do((tr) => tr.insertText("X", 3))
    const [change, ...more] = editor.take()
    expect(more).toEqual([])
    expect(operations(change!).map((op) => op.action)).toEqual(["set"])
    expect(plain(editor.doc)).toBe('p ["heXllo"]\np ["world"]\n')
  })

  test("what is replaced by something alike keeps what is alike", () => {
    const editor = typed("the cat sat")
    editor.take()
    editor.do((tr) => tr.insertText("the fat sat", 1, 12))
    expect(operations(editor.take()[0]!).map((op) => op.action).sort()).toEqual(["del", "set"])
  })

  test("a paragraph that is cut in two gets a marker", () => {
    const editor = typed("hello")
    editor.take()
    caret(editor, 3)
    editor.run(splitBlock)
    const [change] = editor.take()
    expect(operations(change!).map(({ action, key }) => [action, key])).toEqual([
      ["makeMap", undefined],
      ["set", "type"],
    ])
  })

  test("a heading is one key more", () => {
    const editor = typed("hello")
    editor.take()
    editor.do((tr) => tr.setBlockType(1, 1, nodes.heading, { level: 2 }))
    expect(operations(editor.take()[0]!).map(({ key, value }) => [key, value])).toEqual([
      ["type", "heading"],
      ["level", 2],
    ])
    editor.do((tr) => tr.setNodeAttribute(0, "level", 3))
    expect(operations(editor.take()[0]!).map(({ key, value }) => [key, value])).toEqual([["level", 3]])
  })

  test("a deeper item is one key, and those around it stay", () => {
    const editor = typed("a")
    editor.run(wrapInList(nodes.bullet_list))
    for (const text of ["b", "c"]) {
      editor.run(splitListItem(nodes.list_item))
      editor.do((tr) => tr.insertText(text))
    }
    editor.take()
    caret(editor, 8)
    editor.run(sinkListItem(nodes.list_item))
    expect(plain(editor.doc)).toBe('bullet 0 ["a"]\nbullet 1 ["b"]\nbullet 0 ["c"]\n')
    expect(operations(editor.take()[0]!).map(({ key, value }) => [key, value])).toEqual([["depth", 1]])
  })

  test("a mark is a beginning and an end", () => {
    const editor = typed("hello")
    editor.take()
    caret(editor, 2, 5)
    editor.run(toggleMark(marks.strong))
    expect(operations(editor.take()[0]!).map((op) => op.action)).toEqual(["markBegin", "markEnd"])
    expect(plain(editor.doc)).toBe('p ["h"][strong "ell"]["o"]\n')
  })

  test("nothing is written where nothing changed", () => {
    const editor = typed("hello")
    editor.take()
    caret(editor, 2)
    editor.do((tr) => tr.setNodeMarkup(0))
    editor.do((tr) => tr.insertText("hello", 1, 6))
    editor.timers.pass(5000)
    expect(editor.take()).toEqual([])
  })
})

describe("what is typed has the marks that the editor shows", () => {
  test.each([
    ["goes on being bold at the end of bold", marks.strong.create(), '[strong "abx"]'],
    ["leaves a link at its end", marks.link.create({ href: "https://a.b" }), '[link "https://a.b" "ab"]["x"]'],
  ])("%s", (_, mark, expected) => {
    const editor = typed("ab")
    editor.do((tr) => tr.addMark(1, 3, mark))
    caret(editor, 3)
    editor.do((tr) => tr.insertText("x"))
    expect(plain(editor.doc)).toBe(`p ${expected}\n`)
    const other = join(emptyNote(), 2)
    other.receive(editor.take())
    expect(plain(other.doc)).toBe(plain(editor.doc))
  })

  test("is plain where bold was switched off, also after a new paragraph", () => {
    const [editor, other] = [typed("ab"), join(emptyNote(), 2)]
    editor.do((tr) => tr.addMark(1, 3, marks.strong.create()))
    caret(editor, 3)
    editor.run(splitBlock)
    editor.do((tr) => tr.removeStoredMark(marks.strong).insertText("x"))
    editor.do((tr) => tr.insertText("y"))
    other.receive(editor.take())
    expect(plain(other.doc)).toBe(plain(editor.doc))
    expect(plain(other.doc)).toBe('p [strong "ab"]\np ["xy"]\n')
  })

  test("keeps a link's target", () => {
    const [editor, other] = [typed("here"), join(emptyNote(), 2)]
    editor.do((tr) => tr.addMark(1, 5, marks.link.create({ href: "https://a.b/c" })))
    editor.do((tr) => tr.addMark(1, 3, marks.link.create({ href: "https://d.e/" })))
    other.receive(editor.take())
    expect(plain(other.doc)).toBe('p [link "https://d.e/" "he"][link "https://a.b/c" "re"]\n')
  })
})

describe("changes", () => {
  test("are plain chunks, made at the time of the clock by the actor that was given", () => {
    const editor = join(emptyNote(), 5)
    editor.do((tr) => tr.insertText("word ".repeat(5_000)))
    const changes = editor.take()
    expect(changes.length).toBe(1)
    // Type 1: not compressed.
    expect(changes[0]![8]).toBe(1)
    const { actor: by, time } = Automerge.decodeChange(changes[0]!)
    expect([by, time]).toEqual([actor(5), NOW / 1000])
  })

  test("of a very large paste are several, each of which fits an entry", () => {
    const editor = join(emptyNote(), 1)
    // Text that doesn't compress, of three bytes a character.
    const random = new Random(1)
    const text = Array.from({ length: 500_000 }, () => String.fromCharCode(0x4e00 + random.below(20_000))).join("")
    editor.do((tr) => tr.insertText(text))
    const changes = editor.take()
    expect(changes.length).toBeGreaterThan(1)
    for (const change of changes) expect(change.length).toBeLessThan(900 * 1024 - 64)
    const other = join(emptyNote(), 2)
    other.receive(changes)
    expect(other.doc.eq(editor.doc)).toBe(true)
  })

  test("of many steps at once are their difference", () => {
    const editor = typed(...Array.from({ length: 300 }, (_, i) => `line ${String(i)}`))
    editor.do((tr) => {
      tr.doc.forEach((_, at) => tr.setNodeMarkup(at, nodes.heading, { level: 1 }))
    })
    const other = join(emptyNote(), 2)
    other.receive(editor.take())
    expect(other.doc.eq(editor.doc)).toBe(true)
    expect(other.doc.child(299).type).toBe(nodes.heading)
  })
})

test.each(["", "aa", "A".repeat(32), "g".repeat(32), "a".repeat(64)])("the actor id %j is refused", (id) => {
  expect(() => open(emptyNote(), id, { now: () => NOW, timers: new HandTimers() })).toThrow(ActorError)
})

test("bytes that aren't a document are refused", () => {
  expect(() => join(new Uint8Array([1, 2, 3]), 1)).toThrow()
})

test("a half character is mended to what the document says", () => {
  const [editor, other] = [typed("a👩b"), join(emptyNote(), 2)]
  editor.do((tr) => tr.delete(3, 4))
  editor.timers.pass(5000)
  expect(editor.mended).toBe(1)
  expect(plain(editor.doc)).toBe('p ["a\uFFFDb"]\n')
  meet(editor, other)
  expect(other.doc.eq(editor.doc)).toBe(true)
})

test("whatever the editor does with whole characters is what the document says", () => {
  for (let seed = 1; seed <= 25; seed++) {
    const random = new Random(seed)
    const editor = join(emptyNote(), 1)
    const other = join(emptyNote(), 2)
    for (let i = 0; i < 40; i++) {
      const what = randomEdit(random, editor, true)
      other.receive(editor.take())
      // An empty literal block is a paragraph: that alone is left to the mending.
      expect(plain(other.doc), `seed ${String(seed)}: ${what}`).toBe(plain(editor.doc))
      expect(editor.faults).toEqual([])
    }
    editor.note.destroy()
    other.note.destroy()
  }
})
