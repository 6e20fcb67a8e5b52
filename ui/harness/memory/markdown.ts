/** As much Markdown as the screens need: headings, lists, bold, italic, links. The core reads all of it. */
import type { Block, Run } from "@/lib/api/generated/views"

const INLINE = /\*\*(?<strong>.+?)\*\*|\*(?<em>.+?)\*|\[(?<words>[^\]]+)\]\((?<link>[^)\s]+)\)/gu

function runs(text: string): Run[] {
  const found: Run[] = []
  let at = 0
  for (const match of text.matchAll(INLINE)) {
    if (match.index > at) found.push({ text: text.slice(at, match.index) })
    const { strong, em, words, link } = match.groups ?? {}
    if (strong !== undefined) found.push({ text: strong, strong: true })
    else if (em !== undefined) found.push({ text: em, em: true })
    else if (words !== undefined && link !== undefined) found.push({ text: words, link })
    at = match.index + match[0].length
  }
  if (at < text.length) found.push({ text: text.slice(at) })
  return found
}

function block(line: string): Block {
  const heading = /^(#{1,6})\s+(.*)$/u.exec(line)
  if (heading) return { kind: "heading", level: heading[1]?.length ?? 1, runs: runs(heading[2] ?? "") }
  const item = /^(\s*)(?:[-*]|(\d+)\.)\s+(.*)$/u.exec(line)
  if (item) {
    const depth = Math.floor((item[1]?.length ?? 0) / 2)
    return { kind: "item", numbered: item[2] !== undefined, depth, runs: runs(item[3] ?? "") }
  }
  return { kind: "paragraph", runs: runs(line.trim()) }
}

export function read(markdown: string): Block[] {
  const blocks: Block[] = []
  let open = false
  for (const line of markdown.split("\n")) {
    if (line.trim() === "") {
      open = false
      continue
    }
    const next = block(line)
    const last = blocks.at(-1)
    if (open && next.kind === "paragraph" && last) last.runs.push({ text: " " }, ...next.runs)
    else blocks.push(next)
    open = next.kind === "paragraph"
  }
  return blocks
}

function inline(run: Run): string {
  if (run.link !== undefined) return `[${run.text}](${run.link})`
  if (run.strong) return `**${run.text}**`
  return run.em ? `*${run.text}*` : run.text
}

export function write(blocks: readonly Block[]): string {
  let markdown = ""
  let before: Block | undefined
  for (const block of blocks) {
    if (before) markdown += before.kind === "item" && block.kind === "item" ? "\n" : "\n\n"
    if (block.kind === "heading") markdown += `${"#".repeat(block.level)} `
    if (block.kind === "item") markdown += `${"  ".repeat(block.depth)}${block.numbered ? "1." : "-"} `
    markdown += block.runs.map(inline).join("")
    before = block
  }
  return markdown
}
