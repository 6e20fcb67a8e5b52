/** What block markers and marks say in Automerge, as the core reads and writes them. */
import * as Automerge from "@automerge/automerge/slim"
import { type Kind, type Marks, PARAGRAPH, PLAIN } from "./flat.js"
import { href } from "./href.js"

export type MarkName = "strong" | "em" | "link" | "markdown"

/** Bold and italic go on where one types at their end; links and literal Markdown don't. */
export const EXPAND: Record<MarkName, "after" | "none"> = { strong: "after", em: "after", link: "none", markdown: "none" }

/** The keys of a marker that this version writes. */
export const KEYS = ["type", "level", "depth", "begins"] as const

/** What a marker makes of its block; `typeOf` tells the type of the value under a key. */
export function kindOf(marker: Record<string, unknown>, typeOf: (key: string) => string | undefined): Kind {
  const number = (key: string): number | null => {
    const value = marker[key]
    if (typeof value === "bigint") return value < 0n ? 0 : Number(value)
    // A float of a whole value looks like an integer by now.
    if (typeof value !== "number" || !Number.isInteger(value) || typeOf(key) !== "int") return null
    return Math.max(value, 0)
  }
  const item = (numbered: boolean): Kind => ({
    type: "item",
    numbered,
    depth: number("depth") ?? 0,
    begins: number("begins"),
  })
  switch (textOf(marker.type)) {
    case "heading":
      return { type: "heading", level: number("level") ?? 1 }
    case "unordered-list-item":
      return item(false)
    case "ordered-list-item":
      return item(true)
    case "markdown":
      return { type: "literal" }
    default:
      return PARAGRAPH
  }
}

/** What a marker says, key by key in the order of {@link KEYS}. */
export function words(kind: Kind): [string, number | null, number | null, number | null] {
  switch (kind.type) {
    case "paragraph":
      return ["paragraph", null, null, null]
    case "heading":
      return ["heading", kind.level, null, null]
    case "item": {
      const name = kind.numbered ? "ordered-list-item" : "unordered-list-item"
      return [name, null, kind.depth === 0 ? null : kind.depth, kind.begins]
    }
    case "literal":
      return ["markdown", null, null, null]
  }
}

/** The marks that a set of Automerge's makes. */
export function marksOf(set: Record<string, unknown> | undefined): Marks {
  if (set === undefined) return PLAIN
  return {
    strong: set.strong === true,
    em: set.em === true,
    link: href(textOf(set.link)),
    literal: set.markdown === true,
  }
}

function textOf(value: unknown): string | null {
  if (typeof value === "string") return value
  return Automerge.isImmutableString(value) ? value.val : null
}
