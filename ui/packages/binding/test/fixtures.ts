/**
 * Notes that this package makes for others to read: their raw changes, each with what they must show.
 */
import { splitBlock } from "prosemirror-commands"
import { sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list"
import { TextSelection } from "prosemirror-state"
import { schema } from "../src/index.js"
import { type Editor, changesOf, emptyNote, join, rawNote } from "./harness.js"
import { Random, randomEdit } from "./random.js"

const { nodes, marks } = schema

/** Raw changes in an order in which each follows what it builds on. */
export const FIXTURES: Readonly<Record<string, () => Uint8Array[]>> = {
  "window-structures": structures,
  "window-meeting": () => random(21, 3, 80),
  "window-meeting-long": () => random(110, 5, 240),
  "window-foreign": foreign,
}

function structures(): Uint8Array[] {
  const editor = join(emptyNote(), 1)
  const line = (text: string): void => {
    editor.run(splitBlock)
    editor.do((tr) => tr.insertText(text))
  }
  const item = (text: string): void => {
    editor.run(splitListItem(nodes.list_item))
    editor.do((tr) => tr.insertText(text))
  }
  editor.do((tr) => tr.insertText("Heading").setBlockType(1, 1, nodes.heading, { level: 1 }))
  line("Bold, italic, both, a link and \u0000 emoji 👩‍👩‍👧 字.")
  const start = editor.doc.child(0).nodeSize + 1
  editor.do((tr) =>
    tr
      .addMark(start, start + 4, marks.strong.create())
      .addMark(start + 6, start + 12, marks.em.create())
      .addMark(start + 14, start + 18, marks.strong.create())
      .addMark(start + 14, start + 18, marks.em.create())
      .addMark(start + 20, start + 26, marks.link.create({ href: "https://a.b/c?d=é" })),
  )
  line("- item by item")
  editor.run(wrapInList(nodes.bullet_list))
  item("second")
  item("inner")
  editor.run(sinkListItem(nodes.list_item))
  item("innermost")
  editor.run(sinkListItem(nodes.list_item))
  // A list of its own that counts from 7, right after another list.
  editor.do((tr) => {
    const seventh = nodes.list_item.create(null, nodes.paragraph.create(null, schema.text("seventh")))
    const apart = nodes.list_item.create(null, nodes.paragraph.create(null, schema.text("apart")))
    tr.insert(tr.doc.content.size, [
      nodes.ordered_list.create({ order: 7 }, [seventh, apart]),
      nodes.ordered_list.create(null, [apart]),
      nodes.bullet_list.create(null, [apart]),
      nodes.bullet_list.create(null, [apart]),
      nodes.heading.create({ level: 6 }),
      nodes.literal.create(null, schema.text("> a quote\n> in two lines")),
      nodes.paragraph.create(null, schema.text("`code`", [marks.literal_text.create()])),
      nodes.paragraph.create(),
    ])
  })
  editor.do((tr) => tr.setSelection(TextSelection.create(tr.doc, start + 4)))
  editor.run(splitBlock)
  editor.do((tr) => tr.insertText("bold goes on? "))
  return [...changesOf(emptyNote()), ...editor.take()]
}

/** Some who edit at random and hear of each other now and then. */
function random(seed: number, replicas: number, edits: number): Uint8Array[] {
  const dice = new Random(seed)
  const editors = Array.from({ length: replicas }, (_, n) => join(emptyNote(), n + 1))
  const changes = changesOf(emptyNote())
  const heard = new Map<Editor, number>(editors.map((editor) => [editor, changes.length]))
  for (let i = 0; i < edits; i++) {
    const editor = dice.of(editors)
    randomEdit(dice, editor)
    changes.push(...editor.take())
    if (dice.below(6) === 0) {
      editor.receive(changes.slice(heard.get(editor)))
      heard.set(editor, changes.length)
    }
  }
  return changes
}

/** What a later version or a hostile member may write. */
export function foreign(): Uint8Array[] {
  return changesOf(
    rawNote((doc, body) => {
      let at = 0
      const text = (value: string): void => {
        doc.splice(body, at, 0, value)
        at += value.length
      }
      const marker = (...keys: [string, string | number | boolean | null, ("str" | "uint" | "int" | "f64" | "boolean" | "null")?][]): string => {
        const id = doc.insertObject(body, at, {})
        for (const [key, value, type] of keys) doc.put(id, key, value, type)
        at += 1
        return id
      }
      text("before any marker")
      marker()
      text("a marker that says nothing")
      marker(["type", "quote"], ["depth", 3, "uint"])
      text("a later version's block")
      marker(["type", 7, "int"])
      text("no name")
      marker(["type", "heading"], ["level", 4_000_000_000, "uint"])
      text("too small a heading")
      marker(["type", "heading"], ["level", -3, "int"])
      text("too large")
      marker(["type", "heading"], ["level", 2, "f64"])
      text("no whole number")
      marker(["type", "unordered-list-item"], ["depth", 200, "uint"])
      text("deep")
      marker(["type", "unordered-list-item"], ["depth", 9_007_199_254_740_991, "uint"], ["begins", 5, "uint"])
      text("deeper")
      marker(["type", "ordered-list-item"], ["depth", 1, "int"], ["begins", 4_294_967_295, "uint"])
      text("numbered past the end")
      marker(["type", "ordered-list-item"], ["depth", "1", "str"], ["begins", true, "boolean"])
      text("depth in words")
      marker(["type", "ordered-list-item"], ["begins", 0, "uint"])
      text("from nought")
      const words = marker(["type", "markdown"])
      doc.putObject(words, "type", "markdown")
      text("> as it was written")
      marker(["type", "markdown"])
      marker(["type", "heading"], ["level", null, "null"])
      marker(["type", "paragraph"])
      const from = at
      text("marks: bold unknown linked nowhere")
      doc.mark(body, { start: from + 7, end: from + 11, expand: "both" }, "strong", true, "boolean")
      doc.mark(body, { start: from + 9, end: from + 19, expand: "after" }, "comment", "hello", "str")
      doc.mark(body, { start: from + 20, end: from + 26, expand: "none" }, "link", "javascript:alert(1)", "str")
      doc.mark(body, { start: from, end: from + 5, expand: "none" }, "em", 1, "int")
      doc.mark(body, { start: from + 22, end: from + 30, expand: "none" }, "markdown", true, "boolean")
      marker(["type", "paragraph"])
      text("<>")
      doc.insert(body, at - 1, 42, "int")
      doc.insertObject(body, at, [])
      at += 2
    }),
  )
}
