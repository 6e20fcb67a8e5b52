import { expect, test, vi } from "vitest"
import { tidy } from "./tidy"

/** How many nodes are moved while HTML is tidied. */
function moves(html: string): number {
  let moved = 0
  const counted = [vi.spyOn(Node.prototype, "appendChild"), vi.spyOn(Node.prototype, "insertBefore")]
  const several = [vi.spyOn(Element.prototype, "append"), vi.spyOn(Element.prototype, "after"), vi.spyOn(Element.prototype, "replaceWith")]
  tidy(html)
  for (const spy of counted) moved += spy.mock.calls.length
  for (const spy of several) for (const nodes of spy.mock.calls) moved += nodes.length
  for (const spy of [...counted, ...several]) spy.mockRestore()
  return moved
}

test.each([
  ["breaks in a paragraph", (n: number) => `<p>${"a<br>".repeat(n)}</p>`],
  ["cells in a row", (n: number) => `<table><tr>${"<td>a".repeat(n)}</table>`],
  ["cells that hold blocks", (n: number) => `<table><tr>${"<td><p>a<p>b".repeat(n)}</table>`],
  ["lines of code", (n: number) => `<pre>${"a\n".repeat(n)}</pre>`],
  ["words beside blocks", (n: number) => `<div>${"<i>a</i><p>b</p>".repeat(n)}</div>`],
])("a pasted page takes four times as long where it has four times as many %s", (_, page) => {
  const [few, many] = [moves(page(50)), moves(page(200))]
  expect(few).toBeGreaterThanOrEqual(50)
  expect(many / few).toBeLessThan(4.5)
})
