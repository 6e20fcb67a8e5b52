// What axe finds wrong with what a window shows, in the themes that it can have.

import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import type { AxeResults } from "axe-core"
import type { Window } from "./window"

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

const THEMES = ["light", "dark"] as const

/** Every violation in both themes, in a line each. */
export async function violations(window: Window): Promise<readonly string[]> {
  if ((await window.session.run("return typeof axe")) !== "object") await window.session.run(AXE)
  const before = await window.session.run("return document.documentElement.dataset.theme ?? null")
  const found: string[] = []
  for (const theme of THEMES) {
    await wear(window, theme)
    const { violations } = (await window.session.runAsync(
      `return await axe.run(document, { resultTypes: ["violations"], runOnly: arguments[0] })`,
      RULES,
    )) as AxeResults
    for (const { id, help, nodes } of violations) {
      for (const node of nodes) found.push(`${theme}: ${id} (${help}): ${node.html} ${node.failureSummary ?? ""}`)
    }
  }
  await wear(window, before as string | null)
  return found
}

/** Puts the page into a theme, without the fades that a change brings. */
async function wear(window: Window, theme: string | null): Promise<void> {
  await window.session.runAsync(
    `if (arguments[0] === null) delete document.documentElement.dataset.theme
     else document.documentElement.dataset.theme = arguments[0]
     for (const fade of document.getAnimations()) fade.finish()
     await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))`,
    theme,
  )
}
