/**
 * HTML from elsewhere, before the schema reads it: without anything that isn't text, and with line breaks and rows of
 * tables as blocks, since a note has no breaks inside a paragraph and no tables. It is parsed in a document of its own,
 * where nothing runs or is loaded.
 */

const NOT_TEXT =
  "script, style, template, iframe, frame, object, embed, svg, math, link, meta, base, title, head, noscript, form > input, " +
  "select, textarea, button, canvas, video, audio, picture, img, map"
/** Attributes that say what a text means; the schema checks the values. */
const KEPT = new Set(["href", "start", "class", "data-pm-slice"])
/** Declarations that say it: word processors write bold so. */
const BOLD = /font-weight\s*:\s*(bold(?:er)?|normal|[1-9]00)/i
const ITALIC = /font-style\s*:\s*(italic|normal)/i

/** What holds blocks, or words, or both. */
const BOXES = "div, section, article, main, header, footer, aside, nav, blockquote, figure, td, th, dd, dt"
const BLOCKS = `${BOXES}, p, h1, h2, h3, h4, h5, h6, ul, ol, li, pre, table, tbody, thead, tr, dl, hr, form, fieldset, details`
/** What stands between the cells of a row: screen readers and Markdown pass over a tab. */
const BETWEEN_CELLS = " | "

/** A long chapter out of a word processor, with a span around each of its words. */
export const ELEMENTS = 20_000

/** @throws RangeError where the HTML has more than `ELEMENTS` or as many lines. */
export function tidy(html: string): { html: string; length: number } {
  const { body } = new DOMParser().parseFromString(html, "text/html")
  bound(body.getElementsByTagName("*").length)
  for (const element of body.querySelectorAll(NOT_TEXT)) element.remove()
  for (const element of body.querySelectorAll("*")) bare(element)
  for (const pre of body.querySelectorAll("pre:not(.literal)")) asLines(pre)
  bound(body.getElementsByTagName("*").length)
  breakLines(body)
  // The innermost first: rows in a cell are paragraphs by then.
  for (const table of [...body.querySelectorAll("table")].reverse()) asRows(table)
  for (const box of [body, ...body.querySelectorAll(BOXES)]) wrapLoose(box)
  return { html: body.innerHTML, length: body.textContent.length }
}

function bound(elements: number): void {
  if (elements > ELEMENTS) throw new RangeError(`${elements} elements`)
}

function bare(element: Element): void {
  const style = element.getAttribute("style") ?? ""
  for (const { name } of [...element.attributes]) if (!KEPT.has(name)) element.removeAttribute(name)
  const kept = [BOLD.exec(style)?.[0], ITALIC.exec(style)?.[0]].filter((found) => found !== undefined)
  if (kept.length > 0) element.setAttribute("style", kept.join(";"))
}

/** A paragraph for each line. */
function asLines(pre: Element): void {
  const lines = pre.textContent.split(/\r\n?|\n/)
  bound(lines.length)
  pre.replaceWith(
    ...lines.map((line) => {
      const paragraph = pre.ownerDocument.createElement("p")
      paragraph.textContent = line
      return paragraph
    }),
  )
}

/** A block is cut where it breaks; in an item, which holds one paragraph, there is a space instead. */
function breakLines(body: Element): void {
  const broken = new Set<Element>()
  for (const br of body.querySelectorAll("br")) {
    const block = br.closest("p, div, h1, h2, h3, h4, h5, h6, blockquote, td, li, body")
    if (block === null || block.matches("body, td, li, blockquote") || block !== br.parentElement) br.replaceWith(" ")
    else broken.add(block)
  }
  for (const block of broken) cut(block)
}

/** A block for each line. Each child moves once: a page may break thousands of times in one paragraph. */
function cut(block: Element): void {
  let line = block.cloneNode(false)
  const lines = [line]
  for (const child of [...block.childNodes]) {
    if (child.nodeName === "BR") lines.push((line = block.cloneNode(false)))
    else line.appendChild(child)
  }
  block.replaceWith(...lines)
}

/** A paragraph for each row; where a table only lays out a page and its cells hold blocks, those blocks one after the other. */
function asRows(table: Element): void {
  const page = table.ownerDocument
  const blocks: Element[] = []
  for (const row of table.querySelectorAll("caption, tr")) {
    const cells = row.matches("caption") ? [row] : [...row.children]
    const lines = cells.map(lineIn)
    if (lines.every((line) => line !== null)) {
      if (row.textContent.trim() === "") continue
      const paragraph = page.createElement("p")
      lines.forEach((line, i) => {
        if (i > 0) paragraph.append(BETWEEN_CELLS)
        paragraph.append(...line.childNodes)
      })
      blocks.push(paragraph)
      continue
    }
    for (const cell of cells) {
      const box = page.createElement("div")
      box.append(...cell.childNodes)
      blocks.push(box)
    }
  }
  table.replaceWith(...blocks)
}

/** What holds the one line of a cell; null if the cell has several. */
function lineIn(cell: Element): Element | null {
  let box = cell
  for (;;) {
    if (box.querySelector(BLOCKS) === null) return box
    const [only, ...others] = [...box.childNodes].filter((child) => child.textContent?.trim() !== "")
    if (!(only instanceof Element) || others.length > 0 || !only.matches("p, div, h1, h2, h3, h4, h5, h6")) return null
    box = only
  }
}

/** Words beside blocks become paragraphs: their spaces would be lost. */
function wrapLoose(box: Element): void {
  if (![...box.children].some((child) => child.matches(BLOCKS))) return
  let paragraph: Element | null = null
  for (const child of [...box.childNodes]) {
    if (child instanceof Element && child.matches(BLOCKS)) {
      paragraph = null
      continue
    }
    if (paragraph === null && child.textContent?.trim() === "") continue
    paragraph ??= box.insertBefore(box.ownerDocument.createElement("p"), child)
    paragraph.appendChild(child)
  }
}
