/** How the three languages say things; that all of them say the same is seen by `tidy`. */
import { describe, expect, it } from "vitest"

type Messages = Record<string, unknown>
const files = import.meta.glob<Messages>("../../messages/*/*.json", { eager: true, import: "default" })

const areas = [...new Set(Object.keys(files).map((path) => path.replace(/^.*\//u, "")))]
const of = (language: string, area: string): Messages => files[`../../messages/${language}/${area}`] ?? {}

describe.each(areas)("%s", (area) => {
  it.each(["en", "de", "hu"])("has words everywhere in %s", (language) => {
    for (const [key, message] of Object.entries(of(language, area))) expect(message, key).not.toBe("")
  })
  it.each(["en", "de", "hu"])("keeps what people wrote from turning its own words around in %s", (language) => {
    for (const [key, message] of Object.entries(of(language, area))) {
      const bare = JSON.stringify(message).replaceAll(/\u2068\{[a-z]+\}\u2069/gu, "")
      expect(bare, key).not.toMatch(/\{(?:name|names|person|circle|title)\}/u)
    }
  })
  it.each(["en", "de", "hu"])("raises its voice nowhere in %s", (language) => {
    expect(JSON.stringify(of(language, area))).not.toMatch(/[\p{L}\p{N}»”’]\s?!|—/u)
  })
})
