/**
 * Places: ProseMirror's positions and the places in the flat body, both ways.
 *
 * The flat body counts each block's marker as one and each UTF-16 unit of text as one. The marker of a block stands
 * where the opening token of its textblock stands, so a place is "how many openings of textblocks and characters come
 * before": every stretch of the tree is a stretch of the flat body, and the other way round.
 *
 * A first block without a marker counts as if it had one; see `Body`.
 */
import type { Node } from "prosemirror-model"

/** How much of the flat body a node is; nodes are immutable and shared between documents, so it is counted once. */
const widths = new WeakMap<Node, number>()

export function width(node: Node): number {
  if (node.isText) return node.nodeSize
  if (node.isTextblock) return 1 + node.content.size
  const known = widths.get(node)
  if (known !== undefined) return known
  let sum = 0
  for (const child of node.children) sum += width(child)
  widths.set(node, sum)
  return sum
}

/** The place in the flat body of a position. */
export function placeOf(doc: Node, position: number): number {
  let node = doc
  let left = position
  let place = 0
  for (;;) {
    if (node.isTextblock) return place + 1 + Math.min(left, node.content.size)
    let inside: Node | null = null
    for (const child of node.children) {
      if (left <= 0) return place
      if (left < child.nodeSize) {
        inside = child
        break
      }
      left -= child.nodeSize
      place += width(child)
    }
    if (inside === null) return place
    node = inside
    left -= 1
  }
}

/** The position of a place; the place before a marker is the end of the block before it, places outside are brought inside. */
export function positionOf(doc: Node, place: number): number {
  let node = doc
  // Where the content of `node` begins, and how much of the flat body is left to go.
  let position = 0
  let left = Math.min(Math.max(place, 1), width(doc))
  for (;;) {
    if (node.isTextblock) return position + left - 1
    let inside: Node | null = null
    for (const child of node.children) {
      const wide = width(child)
      if (left <= wide) {
        inside = child
        break
      }
      left -= wide
      position += child.nodeSize
    }
    if (inside === null) return position
    node = inside
    position += 1
  }
}

/** The stretch of the flat body between two positions: characters, and `\0` for each marker. */
export function tokens(doc: Node, from: number, to: number): string {
  let out = ""
  doc.nodesBetween(from, to, (node, at) => {
    if (node.isTextblock && at >= from && at < to) out += "\0"
    if (node.isText) out += (node.text ?? "").slice(Math.max(0, from - at), to - at).replaceAll("\0", "\uFFFD")
  })
  return out
}
