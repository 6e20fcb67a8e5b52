// @vitest-environment jsdom
/** The replica in a real `EditorView`. */
import { EditorState } from "prosemirror-state"
import { EditorView } from "prosemirror-view"
import { expect, test } from "vitest"
import { StateError, open, schema, undo } from "../src/index.js"
import { COMPOSING_MS } from "../src/replica.js"
import { endWord } from "../src/word.js"
import { HandTimers, NOW, actor, emptyNote, join, rawNote } from "./harness.js"

test("an editor's view writes what is typed and shows what others write", () => {
  const timers = new HandTimers()
  const note = open(emptyNote(), actor(1), { now: () => NOW, timers })
  const sent: Uint8Array[] = []
  note.onLocal((changes) => sent.push(...changes))
  const view = new EditorView(document.createElement("div"), { state: note.state() })
  const other = join(emptyNote(), 2)

  view.dispatch(view.state.tr.insertText("hello"))
  other.receive(sent.splice(0))
  other.do((tr) => tr.setBlockType(1, 1, tr.doc.type.schema.nodes.heading!, { level: 2 }))
  note.applyRemote(other.take())
  timers.pass(0)
  expect(view.dom.innerHTML).toBe("<h2>hello</h2>")

  undo(view.state, view.dispatch)
  other.receive(sent.splice(0))
  expect(other.doc.toString()).toBe("doc(heading)")

  view.dispatch(view.state.tr.insertText("last words"))
  view.destroy()
  note.destroy()
  other.receive(sent)
  expect(other.doc.textContent).toBe("last words")
})

test("a note that hasn't arrived is shown and can't be edited", () => {
  const note = open(new Uint8Array(), actor(1), { now: () => NOW, timers: new HandTimers() })
  const view = new EditorView(document.createElement("div"), { state: note.state() })
  expect([view.editable, view.dom.getAttribute("contenteditable")]).toEqual([false, "false"])
  view.destroy()
  note.destroy()
})

test("changes that come while there is no view are shown in the next", () => {
  const timers = new HandTimers()
  const note = open(emptyNote(), actor(1), { now: () => NOW, timers })
  const other = join(emptyNote(), 2)
  other.do((tr) => tr.insertText("early"))
  note.applyRemote(other.take())
  timers.pass(1_000)
  const view = new EditorView(document.createElement("div"), { state: note.state() })
  timers.pass(0)
  expect(view.state.doc.textContent).toBe("early")
  view.destroy()
  const again = new EditorView(document.createElement("div"), { state: note.state() })
  again.dispatch(again.state.tr.insertText("!", 6))
  expect(again.state.doc.textContent).toBe("early!")
  again.destroy()
  note.destroy()
})

test("a state that was kept while the note went on isn't shown again", () => {
  const timers = new HandTimers()
  const note = open(emptyNote(), actor(1), { now: () => NOW, timers })
  const old = note.state()
  const view = new EditorView(document.createElement("div"), { state: old })
  view.dispatch(view.state.tr.insertText("new"))
  view.destroy()
  expect(() => new EditorView(document.createElement("div"), { state: old })).toThrow(StateError)
  const early = note.state()
  const sent: Uint8Array[] = []
  note.onLocal((changes) => sent.push(...changes))
  const again = new EditorView(document.createElement("div"), { state: early })
  expect(sent).toEqual([])
  again.updateState(again.state.reconfigure({ plugins: note.plugins }))
  again.dispatch(again.state.tr.insertText("!", 4))
  expect([again.state.doc.textContent, sent.length]).toEqual(["new!", 1])
  again.destroy()
  note.destroy()
})

test("a word that an input method holds is ended when others wait for its paragraph, and the focus comes back", () => {
  const timers = new HandTimers()
  const bytes = rawNote((doc, body) => {
    doc.splice(body, 0, 0, "text")
  })
  const note = open(bytes, actor(1), { now: () => NOW, timers })
  const view = new EditorView(document.body.appendChild(document.createElement("div")), {
    state: note.state(),
    attributes: { tabindex: "0" },
  })
  const other = join(bytes, 2)
  other.do((tr) => tr.insertText("theirs ", 1))
  view.focus()
  view.dom.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }))
  view.dispatch(view.state.tr.insertText("ㅎ", 5))
  note.applyRemote(other.take())
  timers.pass(COMPOSING_MS.still - COMPOSING_MS.look)
  view.dispatch(view.state.tr.insertText("하", 5, 6))
  // Something was typed: it begins again.
  timers.pass(COMPOSING_MS.still - COMPOSING_MS.look)
  expect([view.composing, document.activeElement, view.state.doc.textContent]).toEqual([true, view.dom, "text하"])
  let left = 0
  view.dom.addEventListener("blur", () => {
    left += 1
    view.dom.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }))
  })
  timers.pass(2 * COMPOSING_MS.look)
  expect([left, view.composing, document.activeElement]).toEqual([1, false, view.dom])
  expect(view.state.doc.textContent).toBe("theirs text하")
  view.destroy()
  note.destroy()
})

test("a key that is struck while a word is being ended goes to the text", () => {
  const timers = new HandTimers()
  const keys: string[] = []
  const view = new EditorView(document.body.appendChild(document.createElement("div")), {
    state: EditorState.create({ schema }),
    attributes: { tabindex: "0" },
    handleKeyDown: (_, { key }) => keys.push(key) > 0 && key === "Enter",
  })
  const strike = (key: string): boolean =>
    document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))
  for (const [key, goesOn] of [
    ["a", true],
    ["Enter", false],
  ] as const) {
    view.focus()
    endWord(view, timers)
    expect(document.activeElement).toBe(document.body)
    expect([strike(key), document.activeElement]).toEqual([goesOn, view.dom])
  }
  expect(keys).toEqual(["a", "Enter"])
  view.dom.blur()
  strike("b")
  expect([keys, document.activeElement]).toEqual([["a", "Enter"], document.body])
  view.destroy()
})

test("a listener that throws doesn't stop the note", () => {
  const note = open(emptyNote(), actor(1), { now: () => NOW, timers: new HandTimers() })
  const view = new EditorView(document.createElement("div"), { state: note.state() })
  const stop = note.onLocal(() => {
    throw new Error("full")
  })
  expect(() => {
    view.dispatch(view.state.tr.insertText("a"))
  }).toThrow("full")
  stop()
  expect(note.editable).toBe(true)
  view.dispatch(view.state.tr.insertText("b"))
  expect(view.state.doc.textContent).toBe("ab")
  view.destroy()
  note.destroy()
})

test("what others write waits until the view has taken over what an input method left", () => {
  const timers = new HandTimers()
  const bytes = rawNote((doc, body) => {
    doc.splice(body, 0, 0, "text")
  })
  const note = open(bytes, actor(1), { now: () => NOW, timers })
  const view = new EditorView(document.body.appendChild(document.createElement("div")), { state: note.state() })
  const other = join(bytes, 2)
  other.do((tr) => tr.insertText("theirs ", 1))
  const says = (type: string): boolean => view.dom.dispatchEvent(new CompositionEvent(type, { bubbles: true }))
  says("compositionstart")
  says("compositionend")
  note.applyRemote(other.take())
  timers.pass(COMPOSING_MS.over - 1)
  expect([view.composing, view.state.doc.textContent]).toEqual([false, "text"])
  timers.pass(COMPOSING_MS.step)
  expect(view.state.doc.textContent).toBe("theirs text")
  view.destroy()
  note.destroy()
})
