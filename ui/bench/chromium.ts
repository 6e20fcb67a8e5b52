// Pages in Chromium, where there is one.

import { chromium } from "playwright-core"
import { findChromium } from "../harness/tests/chromium"
import type { Engine } from "./place"

export function inChromium(): Engine | undefined {
  const executablePath = findChromium()
  if (executablePath === null) return undefined
  return {
    name: "Chromium",
    visit: async (address, doing) => {
      const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] })
      try {
        const page = await browser.newPage({ viewport: { width: 1280, height: 860 } })
        await page.goto(address)
        return await doing({
          run: (ask, ...args) => page.evaluate(`(${ask.toString()})(...${JSON.stringify(args)})`),
          type: (key) => page.keyboard.press(key),
        })
      } finally {
        await browser.close()
      }
    },
  }
}
