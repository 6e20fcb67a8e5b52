/** What the keyboard and the toolbar do to a note. */
import { LIST_DEPTH, schema } from "@snug/binding"
import { setBlockType, toggleMark } from "prosemirror-commands"
import { liftListItem, sinkListItem, wrapRangeInList } from "prosemirror-schema-list"
import { type Command, type EditorState, Selection } from "prosemirror-state"
import type { Node, NodeType, ResolvedPos } from "prosemirror-model"

const { nodes, marks } = schema

export const bold: Command = toggleMark(marks.strong)
export const italic: Command = toggleMark(marks.em)
export const paragraph: Command = setBlockType(nodes.paragraph)

/** A heading; the same once more makes it a paragraph again. */
export function heading(level: number): Command {
  const make = setBlockType(nodes.heading, { level })
  return (state, dispatch, view) => make(state, dispatch, view) || (isHeading(state, level) && paragraph(state, dispatch, view))
}

function isHeading({ selection: { $from } }: EditorState, level: number): boolean {
  return $from.parent.type === nodes.heading && $from.parent.attrs.level === level
}

/** A heading that the caret stands at the beginning of becomes a paragraph. */
export const headingToParagraph: Command = (state, dispatch, view) => {
  const { $from, empty } = state.selection
  if (!empty || $from.parent.type !== nodes.heading || $from.parentOffset > 0) return false
  return paragraph(state, dispatch, view)
}

/** An item that the caret stands at the beginning of comes out of its list. */
export const itemOut: Command = (state, dispatch, view) => {
  const { $from, empty } = state.selection
  if (!empty || $from.parentOffset > 0 || $from.node(-1).type !== nodes.list_item) return false
  return liftListItem(nodes.list_item)(state, dispatch, view)
}

export const outdent: Command = liftListItem(nodes.list_item)

export const indent: Command = (state, dispatch, view) =>
  depthOfLists(state) < LIST_DEPTH && sinkListItem(nodes.list_item)(state, dispatch, view)

/** How many lists the deepest selected block stands in. */
function depthOfLists({ doc, selection: { from, to } }: EditorState): number {
  let deepest = 0
  doc.nodesBetween(from, to, (node, at) => {
    if (node.isTextblock) deepest = Math.max(deepest, listsAround(doc.resolve(at)))
  })
  return deepest
}

function listsAround(place: ResolvedPos): number {
  let found = 0
  for (let depth = place.depth; depth > 0; depth--) if (isList(place.node(depth))) found += 1
  return found
}

function isList({ type }: Node): boolean {
  return type === nodes.bullet_list || type === nodes.ordered_list
}

/** The list that all of the selection stands in, the innermost. */
export function listOf({ selection: { $from, to } }: EditorState): { type: NodeType; at: number } | null {
  for (let depth = $from.depth; depth > 0; depth--) {
    const node = $from.node(depth)
    if (isList(node) && to <= $from.end(depth)) return { type: node.type, at: $from.before(depth) }
  }
  return null
}

/** Makes the selected blocks a list, a list of another kind, or what they were before it. */
export function list(type: NodeType): Command {
  return (state, dispatch, view) => {
    const inside = listOf(state)
    if (inside?.type === type) return outdent(state, dispatch, view)
    const { tr } = state
    if (inside !== null) {
      tr.setNodeMarkup(inside.at, type)
    } else {
      const { $from, $to } = state.selection
      if (holds(state, nodes.literal)) return false
      tr.setBlockType($from.pos, $to.pos, nodes.paragraph)
      const range = tr.doc.resolve($from.pos).blockRange(tr.doc.resolve($to.pos))
      if (range === null || !wrapRangeInList(tr, range, type)) return false
    }
    dispatch?.(tr.scrollIntoView())
    return true
  }
}

function holds({ doc, selection: { from, to } }: EditorState, type: NodeType): boolean {
  let found = false
  doc.nodesBetween(from, to, (node) => {
    found ||= node.type === type
    return !found
  })
  return found
}

/** From the last line of a literal block at the end of the note, down into a new paragraph. */
export const belowLiteral: Command = (state, dispatch, view) => {
  const { $head, empty } = state.selection
  if (!empty || $head.parent.type !== nodes.literal || $head.after() !== state.doc.content.size) return false
  if (view !== undefined && !view.endOfTextblock("down")) return false
  const end = state.doc.content.size
  const tr = state.tr.insert(end, nodes.paragraph.create())
  dispatch?.(tr.setSelection(Selection.near(tr.doc.resolve(end + 1))).scrollIntoView())
  return true
}
