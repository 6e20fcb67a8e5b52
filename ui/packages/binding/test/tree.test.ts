import { describe, expect, test } from "vitest"
import { type Block, type Kind, PLAIN, formed } from "../src/flat.js"
import { placeOf, positionOf, tokens, width } from "../src/place.js"
import { blocksOf, kindsOf, knownIn, treeOf } from "../src/tree.js"
import { plainBlocks } from "./plain.js"
import { Random } from "./random.js"

const item = (numbered: boolean, depth: number, begins: number | null = null): Kind => ({ type: "item", numbered, depth, begins })
const block = (kind: Kind, text = "x"): Block => ({ kind, runs: text === "" ? [] : [{ text, marks: PLAIN }] })

/** Blocks of any kind, far out of form. */
function anyBlocks(random: Random): Block[] {
  const kinds: (() => Kind)[] = [
    () => ({ type: "paragraph" }),
    () => ({ type: "literal" }),
    () => ({ type: "heading", level: random.below(300) }),
    () => item(random.below(2) === 0, random.below(3), random.of([null, null, 0, 1, 1, 7, 4_294_967_295])),
    () => item(random.below(2) === 0, random.below(12), random.of([null, null, 0, 1, 7])),
    () => item(true, random.of([1, 255]), null),
  ]
  const marks = [PLAIN, { ...PLAIN, strong: true }, { ...PLAIN, em: true, link: "https://a.b" }, { ...PLAIN, literal: true }]
  return Array.from({ length: random.below(14) }, () => ({
    kind: random.of(kinds)(),
    runs: Array.from({ length: random.below(4) }, () => ({
      text: random.of(["", "a", "bc ", "👩‍👧", "\0", "\ud83d", "\n"]),
      marks: random.of(marks),
    })),
  }))
}

const many = Array.from({ length: 500 }, (_, seed) => anyBlocks(new Random(seed)))

describe("the tree", () => {
  test("is made of any blocks, is valid, and stands for those blocks in their form", () => {
    for (const blocks of many) {
      const doc = treeOf(blocks)
      doc.check()
      const form = formed(blocks)
      expect(plainBlocks(blocksOf(doc))).toBe(plainBlocks(form))
      expect(formed(form)).toEqual(form)
    }
  })

  test("takes the textblocks that it can from an earlier one", () => {
    const before = treeOf([block({ type: "paragraph" }, "a"), block({ type: "heading", level: 2 }, "b")])
    const now = treeOf([block({ type: "heading", level: 2 }, "b"), block(item(false, 0), "a")], knownIn(before))
    expect(now.child(0)).toBe(before.child(1))
    expect(now.child(1).child(0).child(0)).toBe(before.child(0))
  })

  test("keeps neighbouring lists apart where one says that it begins", () => {
    const doc = treeOf([block(item(false, 0)), block(item(false, 0, 1)), block(item(true, 0, 5)), block(item(true, 0)), block(item(true, 0, 1))])
    expect(doc.toString()).toBe(
      'doc(bullet_list(list_item(paragraph("x"))), bullet_list(list_item(paragraph("x"))), ' +
        'ordered_list(list_item(paragraph("x")), list_item(paragraph("x"))), ordered_list(list_item(paragraph("x"))))',
    )
    expect(doc.child(2).attrs.order).toBe(5)
    expect(kindsOf(doc)).toEqual([item(false, 0), item(false, 0, 1), item(true, 0, 5), item(true, 0), item(true, 0, 1)])
  })

  test("nests no item without one to stand in", () => {
    const doc = treeOf([block(item(false, 7), "a"), block(item(false, 7), "b"), block(item(true, 0), "c")])
    expect(doc.toString()).toBe(
      'doc(bullet_list(list_item(paragraph("a"), bullet_list(list_item(paragraph("b"))))), ordered_list(list_item(paragraph("c"))))',
    )
  })
})

describe("places", () => {
  test("of every position in text lead back to it", () => {
    for (const blocks of many) {
      const doc = treeOf(blocks)
      const places: number[] = []
      doc.descendants((node, at) => {
        if (!node.isTextblock) return true
        for (let p = at + 1; p <= at + 1 + node.content.size; p++) {
          expect(positionOf(doc, placeOf(doc, p))).toBe(p)
          places.push(placeOf(doc, p))
        }
        return false
      })
      // Every place but that before the first marker is one position.
      expect(places).toEqual(Array.from({ length: width(doc) }, (_, i) => i + 1))
      expect(positionOf(doc, -5)).toBe(positionOf(doc, 1))
      expect(positionOf(doc, 1e9)).toBe(positionOf(doc, width(doc)))
    }
  })

  test("of any two positions hold what is between them", () => {
    for (const blocks of many.slice(0, 60)) {
      const doc = treeOf(blocks)
      const all = tokens(doc, 0, doc.content.size)
      expect(all.length).toBe(width(doc))
      for (let from = 0; from <= doc.content.size; from += 3) {
        for (let to = from; to <= doc.content.size; to += 5) {
          expect(tokens(doc, from, to)).toBe(all.slice(placeOf(doc, from), placeOf(doc, to)))
        }
      }
    }
  })
})
