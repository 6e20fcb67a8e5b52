/** What an ended replica leaves, made anew by the next. */
import { expect, test } from "vitest"
import * as Automerge from "@automerge/automerge/slim"
import { again, between } from "../src/index.js"
import { actor, emptyNote, join } from "./harness.js"
import { plain } from "./plain.js"

/** The document with further changes, as the core would have it. */
function withChanges(bytes: Uint8Array, changes: Uint8Array[]): Uint8Array {
  const doc = Automerge.getBackend(Automerge.load(bytes, { actor: actor(0xcd) }))
  doc.applyChanges(changes)
  return doc.save()
}

test("changes that never arrived are said again by the next replica, beside what others wrote", () => {
  const old = join(emptyNote(), 1)
  old.do((tr) => tr.insertText("kept "))
  const arrived = old.take()
  const other = join(withChanges(emptyNote(), arrived), 2)
  other.do((tr) => tr.insertText("theirs ", 1))
  old.do((tr) => tr.insertText("mine"))
  const changes = old.take()

  const core = withChanges(withChanges(emptyNote(), arrived), other.take())
  const next = join(core, 1)
  const tr = again(next.state, core, { changes, written: old.doc, shown: old.doc })
  next.dispatch(tr!)
  expect(plain(next.doc)).toBe('p ["theirs kept mine"]\n')
  const witness = join(core, 3)
  witness.receive(next.take())
  expect(plain(witness.doc)).toBe(plain(next.doc))
})

test("what the core got after all isn't said again", () => {
  const old = join(emptyNote(), 1)
  old.do((tr) => tr.insertText("once"))
  const changes = old.take()
  const core = withChanges(emptyNote(), changes)
  const next = join(core, 4)
  const tr = again(next.state, core, { changes, written: old.doc, shown: old.doc })
  expect(tr?.docChanged).toBe(false)
})

test("an edit that was shown and never written finds its place", () => {
  const old = join(emptyNote(), 1)
  old.do((tr) => tr.insertText("one two"))
  const core0 = withChanges(emptyNote(), old.take())
  const written = old.doc
  const shown = old.state.tr.insertText(" three", 8).doc
  const other = join(core0, 2)
  other.do((tr) => tr.insertText("zero ", 1))
  const core = withChanges(core0, other.take())
  const next = join(core, 3)
  next.dispatch(again(next.state, core, { changes: [], written, shown })!)
  expect(plain(next.doc)).toBe('p ["zero one two three"]\n')
})

test("an edit whose place is gone is told", () => {
  const old = join(emptyNote(), 1)
  old.do((tr) => tr.insertText("one gone two"))
  const core0 = withChanges(emptyNote(), old.take())
  const other = join(core0, 2)
  other.do((tr) => tr.delete(4, 10))
  const core = withChanges(core0, other.take())
  const shown = old.state.tr.insertText("!", 7).doc
  const next = join(core, 3)
  expect(again(next.state, core, { changes: [], written: old.doc, shown })).toBe(null)
})

test("places of one tree are found in another", () => {
  const editor = join(emptyNote(), 1)
  editor.do((tr) => tr.insertText("one two"))
  const was = editor.doc
  editor.do((tr) => tr.insertText("zero ", 1))
  expect(between(was, editor.doc)(5)).toBe(10)
})
