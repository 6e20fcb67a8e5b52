/**
 * A day or a time in its parts, each typed or turned on its own:
 *
 *     "2026-12-03" ─▶ partsOf ─▶ { year, month, day } ─▶ written ─▶ "2026-12-03"
 *                                   │      ▲
 *                                   ▼ key  │
 *                                  pressed ┘    and whether to go on to the next part
 *
 * Parts that are missing leave a gap, as in `2026--03`; with none there, it is empty. Hours are counted from 0 to 23, as
 * every language that Snug speaks writes them.
 */
export type Part = "year" | "month" | "day" | "hour" | "minute"
export type Kind = "day" | "time"
export type Parts = Partial<Record<Part, number | null>>

/** What is shown in a row: a part, or what stands between two. */
export type Piece = { readonly part: Part } | { readonly between: string }

/** A part as it is being typed: what it holds, and the digits that aren't all there yet. */
export interface Held {
  readonly value: number | null
  readonly typed: string
}

interface Pressed extends Held {
  /** To the part before, to the one after, or nowhere. */
  readonly step: -1 | 0 | 1
}

const KINDS: Record<Kind, { readonly order: readonly Part[]; readonly between: string }> = {
  day: { order: ["year", "month", "day"], between: "-" },
  time: { order: ["hour", "minute"], between: ":" },
}

/** `leap` is the step of the large keys. */
export const BOUNDS: Readonly<Record<Part, { least: number; most: number; digits: number; leap: number }>> = {
  year: { least: 1, most: 9999, digits: 4, leap: 10 },
  month: { least: 1, most: 12, digits: 2, leap: 3 },
  day: { least: 1, most: 31, digits: 2, leap: 7 },
  hour: { least: 0, most: 23, digits: 2, leap: 6 },
  minute: { least: 0, most: 59, digits: 2, leap: 15 },
}

const SHORT_YEAR = 2
const CENTURY = 2000
const SEPARATORS = [".", "/", "-", ":", ",", " "]

/** The parts in the order of a language, with what it writes between them. */
export function layout(kind: Kind, locale: string): readonly Piece[] {
  const two = "2-digit"
  const wish: Intl.DateTimeFormatOptions =
    kind === "day" ? { year: "numeric", month: two, day: two } : { hour: two, minute: two, hourCycle: "h23" }
  const { order } = KINDS[kind]
  return new Intl.DateTimeFormat(locale, wish).formatToParts(0).map(({ type, value }) => {
    const part = order.find((known) => known === type)
    return part === undefined ? { between: value } : { part }
  })
}

export function partsOf(kind: Kind, value: string): Parts {
  const { order, between } = KINDS[kind]
  const texts = value.split(between)
  return Object.fromEntries(order.map((part, at) => [part, texts[at] ? Number(texts[at]) : null]))
}

export function written(kind: Kind, parts: Parts): string {
  const { order, between } = KINDS[kind]
  const texts = order.map((part) => padded(part, parts[part] ?? null))
  return texts.every((text) => text === "") ? "" : texts.join(between)
}

export function padded(part: Part, value: number | null): string {
  return value === null ? "" : String(value).padStart(BOUNDS[part].digits, "0")
}

/** What a part holds when it is left: of a year, two digits are enough. */
export function settled(part: Part, { value, typed }: Held): number | null {
  if (part !== "year" || typed === "") return value
  return typed.length <= SHORT_YEAR ? CENTURY + Number(typed) : Math.max(Number(typed), BOUNDS.year.least)
}

/** What a key does to a part; nothing if it isn't one for it. An empty part is turned from `start`. */
export function pressed(part: Part, held: Held, key: string, start: number): Pressed | undefined {
  if (/^\d$/u.test(key)) return digit(part, held, key)
  const { least, most, leap } = BOUNDS[part]
  const value = settled(part, held)
  const to = (next: number | null, step: Pressed["step"] = 0): Pressed => ({ value: next, typed: "", step })
  const turned = (by: number): Pressed => {
    const span = most - least + 1
    return to(value === null ? start : least + ((value - least + by + span) % span))
  }
  if (SEPARATORS.includes(key)) return to(value, value === null ? 0 : 1)
  switch (key) {
    case "ArrowUp":
      return turned(1)
    case "ArrowDown":
      return turned(-1)
    case "PageUp":
      return turned(leap)
    case "PageDown":
      return turned(-leap)
    case "Home":
      return to(least)
    case "End":
      return to(most)
    case "ArrowLeft":
      return to(value, -1)
    case "ArrowRight":
      return to(value, 1)
    case "Backspace":
      return to(null, value === null && held.typed === "" ? -1 : 0)
    case "Delete":
      return to(null)
    default:
      return undefined
  }
}

function digit(part: Part, held: Held, key: string): Pressed {
  const { least, most, digits } = BOUNDS[part]
  const longer = held.typed + key
  const typed = longer.length <= digits && Number(longer) <= most ? longer : key
  const number = Number(typed)
  const isFull = typed.length === digits || number * 10 > most
  // Half a year is another year, and a zero alone is no month.
  const counts = number >= least && (part !== "year" || isFull)
  return { value: counts ? number : held.value, typed, step: counts && isFull ? 1 : 0 }
}
