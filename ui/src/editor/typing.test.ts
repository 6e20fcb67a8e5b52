/** The keyboard and the clipboard in an editor. */
import { schema } from "@snug/binding"
import { history } from "prosemirror-history"
import type { Node } from "prosemirror-model"
import { EditorState, TextSelection } from "prosemirror-state"
import { EditorView } from "prosemirror-view"
import { afterEach, expect, test, vi } from "vitest"
import { active } from "./active"
import { keys } from "./keys"
import { linkAt, stillLinks } from "./links"
import { PASTE_UNITS, paste } from "./paste"
import { placeholder } from "./placeholder"
import { rules } from "./rules"
import { ELEMENTS, tidy } from "./tidy"

const { nodes, marks } = schema
const p = (...text: string[]): Node => nodes.paragraph.create(null, text.map((t) => schema.text(t)))
const h = (level: number, text: string): Node => nodes.heading.create({ level }, text === "" ? [] : schema.text(text))
const li = (...content: Node[]): Node => nodes.list_item.create(null, content)
const ul = (...items: Node[]): Node => nodes.bullet_list.create(null, items)
const ol = (...items: Node[]): Node => nodes.ordered_list.create(null, items)

let view: EditorView
const tooLong = vi.fn()
const toToolbar = vi.fn()

afterEach(() => {
  view.destroy()
  document.body.replaceChildren()
  vi.clearAllMocks()
})

/** An editor with blocks, and the caret after so many characters of the block at a place in the list of textblocks. */
function write(blocks: Node[], block = 0, offset?: number): void {
  const place = document.body.appendChild(document.createElement("div"))
  view = new EditorView(place, {
    state: EditorState.create({
      doc: nodes.doc.create(null, blocks),
      plugins: [history(), rules(), ...keys(toToolbar), placeholder(() => "Write"), stillLinks(), paste(tooLong)],
    }),
  })
  const starts: [number, number][] = []
  view.state.doc.descendants((node, at) => {
    if (node.isTextblock) starts.push([at + 1, node.content.size])
    return !node.isTextblock
  })
  const [start, size] = starts[block]!
  caret(start + (offset ?? size))
}

function caret(from: number, to = from): void {
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, from, to)))
}

/** Presses a key: `Mod-b`; says whether the editor took it. */
function press(name: string): boolean {
  const parts = name.split("-")
  const key = parts.pop()!
  const event = new KeyboardEvent("keydown", {
    key: parts.includes("Shift") && key.length === 1 ? key.toUpperCase() : key,
    keyCode: key.length === 1 ? key.toUpperCase().charCodeAt(0) : 0,
    ctrlKey: parts.includes("Mod"),
    altKey: parts.includes("Alt"),
    shiftKey: parts.includes("Shift"),
    bubbles: true,
    cancelable: true,
  })
  return view.someProp("handleKeyDown", (handle) => handle(view, event)) === true
}

/** Types as a keyboard does: input rules see each character. */
function type(text: string): void {
  for (const character of text) {
    const { from, to } = view.state.selection
    const insert = () => view.state.tr.insertText(character, from, to)
    if (view.someProp("handleTextInput", (handle) => handle(view, from, to, character, insert)) !== true) view.dispatch(insert())
  }
}

const html = (): string => {
  const copy = view.dom.cloneNode(true) as HTMLElement
  for (const helper of copy.querySelectorAll(".ProseMirror-trailingBreak")) helper.remove()
  for (const element of copy.querySelectorAll("[class]")) element.removeAttribute("class")
  for (const element of copy.querySelectorAll("[data-placeholder]")) element.removeAttribute("data-placeholder")
  return copy.innerHTML
}

function clipboard(data: Record<string, string>): void {
  const event = new Event("paste", { bubbles: true, cancelable: true }) as unknown as ClipboardEvent
  Object.defineProperty(event, "clipboardData", { value: { getData: (kind: string) => data[kind] ?? "", files: [] } })
  view.dom.dispatchEvent(event)
  expect(event.defaultPrevented).toBe(true)
}

test.each([
  ["Mod-Alt-2", [p("a")], "<h2>a</h2>"],
  ["Mod-Alt-2", [h(2, "a")], "<p>a</p>"],
  ["Mod-Alt-0", [h(1, "a")], "<p>a</p>"],
  ["Mod-Shift-8", [h(1, "a")], "<ul><li><p>a</p></li></ul>"],
  ["Mod-Shift-8", [ol(li(p("a")))], "<ul><li><p>a</p></li></ul>"],
  ["Mod-Shift-7", [ol(li(p("a")))], "<p>a</p>"],
  ["Enter", [h(2, "a")], "<h2>a</h2><p></p>"],
  ["Enter", [ul(li(p("a")))], "<ul><li><p>a</p></li><li><p></p></li></ul>"],
  ["Enter", [ul(li(p()))], "<p></p>"],
  ["Shift-Enter", [p("a")], "<p>a</p><p></p>"],
  ["Enter", [nodes.literal.create(null, schema.text("a"))], "<pre>a\n</pre>"],
  ["ArrowDown", [nodes.literal.create(null, schema.text("a"))], "<pre>a</pre><p></p>"],
])("%s in %s", (key, blocks, after) => {
  write(blocks)
  // There is no layout here: the caret is in the last line.
  view.endOfTextblock = () => true
  expect(press(key)).toBe(true)
  expect(html()).toBe(after)
})

test.each([
  [[p("a"), h(2, "b")], 1, "<p>a</p><p>b</p>"],
  [[ul(li(p("a")), li(p("b")))], 1, "<ul><li><p>a</p></li></ul><p>b</p>"],
  [[ul(li(p("a"), ul(li(p("b")))))], 1, "<ul><li><p>a</p></li><li><p>b</p></li></ul>"],
  [[p("a"), p("b")], 1, "<p>ab</p>"],
])("Backspace at the beginning of a block: %s", (blocks, block, after) => {
  write(blocks, block, 0)
  press("Backspace")
  expect(html()).toBe(after)
})

test("items go in and out by keys, and no deeper than a note holds", () => {
  write([ul(li(p("a")), li(p("b")))], 1)
  press("Mod-]")
  expect(html()).toBe("<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>")
  press("Mod-[")
  expect(html()).toBe("<ul><li><p>a</p></li><li><p>b</p></li></ul>")
  let deep = ul(li(p("x")), li(p("y")))
  for (let depth = 1; depth < 9; depth++) deep = ul(li(p("z"), deep))
  view.destroy()
  write([deep], 9)
  const before = view.state.doc
  press("Mod-]")
  expect(view.state.doc).toBe(before)
})

test("Tab leaves the editor and writes nothing; Alt+F10 goes to the toolbar", () => {
  const button = document.body.appendChild(document.createElement("button"))
  write([p("a")])
  const after = document.body.appendChild(document.createElement("button"))
  for (const element of [button, after]) element.getClientRects = () => [{}] as unknown as DOMRectList
  view.focus()
  press("Tab")
  expect(document.activeElement).toBe(after)
  press("Shift-Tab")
  expect(document.activeElement).toBe(button)
  expect(view.state.doc.textContent).toBe("a")
  press("Alt-F10")
  expect(toToolbar).toHaveBeenCalledOnce()
})

test.each([
  ["# a", "<h1>a</h1>"],
  ["### a", "<h3>a</h3>"],
  ["#### a", "<p>#### a</p>"],
  ["- a", "<ul><li><p>a</p></li></ul>"],
  ["1. a", "<ol><li><p>a</p></li></ol>"],
  // Dates begin so.
  ["2026. a", "<p>2026. a</p>"],
])("%s at the beginning of a paragraph", (typed, after) => {
  write([p()])
  type(typed)
  expect(html()).toBe(after)
})

test("Backspace takes back what the marks became", () => {
  write([p()])
  type("# ")
  expect(html()).toBe("<h1></h1>")
  press("Backspace")
  expect(html()).toBe("<p># </p>")
})

test("bold and italic, and what the toolbar says of them", () => {
  write([p("one two")])
  caret(1, 4)
  press("Mod-b")
  press("Mod-i")
  expect(html()).toBe("<p><strong><em>one</em></strong> two</p>")
  expect(active(view.state)).toMatchObject({ bold: true, italic: true, block: "paragraph", canUndo: true, canRedo: false })
  press("Mod-z")
  press("Mod-z")
  expect(html()).toBe("<p>one two</p>")
  press("Mod-y")
  press("Mod-Shift-z")
  expect(html()).toBe("<p><strong><em>one</em></strong> two</p>")
})

test("hostile HTML is text and nothing else", () => {
  write([p()])
  const loaded = vi.spyOn(window, "fetch")
  clipboard({
    "text/html":
      '<meta http-equiv="refresh" content="0;url=http://bad"><script>window.owned = 1</script><style>*{display:none}</style>' +
      '<p onclick="owned()" style="position:fixed">good<img src="http://bad/x.png" onerror="window.owned = 1"></p>' +
      '<a href="javascript:owned()">one</a> <a href="https://example.org/a">two</a> <iframe src="http://bad"></iframe>' +
      "<svg><a href='http://bad'>three</a></svg><form><input value=x><button>four</button></form>",
    "text/plain": "text",
  })
  expect(html()).toBe(
    '<p>good</p><p>one <a href="https://example.org/a" rel="noopener noreferrer">two</a></p>',
  )
  expect("owned" in window).toBe(false)
  expect(loaded).not.toHaveBeenCalled()
  loaded.mockRestore()
})

test("what a word processor means is kept: bold by style, lists, line breaks as paragraphs", () => {
  write([p()])
  clipboard({
    "text/html":
      '<b style="font-weight:normal"><div>a <span style="font-weight:700;color:red">b</span><br>c</div>' +
      "<ul><li>d<br>e</li></ul><pre>f\n  g</pre></b>",
  })
  expect(html()).toBe("<p>a <strong>b</strong></p><p>c</p><ul><li><p>d e</p></li></ul><p>f</p><p>g</p>")
})

test.each([
  ["a row is a line", "<table><caption>c</caption><tr><th>one</th><th>two</th></tr><tr><td><p>three</p></td><td><b>four</b></td></tr></table>",
    "<p>c</p><p>one | two</p><p>three | <strong>four</strong></p>"],
  ["empty cells keep their place, empty rows are nothing", "<table><tr><td>a</td><td></td><td>c</td></tr><tr><td> </td><td></td></tr></table>z", "<p>a | | c</p><p>z</p>"],
  ["a table that lays out a page", "<table><tr><td><p>a</p><ul><li>b</li></ul></td><td>c<table><tr><td>d</td><td>e</td></tr></table></td></tr></table>",
    "<p>a</p><ul><li><p>b</p></li></ul><p>c</p><p>d | e</p>"],
])("a pasted table: %s", (_, table, after) => {
  write([p()])
  clipboard({ "text/html": table })
  expect(html()).toBe(after)
})

test("a paste that is too long changes nothing and is told", () => {
  write([p("a")])
  clipboard({ "text/plain": "x".repeat(PASTE_UNITS + 1) })
  clipboard({ "text/html": `<p>${"x".repeat(PASTE_UNITS + 1)}</p>`, "text/plain": "x" })
  expect([html(), tooLong.mock.calls.length]).toEqual(["<p>a</p>", 2])
  // HTML that is far longer than its text is left alone; the text is taken.
  clipboard({ "text/html": "<i></i>".repeat(400_000), "text/plain": "b" })
  expect(html()).toBe("<p>ab</p>")
})

test("a page of too many parts is its text, and without any nothing is pasted and that is told", () => {
  const page = `<p>${"a<br>".repeat(ELEMENTS)}</p>`
  write([p()])
  clipboard({ "text/html": page, "text/plain": "b" })
  expect(html()).toBe("<p>b</p>")
  clipboard({ "text/html": page })
  clipboard({ "text/html": `<pre>${"a\n".repeat(ELEMENTS)}</pre>` })
  clipboard({ "text/plain": "a\n".repeat(ELEMENTS) })
  expect([html(), tooLong.mock.calls.length]).toEqual(["<p>b</p>", 3])
})

test("plain text comes as paragraphs; in literal Markdown as it is", () => {
  write([p()])
  clipboard({ "text/plain": "a\nb\r\n\r\nc <b>" })
  expect(html()).toBe("<p>a</p><p>b</p><p>c &lt;b&gt;</p>")
  view.destroy()
  write([nodes.literal.create(null, schema.text("x"))])
  clipboard({ "text/html": "<h1>a</h1>", "text/plain": "a\nb" })
  expect(html()).toBe("<pre>xa\nb</pre>")
})

test("HTML that can't be read is its text", () => {
  write([p()])
  const reading = vi.spyOn(DOMParser.prototype, "parseFromString").mockImplementation(() => {
    throw new RangeError("too deep")
  })
  clipboard({ "text/html": "<p>a</p>", "text/plain": "b" })
  reading.mockRestore()
  expect(html()).toBe("<p>b</p>")
  expect(tidy(`${"<div>".repeat(600)}deep`).html).toContain("deep")
})

test("links are shown, never followed; their address can be read", () => {
  write([p("x")])
  view.dispatch(view.state.tr.insert(2, schema.text("two", [marks.link.create({ href: "https://example.org/" })])))
  const link = view.dom.querySelector("a")!
  for (const name of ["click", "auxclick"]) {
    const event = new MouseEvent(name, { bubbles: true, cancelable: true, ctrlKey: true })
    link.dispatchEvent(event)
    expect(event.defaultPrevented).toBe(true)
  }
  caret(3)
  expect(linkAt(view.state)).toBe("https://example.org/")
  caret(1)
  expect(linkAt(view.state)).toBe(null)
})

test("nothing is dragged in or out", () => {
  write([p("a")])
  for (const name of ["dragstart", "drop"]) {
    const event = new Event(name, { bubbles: true, cancelable: true })
    view.dom.dispatchEvent(event)
    expect(event.defaultPrevented).toBe(true)
  }
})

test("an empty note says what to do, one with words doesn't", () => {
  write([p()])
  expect(view.dom.querySelector("[data-placeholder]")?.getAttribute("data-placeholder")).toBe("Write")
  type("a")
  expect(view.dom.querySelector("[data-placeholder]")).toBe(null)
})
