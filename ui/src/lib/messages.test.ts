/** The three languages say the same things. */
import { describe, expect, it } from "vitest"

type Messages = Record<string, unknown>
const files = import.meta.glob<Messages>("../../messages/*/*.json", { eager: true, import: "default" })

const areas = [...new Set(Object.keys(files).map((path) => path.replace(/^.*\//u, "")))]
const of = (language: string, area: string): Messages => files[`../../messages/${language}/${area}`] ?? {}

/** What is filled in, as it stands in a text: `{name}`. */
function places(message: unknown): string[] {
  return [...new Set(JSON.stringify(message).match(/\{[a-z_]+\}/giu) ?? [])].sort()
}

describe.each(areas)("%s", (area) => {
  const english = of("en", area)
  it.each(["de", "hu"])("is whole in %s", (language) => {
    expect(Object.keys(of(language, area)).sort()).toEqual(Object.keys(english).sort())
  })
  it.each(["en", "de", "hu"])("has words everywhere in %s, and fills in nothing that isn’t given", (language) => {
    for (const [key, message] of Object.entries(of(language, area))) {
      expect(message, key).not.toBe("")
      // It may leave something out: "one laptop", or a name that the title has said.
      expect(places(english[key]), key).toEqual(expect.arrayContaining(places(message)))
    }
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
