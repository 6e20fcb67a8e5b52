/** Marks of Markdown that become what they mean where a block begins with them; Backspace takes that back. */
import { schema } from "@snug/binding"
import { inputRules, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules"
import type { Plugin } from "prosemirror-state"

const { nodes } = schema

export function rules(): Plugin {
  return inputRules({
    rules: [
      textblockTypeInputRule(/^(#{1,3})\s$/, nodes.heading, (match) => ({ level: match[1]?.length ?? 1 })),
      wrappingInputRule(/^[-*]\s$/, nodes.bullet_list),
      // Only 1: "2026. " begins a date in some languages.
      wrappingInputRule(/^1\.\s$/, nodes.ordered_list),
    ],
  })
}
