// What a key costs, in a short note and in one of 50,000 characters: `npm run bench FILE`, on an idle machine, please. Rows are
// printed, and put beside those that are in the file.
//
// Snug's editor stands beside ProseMirror without a binding, and beside Automerge's own binding; in one page, in Chromium and
// in WebKitGTK, in turns. Then Snug's own window.

import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { inChromium } from "./chromium"
import { type Who, editors, serve, typeAt } from "./editors"
import type { Costs } from "./keys"
import type { Engine } from "./place"
import { type Row, row, words } from "./row"
import { inWebKit } from "./webkit"
import { typeInWindow } from "./window"

const SIZES = [1_000, 50_000] as const
/** Turns of each editor. */
const ROUNDS = 2
const BESIDE = { bare: "ProseMirror without a binding", upstream: "@automerge/prosemirror" } as const

export async function main(file?: string): Promise<void> {
  const rows: Row[] = []
  const tell = (one: Row): void => {
    console.log(`measured: ${words(one)}`)
    rows.push(one)
  }
  if (!editors.includes("upstream")) console.log("skipped: @automerge/prosemirror isn't installed in benches/upstream")
  const page = await serve()
  try {
    for (const [name, engine] of Object.entries({ Chromium: inChromium(), MiniBrowser: inWebKit() })) {
      if (engine === undefined) console.log(`skipped: there is no ${name} here`)
      else for (const size of SIZES) for (const one of await compare(engine, page.address, size)) tell(one)
    }
  } finally {
    await page.end()
  }
  const [short, long] = await typeInWindow(SIZES)
  tell(row(`key to frame in Snug's window, ${SIZES[1]} characters`, [long!], `${SIZES[0]} characters`, [short!]))
  if (file === undefined) return
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as unknown[]) : []
  writeFileSync(file, JSON.stringify([...before, ...rows], null, 2))
}

async function compare(engine: Engine, address: string, characters: number): Promise<readonly Row[]> {
  const costs = new Map<Who, Costs[]>(editors.map((who) => [who, []]))
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [who, all] of costs) all.push(await typeAt(engine, address, who, characters))
  }
  const what = `key to frame in ${engine.name}, ${characters} characters`
  const others = editors.filter((who) => who !== "snug")
  return others.map((who) => row(what, costs.get("snug")!, BESIDE[who], costs.get(who)!))
}
