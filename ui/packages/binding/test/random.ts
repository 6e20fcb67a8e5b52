/** Random edits from a seed. */
import { baseKeymap, joinBackward, joinForward, setBlockType, splitBlock, toggleMark } from "prosemirror-commands"
import { redo, undo } from "prosemirror-history"
import type { Node } from "prosemirror-model"
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list"
import { type Command, Selection, TextSelection } from "prosemirror-state"
import { schema } from "../src/index.js"
import type { Editor } from "./harness.js"

/** mulberry32. */
export class Random {
  constructor(private seed: number) {}

  below(n: number): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0
    let t = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n)
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }
}

const { nodes, marks } = schema
const WORDS = ["a", "b ", "word", " ", "é", "👩‍👩‍👧", "字", "long text here", "\n", "x\u0000y", "-"]
/** Without what the editor can hold and Automerge can't: U+0000, and halves of characters. */
const TAME = WORDS.filter((word) => !/[\0\uD800-\uDFFF]/.test(word))
const LINKS = ["https://a.b/c", "mailto:a@b", "snug:x"]

const COMMANDS: ((random: Random) => Command)[] = [
  () => splitBlock,
  () => splitListItem(nodes.list_item),
  () => joinBackward,
  () => joinForward,
  () => baseKeymap.Enter!,
  () => baseKeymap.Backspace!,
  () => baseKeymap.Delete!,
  () => sinkListItem(nodes.list_item),
  () => sinkListItem(nodes.list_item),
  () => liftListItem(nodes.list_item),
  (r) => setBlockType(nodes.heading, { level: 1 + r.below(6) }),
  () => setBlockType(nodes.paragraph),
  () => setBlockType(nodes.literal),
  () => wrapInList(nodes.bullet_list),
  (r) => wrapInList(nodes.ordered_list, { order: r.of([1, 1, 7]) }),
  () => toggleMark(marks.strong),
  () => toggleMark(marks.em),
  () => toggleMark(marks.literal_text),
  (r) => toggleMark(marks.link, { href: r.of(LINKS) }),
  () => undo,
  () => undo,
  () => redo,
]

function select(random: Random, doc: Node, most: number): Selection {
  const at = random.below(doc.content.size + 1)
  const to = Math.min(doc.content.size, at + (random.below(2) === 0 ? 0 : random.below(most)))
  return TextSelection.between(doc.resolve(at), doc.resolve(to))
}

/** Does one thing, and says what. */
export function randomEdit(random: Random, editor: Editor, tame = false): string {
  const { state } = editor
  const dice = random.below(100)
  if (dice < 60) {
    editor.dispatch(state.tr.setSelection(select(random, state.doc, dice < 8 ? 60 : 12)))
  }
  if (dice < 40) {
    const word = random.of(tame ? TAME : WORDS)
    editor.do((tr) => tr.insertText(word))
    return `type ${JSON.stringify(word)}`
  }
  if (dice < 48) {
    editor.do((tr) => tr.deleteSelection())
    return "delete"
  }
  if (dice < 54) {
    // Copy and paste.
    const from = select(random, state.doc, 40)
    const slice = state.doc.slice(from.from, from.to)
    editor.do((tr) => tr.replaceSelection(slice))
    return "paste"
  }
  if (dice < 58) {
    const places: number[] = []
    state.doc.descendants((node, at) => {
      if (node.type === nodes.heading || node.type === nodes.ordered_list) places.push(at)
    })
    if (places.length === 0) return "nothing"
    const at = random.of(places)
    const heading = state.doc.nodeAt(at)!.type === nodes.heading
    editor.do((tr) => tr.setNodeAttribute(at, heading ? "level" : "order", 1 + random.below(6)))
    return "attribute"
  }
  const index = random.below(COMMANDS.length)
  const command = COMMANDS[index]!(random)
  return `command ${String(index)} ${String(editor.run(command))}`
}
