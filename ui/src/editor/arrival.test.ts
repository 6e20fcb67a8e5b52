import { schema } from "@snug/binding"
import { EditorState } from "prosemirror-state"
import { EditorView } from "prosemirror-view"
import { afterEach, beforeEach, expect, test } from "vitest"
import { arrival } from "./arrival"

let view: EditorView

beforeEach(() => {
  const place = document.body.appendChild(document.createElement("div"))
  view = new EditorView(place, { state: EditorState.create({ schema, plugins: [arrival()] }) })
  // There is no layout here.
  Element.prototype.scrollIntoView = () => undefined
})

afterEach(() => {
  view.destroy()
  document.body.replaceChildren()
})

const press = (key: string): boolean => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }))
const focus = (kind: "focus" | "blur"): boolean => view.dom.dispatchEvent(new FocusEvent(kind))
const ring = (): boolean => view.dom.querySelector(".arrived") !== null

test("who comes by Tab sees where the caret is, until they type", () => {
  press("Tab")
  focus("focus")
  expect(ring()).toBe(true)
  view.dispatch(view.state.tr.insertText("a"))
  expect(ring()).toBe(false)
})

test("the ring goes with the focus, and doesn't come with the mouse", () => {
  press("Tab")
  focus("focus")
  focus("blur")
  expect(ring()).toBe(false)
  document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }))
  focus("focus")
  expect(ring()).toBe(false)
})
