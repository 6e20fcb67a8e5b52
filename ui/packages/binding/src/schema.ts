/**
 * What a note's body is in the editor.
 *
 * An item holds one paragraph and then lists, so that every block of the flat body is one textblock of the tree and
 * the other way round.
 */
import { Schema } from "prosemirror-model"
import { href } from "./href.js"

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: {
      group: "block",
      content: "text*",
      parseDOM: [{ tag: "p" }],
      toDOM: () => ["p", 0],
    },
    heading: {
      group: "block",
      content: "text*",
      attrs: { level: { default: 1, validate: "number" } },
      defining: true,
      parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${String(level)}`, attrs: { level } })),
      toDOM: (node) => [`h${String(node.attrs.level)}`, 0],
    },
    /** Markdown that Snug has no block for yet, as it was written. */
    literal: {
      group: "block",
      content: "text*",
      marks: "",
      code: true,
      defining: true,
      parseDOM: [{ tag: "pre", preserveWhitespace: "full" }],
      toDOM: () => ["pre", { class: "literal" }, 0],
    },
    bullet_list: {
      group: "block list",
      content: "list_item+",
      parseDOM: [{ tag: "ul" }],
      toDOM: () => ["ul", 0],
    },
    ordered_list: {
      group: "block list",
      content: "list_item+",
      attrs: { order: { default: 1, validate: "number" } },
      parseDOM: [{ tag: "ol", getAttrs: (dom) => ({ order: start(dom.getAttribute("start")) }) }],
      toDOM: (node) => (node.attrs.order === 1 ? ["ol", 0] : ["ol", { start: String(node.attrs.order) }, 0]),
    },
    list_item: {
      content: "paragraph list*",
      defining: true,
      parseDOM: [{ tag: "li" }],
      toDOM: () => ["li", 0],
    },
    text: {},
  },
  marks: {
    link: {
      attrs: { href: { validate: "string" } },
      inclusive: false,
      parseDOM: [
        {
          tag: "a[href]",
          getAttrs: (dom) => {
            const target = href(dom.getAttribute("href"))
            return target === null ? false : { href: target }
          },
        },
      ],
      // Where a link leads is opened by the shell, never by the page.
      toDOM: (mark) => ["a", { href: href(mark.attrs.href) ?? "", rel: "noopener noreferrer" }, 0],
    },
    strong: {
      parseDOM: [
        { tag: "strong" },
        { tag: "b", getAttrs: (dom) => (dom.style.fontWeight === "normal" ? false : null) },
        { style: "font-weight=400", clearMark: (mark) => mark.type.name === "strong" },
        { style: "font-weight", getAttrs: (value) => (/^(bold(er)?|[5-9]\d{2,})$/.test(value) ? null : false) },
      ],
      toDOM: () => ["strong", 0],
    },
    em: {
      parseDOM: [
        { tag: "em" },
        { tag: "i", getAttrs: (dom) => (dom.style.fontStyle === "normal" ? false : null) },
        { style: "font-style=italic" },
        { style: "font-style=normal", clearMark: (mark) => mark.type.name === "em" },
      ],
      toDOM: () => ["em", 0],
    },
    /** Inline Markdown that Snug has no mark for yet, as it was written. */
    literal_text: {
      inclusive: false,
      parseDOM: [{ tag: "code" }],
      toDOM: () => ["code", { class: "literal" }, 0],
    },
  },
})

function start(value: string | null): number {
  const order = value === null || value === "" ? 1 : Number(value)
  return Number.isInteger(order) && order >= 0 ? order : 1
}
