/** The words of the interface, in each of its languages: tests find things by what they are called. */
import type { Language } from "@/lib/api/generated/preferences"
import { readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"

const MESSAGES = join(import.meta.dirname, "../../messages")

type Variants = readonly { match: Readonly<Record<string, string>> }[]
type Message = string | Variants

export const LANGUAGES = ["en", "de", "hu"] as const satisfies readonly Language[]

const books = new Map(LANGUAGES.map((language) => [language, read(language)]))

function read(language: Language): ReadonlyMap<string, Message> {
  const folder = join(MESSAGES, language)
  const areas = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Record<string, Message>)
  return new Map(areas.flatMap((area) => Object.entries(area)))
}

/** A message by its key, with its gaps filled; of one that counts, the words for `count`. */
export function words(language: Language, key: string, gaps: Readonly<Record<string, string | number>> = {}): string {
  const message = books.get(language)?.get(key)
  if (message === undefined) throw new Error(`no message is called ${key} in ${language}`)
  const text = typeof message === "string" ? message : variant(language, message, Number(gaps.count))
  return text.replaceAll(/\{(\w+)\}/g, (gap, name: string) => String(gaps[name] ?? gap))
}

function variant(language: Language, variants: Variants, count: number): string {
  const match = variants[0]?.match ?? {}
  const found = match[`count=${count}`] ?? match[`count=${new Intl.PluralRules(language).select(count)}`] ?? match["count=other"] ?? match["count=*"]
  if (found === undefined) throw new Error(`no variant for ${count} in ${JSON.stringify(match)}`)
  return found
}

/** The keys of an area's messages. */
export function keysOf(area: string): string[] {
  return Object.keys(JSON.parse(readFileSync(join(MESSAGES, "en", `${area}.json`), "utf8")) as Record<string, Message>)
}
