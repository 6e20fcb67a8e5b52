/** What the toolbar shows of where the caret stands. */
import { schema } from "@snug/binding"
import type { MarkType } from "prosemirror-model"
import { redoDepth, undoDepth } from "prosemirror-history"
import type { EditorState } from "prosemirror-state"
import { listOf } from "./commands"
import { linkAt } from "./links"

const { nodes, marks } = schema

/** What a block is called in the toolbar. */
export type BlockName = "paragraph" | "heading" | "literal"

export interface Active {
  readonly block: BlockName
  readonly level: number | null
  readonly bold: boolean
  readonly italic: boolean
  readonly list: "bullets" | "numbers" | null
  readonly link: string | null
  readonly canUndo: boolean
  readonly canRedo: boolean
}

export const NOTHING: Active = {
  block: "paragraph",
  level: null,
  bold: false,
  italic: false,
  list: null,
  link: null,
  canUndo: false,
  canRedo: false,
}

export function active(state: EditorState): Active {
  const { parent } = state.selection.$from
  const list = listOf(state)?.type
  return {
    block: parent.type === nodes.heading ? "heading" : parent.type === nodes.literal ? "literal" : "paragraph",
    level: parent.type === nodes.heading ? Number(parent.attrs.level) : null,
    bold: has(state, marks.strong),
    italic: has(state, marks.em),
    list: list === undefined ? null : list === nodes.bullet_list ? "bullets" : "numbers",
    link: linkAt(state),
    canUndo: undoDepth(state) > 0,
    canRedo: redoDepth(state) > 0,
  }
}

/** As typing would be, or as some of the selection is. */
function has({ doc, selection: { $from, from, to, empty }, storedMarks }: EditorState, type: MarkType): boolean {
  if (empty) return type.isInSet(storedMarks ?? $from.marks()) !== undefined
  return doc.rangeHasMark(from, to, type)
}
