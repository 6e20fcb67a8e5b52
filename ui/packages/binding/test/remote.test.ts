import { splitBlock } from "prosemirror-commands"
import { redo, undo } from "prosemirror-history"
import { wrapInList } from "prosemirror-schema-list"
import { AllSelection, Plugin, TextSelection } from "prosemirror-state"
import { describe, expect, test } from "vitest"
import { schema } from "../src/index.js"
import { COALESCE_MS, COMPOSING_MS, LONG } from "../src/replica.js"
import { type Editor, changesOf, join, meet, rawNote } from "./harness.js"
import { plain } from "./plain.js"

/** A note with a paragraph for each line. */
function savedWith(...lines: string[]): Uint8Array {
  return rawNote((doc, body) => {
    let at = 0
    for (const line of lines) {
      doc.put(doc.insertObject(body, at, {}), "type", "paragraph", "str")
      doc.splice(body, at + 1, 0, line)
      at += 1 + line.length
    }
  })
}

/** Two replicas of it. */
function two(...lines: string[]): [Editor, Editor] {
  const bytes = savedWith(...lines)
  return [join(bytes, 1), join(bytes, 2)]
}

function select(editor: Editor, anchor: number, head = anchor): void {
  editor.do((tr) => tr.setSelection(TextSelection.create(tr.doc, anchor, head)))
}

/** The text with `|` at the caret, or around the selection. */
function withCaret(editor: Editor): string {
  const { selection, doc } = editor.state
  const part = (from: number, to: number): string => doc.textBetween(from, to, "/")
  const inner = selection.empty ? "|" : `|${part(selection.from, selection.to)}|`
  return part(0, selection.from) + inner + part(selection.to, doc.content.size)
}

describe("others' changes", () => {
  test("are shown at once in a short note, together in a long one", () => {
    const [a, b] = two("short")
    a.do((tr) => tr.insertText("x", 1))
    b.note.applyRemote(a.take())
    expect(b.doc.textContent).toBe("short")
    b.timers.pass(0)
    expect(b.doc.textContent).toBe("xshort")

    const [c, d] = two("long".repeat(LONG / 4))
    let shown = 0
    const dispatch = d.dispatch
    d.dispatch = (tr) => {
      shown += 1
      dispatch(tr)
    }
    for (let i = 0; i < 5; i++) {
      c.do((tr) => tr.insertText("x", 1 + 7 * i))
      d.note.applyRemote(c.take())
    }
    d.timers.pass(COALESCE_MS.least - 1)
    expect(shown).toBe(0)
    d.timers.pass(1)
    expect([shown, d.doc.eq(c.doc)]).toEqual([1, true])
  })

  test("wait while an input method composes in the same paragraph, and only there", () => {
    const [a, b] = two("one", "two")
    a.do((tr) => tr.insertText("x", 6))
    const [first] = a.take()
    a.do((tr) => tr.insertText("y", 1))
    select(b, 9)
    b.do((tr) => tr.insertText("ㅎ"))
    b.composing = true
    b.receive([first!])
    b.timers.pass(10 * COMPOSING_MS.look)
    expect(plain(b.doc)).toBe('p ["one"]\np ["twoㅎ"]\n')
    b.composing = false
    b.timers.pass(COMPOSING_MS.step)
    expect(plain(b.doc)).toBe('p ["one"]\np ["xtwoㅎ"]\n')

    b.composing = true
    b.note.applyRemote(a.take())
    b.timers.pass(COMPOSING_MS.look - 2 * COMPOSING_MS.step)
    expect(plain(b.doc)).toBe('p ["one"]\np ["xtwoㅎ"]\n')
    b.timers.pass(2 * COMPOSING_MS.step)
    expect(plain(b.doc)).toBe('p ["yone"]\np ["xtwoㅎ"]\n')
    a.receive(b.take())
    expect(a.doc.eq(b.doc)).toBe(true)
  })

  const redrawn: [string, (a: Editor) => void][] = [
    ["is deleted", (a) => { a.do((tr) => tr.delete(5, 10)) }],
    ["becomes a heading", (a) => { a.do((tr) => tr.setBlockType(6, 6, schema.nodes.heading)) }],
    ["becomes an item", (a) => { select(a, 6); a.run(wrapInList(schema.nodes.bullet_list)) }],
    ["is joined to the one before", (a) => { a.do((tr) => tr.join(5)) }],
    ["becomes bold", (a) => { a.do((tr) => tr.addMark(6, 9, schema.marks.strong.create())) }],
  ]
  test.each(redrawn)("wait where the paragraph that an input method composes in %s", (_, edit) => {
    // The next one looks the same.
    const [a, b] = two("one", "two", "two")
    select(b, 9)
    b.composing = true
    edit(a)
    b.receive(a.take())
    b.timers.pass(3 * COMPOSING_MS.look)
    expect(plain(b.doc)).toBe('p ["one"]\np ["two"]\np ["two"]\n')
    b.composing = false
    b.timers.pass(COMPOSING_MS.step)
    expect(b.doc.eq(a.doc)).toBe(true)
  })

  test("wait for what they build on, and come once", () => {
    const [a, b] = two("text")
    for (const text of ["1", "2", "3"]) a.do((tr) => tr.insertText(text, 1))
    const [one, second, three] = a.take() as [Uint8Array, Uint8Array, Uint8Array]
    b.receive([three])
    b.receive([three, second])
    expect(b.doc.textContent).toBe("text")
    b.receive([one])
    b.receive([one, second, three])
    expect(b.doc.textContent).toBe("321text")
  })

  test("that can't be read are left out and told of; the others are taken", () => {
    const [a, b] = two("text")
    a.do((tr) => tr.insertText("x", 1))
    const bad = new Uint8Array([1, 2, 3])
    b.receive([bad, ...a.take()])
    expect(b.doc.textContent).toBe("xtext")
    expect(b.faults).toEqual([{ code: "changes-refused", changes: [bad] }])
    expect(b.note.editable).toBe(true)
  })

  test("leave alone what they don't change", () => {
    const [a, b] = two("one", "two", "three")
    const before = b.doc
    a.do((tr) => tr.insertText("x", 6))
    b.receive(a.take())
    expect(b.doc.child(0)).toBe(before.child(0))
    expect(b.doc.child(2)).toBe(before.child(2))
    expect(b.doc.child(1).textContent).toBe("xtwo")
  })

  test("are written beside what was typed and not yet settled", () => {
    const [a, b] = two("one", "two")
    a.do((tr) => tr.insertText("A", 1))
    // Typed, but nobody told the replica yet.
    b.state = b.state.apply(b.state.tr.insertText("B", 9))
    b.receive(a.take())
    expect(plain(b.doc)).toBe('p ["Aone"]\np ["twoB"]\n')
    a.receive(b.take())
    expect(a.doc.eq(b.doc)).toBe(true)
  })
})

test("what a plugin adds to others' changes is written, and only that", () => {
  const [a] = two("text")
  const shout = new Plugin({
    appendTransaction: (trs, _, state) =>
      trs.some((tr) => tr.docChanged) && state.doc.textContent.endsWith("?") ? state.tr.insertText("!", state.doc.content.size - 1) : null,
  })
  const b = join(savedWith("text"), 2, [shout])
  a.do((tr) => tr.insertText("?", 5))
  b.receive(a.take())
  expect(b.doc.textContent).toBe("text?!")
  a.receive(b.take())
  expect(a.doc.textContent).toBe("text?!")
  b.timers.pass(10_000)
  expect([b.mended, b.take().length]).toEqual([0, 0])
})

describe("the selection", () => {
  const selections: [string, (a: Editor) => void, [number, number?], string][] = [
    ["moves with text typed before it", (a) => { a.do((tr) => tr.insertText("XX", 1)) }, [3], "XXon|e/two"],
    ["stays where text is typed after it", (a) => { a.do((tr) => tr.insertText("XX", 4)) }, [3], "on|eXX/two"],
    ["stays before text typed at the same place", (a) => { a.do((tr) => tr.insertText("XX", 3)) }, [3], "on|XXe/two"],
    ["stays in its half of a paragraph that is cut", (a) => { select(a, 2); a.run(splitBlock) }, [3], "o/n|e/two"],
    ["stays in a paragraph that is joined", (a) => { a.do((tr) => tr.join(5)) }, [7], "onet|wo"],
    ["stays in a paragraph that becomes a heading", (a) => { a.do((tr) => tr.setBlockType(6, 6, schema.nodes.heading)) }, [7], "one/t|wo"],
    ["falls to where its text was", (a) => { a.do((tr) => tr.delete(7, 9)) }, [8], "one/t|"],
    ["keeps its ends", (a) => { a.do((tr) => tr.insertText("XX", 3)) }, [2, 8], "o|nXXe/tw|o"],
    ["survives that two far places change at once", (a) => { a.do((tr) => tr.insertText("Z", 9).insertText("X", 1)) }, [3], "Xon|e/twoZ"],
    ["survives that a paragraph comes before", (a) => { a.do((tr) => tr.insert(0, schema.node("paragraph", null, [schema.text("new")]))) }, [7], "new/one/t|wo"],
  ]
  test.each(selections)("%s", (_, edit, [anchor, head], expected) => {
    const [a, b] = two("one", "two")
    select(b, anchor, head)
    edit(a)
    b.receive(a.take())
    expect(withCaret(b)).toBe(expected)
  })

  test("of everything stays one of everything", () => {
    const [a, b] = two("one")
    b.do((tr) => tr.setSelection(new AllSelection(tr.doc)))
    a.do((tr) => tr.insertText("X", 4))
    b.receive(a.take())
    expect(b.state.selection).toBeInstanceOf(AllSelection)
    expect(b.state.selection.to).toBe(b.doc.content.size)
  })
})

describe("undo", () => {
  test("takes back one's own edits only", () => {
    const [a, b] = two("one", "two")
    a.do((tr) => tr.insertText("A", 1))
    b.do((tr) => tr.insertText("B", 6))
    meet(a, b)
    expect(a.run(undo)).toBe(true)
    expect(plain(a.doc)).toBe('p ["one"]\np ["Btwo"]\n')
    expect(a.run(undo)).toBe(false)
    expect(a.run(redo)).toBe(true)
    meet(a, b)
    expect(plain(b.doc)).toBe('p ["Aone"]\np ["Btwo"]\n')
    expect(b.doc.eq(a.doc)).toBe(true)
  })

  test("passes through what others did to the same paragraph", () => {
    const [a, b] = two("one two three")
    a.do((tr) => tr.delete(5, 9))
    b.do((tr) => tr.insertText("!", 14))
    b.do((tr) => tr.insertText("zero ", 1))
    meet(a, b)
    expect(a.doc.textContent).toBe("zero one three!")
    a.run(undo)
    meet(a, b)
    expect(a.doc.textContent).toBe("zero one two three!")
    expect(b.doc.eq(a.doc)).toBe(true)
  })

  test("brings back a heading while others write in it", () => {
    const [a, b] = two("one")
    a.do((tr) => tr.setBlockType(1, 1, schema.nodes.heading, { level: 2 }))
    b.do((tr) => tr.insertText(" more", 4))
    meet(a, b)
    expect(plain(b.doc)).toBe('h2 ["one more"]\n')
    a.run(undo)
    meet(a, b)
    expect(plain(b.doc)).toBe('p ["one more"]\n')
  })
})

test("edits apart meet and both survive", () => {
  const [a, b] = two("one", "two")
  a.do((tr) => tr.setBlockType(1, 1, schema.nodes.heading, { level: 1 }))
  a.do((tr) => tr.addMark(6, 9, schema.marks.strong.create()))
  b.do((tr) => tr.insertText(" more", 4))
  select(b, 12)
  b.run(splitBlock)
  meet(a, b)
  expect(plain(a.doc)).toBe('h1 ["one more"]\np [strong "t"]\np [strong "wo"]\n')
  expect(b.doc.eq(a.doc)).toBe(true)
})

test("a note that hasn't arrived can't be edited until it has", () => {
  const [a] = two("text")
  const early = join(new Uint8Array(), 3)
  early.do((tr) => tr.insertText("lost", 1))
  expect([early.note.editable, early.doc.textContent, early.take().length]).toEqual([false, "", 0])
  const full = rawNote((doc, body) => {
    doc.splice(body, 0, 0, "there")
  })
  const changes = changesOf(full)
  early.receive(changes)
  expect([early.note.editable, early.doc.textContent]).toEqual([true, "there"])
  early.do((tr) => tr.insertText("x", 1))
  expect(early.take().length).toBe(1)
  expect(a.faults).toEqual([])
})

test("after its end nothing is written or shown", () => {
  const [a, b] = two("text")
  b.do((tr) => tr.insertText("x", 1))
  const sent = b.take()
  b.note.applyRemote([])
  b.note.destroy()
  b.note.destroy()
  b.note.applyRemote(sent)
  b.timers.pass(10_000)
  b.do((tr) => tr.insertText("y", 1))
  expect(b.take()).toEqual([])
  expect(a.faults).toEqual([])
})
