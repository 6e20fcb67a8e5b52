/** A body as lines that a person and the core can read: what the block is, and its text with its marks. */
import type { Node } from "prosemirror-model"
import type { Block, Run } from "../src/flat.js"
import { blocksOf } from "../src/tree.js"

export function plain(doc: Node): string {
  return plainBlocks(blocksOf(doc))
}

/** A line for each block; a body of one empty paragraph is empty. */
export function plainBlocks(blocks: readonly Block[]): string {
  const [first, ...others] = blocks
  if (others.length === 0 && first?.kind.type === "paragraph" && first.runs.length === 0) return ""
  return blocks.map((block) => `${[head(block), block.runs.map(run).join("")].join(" ").trimEnd()}\n`).join("")
}

function head({ kind }: Block): string {
  switch (kind.type) {
    case "paragraph":
      return "p"
    case "heading":
      return `h${String(kind.level)}`
    case "literal":
      return "literal"
    case "item": {
      const begins = kind.begins === null ? "" : ` from ${String(kind.begins)}`
      return `${kind.numbered ? "number" : "bullet"} ${String(kind.depth)}${begins}`
    }
  }
}

/** Text as JSON writes it, between the names of its marks. */
function run({ text, marks }: Run): string {
  const names = [marks.strong ? "strong" : "", marks.em ? "em" : "", marks.literal ? "literal" : ""].filter((n) => n !== "")
  if (marks.link !== null) names.push(`link ${JSON.stringify(marks.link)}`)
  return `[${names.join(" ")}${names.length > 0 ? " " : ""}${JSON.stringify(text)}]`
}
