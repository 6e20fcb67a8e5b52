/** What axe finds wrong with what a page shows. */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import type { AxeResults } from "axe-core"
import type { Page } from "playwright-core"

/** To be in a page from its beginning, where the content policy lets nothing else in. */
export const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

/** Every violation, in a line each. */
export function violations(page: Page): Promise<string[]> {
  return run(page, { runOnly: RULES })
}

/** Only what depends on the theme. */
export function contrastFaults(page: Page): Promise<string[]> {
  return run(page, { runOnly: { type: "rule", values: ["color-contrast"] } })
}

async function run(page: Page, how: object): Promise<string[]> {
  const { violations: found } = await page.evaluate(
    (options) =>
      (window as unknown as { axe: { run(what: Document, how: object): Promise<AxeResults> } }).axe.run(document, options),
    { resultTypes: ["violations"], ...how },
  )
  // Menus and the like are drawn at the end of the page, outside of its landmarks; they are reached from their button.
  const isAside = (id: string, html: string): boolean => id === "region" && html.includes("data-bits-floating")
  return found.flatMap(({ id, help, nodes }) =>
    nodes.filter(({ html }) => !isAside(id, html)).map((node) => `${id} (${help}): ${node.html} · ${(node.failureSummary ?? "").replaceAll(/\s+/g, " ")}`),
  )
}
