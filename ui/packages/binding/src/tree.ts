/**
 * The tree that the editor shows, derived from the flat body, and the flat body that a tree stands for.
 *
 * ```text
 * blocks ──treeOf──▶ doc ──kindsOf, runsOf──▶ the same blocks
 * ```
 *
 * Both are total: `treeOf` takes blocks in their form ({@link formed}), where an item is never more than one deeper
 * than what stands before it, so there is always an item for a list to stand in.
 */
import { Fragment, Mark, type Node } from "prosemirror-model"
import { type Block, Form, type Kind, LIST_NUMBER, type Marks, PLAIN, type Run, formed, merged, sameMarks } from "./flat.js"
import { href } from "./href.js"
import { schema } from "./schema.js"

const { nodes, marks } = schema

interface OpenItem {
  readonly children: Node[]
}

interface OpenList {
  readonly numbered: boolean
  readonly order: number
  readonly items: OpenItem[]
}

/** Textblocks of an earlier tree, so that what didn't change stays the same node. */
export type Known = ReadonlyMap<string, Node>

/** The tree of any blocks. */
export function treeOf(blocks: readonly Block[], known?: Known): Node {
  const top: Node[] = []
  const open: OpenList[] = []

  const close = (depth: number): void => {
    while (open.length > depth) {
      const list = open.pop()
      if (list === undefined) return
      const items = list.items.map((item) => nodes.list_item.create(null, item.children))
      const node = list.numbered
        ? nodes.ordered_list.create({ order: list.order }, items)
        : nodes.bullet_list.create(null, items)
      const into = open.at(-1)?.items.at(-1)?.children ?? top
      into.push(node)
    }
  }

  for (const { kind, runs } of formed(blocks)) {
    const textblock = textblockOf(kind, runs, known)
    if (kind.type !== "item") {
      close(0)
      top.push(textblock)
      continue
    }
    close(kind.depth + 1)
    const goesOn = open[kind.depth]
    if (goesOn?.numbered === kind.numbered && kind.begins === null) {
      goesOn.items.push({ children: [textblock] })
    } else {
      close(kind.depth)
      open.push({ numbered: kind.numbered, order: kind.begins ?? 1, items: [{ children: [textblock] }] })
    }
  }
  close(0)
  if (top.length === 0) top.push(nodes.paragraph.create())
  return nodes.doc.create(null, top)
}

function textblockOf(kind: Kind, runs: readonly Run[], known?: Known): Node {
  const before = known?.get(signature(kind, runs))
  if (before !== undefined) return before
  const content = Fragment.from(runs.map((run) => schema.text(run.text, marksInTree(run.marks))))
  switch (kind.type) {
    case "heading":
      return nodes.heading.create({ level: kind.level }, content)
    case "literal":
      return nodes.literal.create(null, content)
    default:
      return nodes.paragraph.create(null, content)
  }
}

function marksInTree(set: Marks): readonly Mark[] {
  let found: readonly Mark[] = []
  if (set.link !== null) found = marks.link.create({ href: set.link }).addToSet(found)
  if (set.strong) found = marks.strong.create().addToSet(found)
  if (set.em) found = marks.em.create().addToSet(found)
  if (set.literal) found = marks.literal_text.create().addToSet(found)
  return found
}

/** A textblock in a string: equal strings are equal nodes. */
function signature(kind: Kind, runs: readonly Run[]): string {
  const name = kind.type === "heading" ? kind.level : kind.type === "literal" ? 7 : 0
  return JSON.stringify([name, ...runs.map((r) => [r.text, r.marks.strong, r.marks.em, r.marks.link, r.marks.literal])])
}

/** The textblocks of a tree, for {@link treeOf} to take again. */
export function knownIn(doc: Node): Known {
  const known = new Map<string, Node>()
  doc.descendants((node) => {
    if (!node.isTextblock) return true
    const runs = runsOf(node)
    if (isInForm(node, runs)) known.set(signature(looksLike(node), runs), node)
    return false
  })
  return known
}

/** True if the runs are all that the node holds: the editor can hold what Automerge can't. */
function isInForm(textblock: Node, runs: readonly Run[]): boolean {
  return (
    textblock.childCount === runs.length &&
    runs.every(({ text, marks: set }, i) => {
      const child = textblock.child(i)
      return child.text === text && Mark.sameSet(child.marks, marksInTree(set))
    })
  )
}

function looksLike(textblock: Node): Kind {
  if (textblock.type === nodes.heading) return { type: "heading", level: wholeNumber(textblock.attrs.level, 1) }
  return textblock.type === nodes.literal ? { type: "literal" } : { type: "paragraph" }
}

/** What the blocks of a tree are, in form. */
export function kindsOf(doc: Node): Kind[] {
  const form = new Form()
  const kinds: Kind[] = []
  const add = (kind: Kind, textblock: Node): void => {
    kinds.push(form.next(kind, textblock.content.size === 0))
  }
  const list = (node: Node, depth: number, begins: number | null): void => {
    const numbered = node.type === nodes.ordered_list
    let first = begins
    for (const item of node.children) {
      let before: Node | null = null
      for (const child of item.children) {
        if (child.isTextblock) add({ type: "item", numbered, depth, begins: first }, child)
        else list(child, depth + 1, beginsAfter(before, child))
        first = null
        before = child
      }
    }
  }
  let before: Node | null = null
  for (const node of doc.children) {
    if (node.isTextblock) add(looksLike(node), node)
    else list(node, 0, beginsAfter(before, node))
    before = node
  }
  return kinds
}

/** What the first item of a list must say for its list to begin there, with its number. */
function beginsAfter(before: Node | null, list: Node): number | null {
  const order = list.type === nodes.ordered_list ? Math.min(wholeNumber(list.attrs.order, 1), LIST_NUMBER) : 1
  return before?.type === list.type || order !== 1 ? order : null
}

function wholeNumber(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : otherwise
}

const runsByNode = new WeakMap<Node, readonly Run[]>()

/** The text of a textblock in runs. */
export function runsOf(textblock: Node): readonly Run[] {
  const known = runsByNode.get(textblock)
  if (known !== undefined) return known
  const plain = textblock.type === nodes.literal
  const runs = merged(
    textblock.children.map((text) => ({ text: text.text ?? "", marks: plain ? PLAIN : marksOf(text.marks) })),
  )
  runsByNode.set(textblock, runs)
  return runs
}

/** The marks of a node in the tree. */
export function marksOf(set: readonly Mark[]): Marks {
  let found = PLAIN
  for (const mark of set) {
    if (mark.type === marks.link) found = { ...found, link: href(mark.attrs.href) }
    else if (mark.type === marks.strong) found = { ...found, strong: true }
    else if (mark.type === marks.em) found = { ...found, em: true }
    else if (mark.type === marks.literal_text) found = { ...found, literal: true }
  }
  return sameMarks(found, PLAIN) ? PLAIN : found
}

/** The blocks that a tree stands for. */
export function blocksOf(doc: Node): Block[] {
  const kinds = kindsOf(doc)
  const blocks: Block[] = []
  doc.descendants((node) => {
    if (!node.isTextblock) return true
    const kind = kinds[blocks.length]
    if (kind !== undefined) blocks.push({ kind, runs: runsOf(node) })
    return false
  })
  return blocks
}
