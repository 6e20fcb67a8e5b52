/** The keyboard in a note. Tab isn't here: it leaves the editor. */
import { redo, schema, undo } from "@snug/binding"
import {
  baseKeymap,
  chainCommands,
  deleteSelection,
  exitCode,
  joinBackward,
  liftEmptyBlock,
  newlineInCode,
  selectNodeBackward,
  splitBlock,
} from "prosemirror-commands"
import { undoInputRule } from "prosemirror-inputrules"
import { keymap } from "prosemirror-keymap"
import { splitListItem } from "prosemirror-schema-list"
import type { Command, Plugin } from "prosemirror-state"
import { belowLiteral, bold, heading, headingToParagraph, indent, italic, itemOut, list, outdent, paragraph } from "./commands"
import { leaveBy } from "./leave"

const { nodes } = schema

const enter = chainCommands(newlineInCode, splitListItem(nodes.list_item), liftEmptyBlock, splitBlock)
const backspace = chainCommands(
  undoInputRule,
  deleteSelection,
  headingToParagraph,
  itemOut,
  joinBackward,
  selectNodeBackward,
)

/** What the toolbar's tooltips show as well. */
export const SHORTCUTS = {
  bold: "Mod-b",
  italic: "Mod-i",
  undo: "Mod-z",
  redo: "Mod-Shift-z",
  bullets: "Mod-Shift-8",
  numbers: "Mod-Shift-7",
  paragraph: "Mod-Alt-0",
  heading: "Mod-Alt-1",
} as const

/** `toToolbar` moves the focus there. */
export function keys(toToolbar: () => void): Plugin[] {
  const toolbar: Command = () => {
    toToolbar()
    return true
  }
  return [
    keymap({
      [SHORTCUTS.bold]: bold,
      [SHORTCUTS.italic]: italic,
      [SHORTCUTS.undo]: undo,
      [SHORTCUTS.redo]: redo,
      "Mod-y": redo,
      [SHORTCUTS.bullets]: list(nodes.bullet_list),
      [SHORTCUTS.numbers]: list(nodes.ordered_list),
      [SHORTCUTS.paragraph]: paragraph,
      "Mod-Alt-1": heading(1),
      "Mod-Alt-2": heading(2),
      "Mod-Alt-3": heading(3),
      "Mod-]": indent,
      "Mod-[": outdent,
      Enter: enter,
      // There is no break inside a paragraph.
      "Shift-Enter": enter,
      "Mod-Enter": chainCommands(exitCode, enter),
      Backspace: backspace,
      "Shift-Backspace": backspace,
      ArrowDown: belowLiteral,
      "Alt-F10": toolbar,
      Tab: leaveBy(1),
      "Shift-Tab": leaveBy(-1),
    }),
    keymap(baseKeymap),
  ]
}
