/** Time zones by the cities that people know them by. */

export interface Zone {
  /** Its IANA name: `Europe/Budapest`. */
  readonly name: string
  /** Its city: `Budapest`. */
  readonly city: string
  /** What the zone is called: `Central European Time`. */
  readonly called: string
}

/** Rows that a search shows; whoever looks for more types another letter. */
const SHOWN = 40

/** The city that a zone is named after. */
export function cityOf(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ")
}

/** What a zone is called in somebody's language; its name where that isn't known, or where the zone itself isn't. */
function calledIn(zone: string, locale: string, now: number): string {
  try {
    const written = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "longGeneric" })
    return written.formatToParts(now).find((part) => part.type === "timeZoneName")?.value ?? zone
  } catch {
    return zone
  }
}

/** Every zone that this system knows, and the ones that are asked for besides. */
export function zones(locale: string, besides: readonly string[], now: number): Zone[] {
  const names = [...new Set([...besides, ...Intl.supportedValuesOf("timeZone"), "UTC"])]
  return names.map((name) => ({ name, city: cityOf(name), called: calledIn(name, locale, now) }))
}

/** Letters without their accents, so that "zurich" finds Zürich. */
const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replaceAll(/\p{Mark}/gu, "")
    .toLowerCase()

/** Those that match what was typed; a city that begins so comes first. Nothing typed: as they are. */
export function matching(all: readonly Zone[], typed: string): Zone[] {
  const sought = plain(typed.trim())
  if (sought === "") return all.slice(0, SHOWN)
  const rank = (zone: Zone): number => {
    const city = plain(zone.city)
    if (city.startsWith(sought)) return 0
    if (city.includes(sought)) return 1
    return plain(`${zone.name.replaceAll("_", " ")} ${zone.called}`).includes(sought) ? 2 : 3
  }
  return all
    .map((zone) => ({ zone, rank: rank(zone) }))
    .filter((found) => found.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, SHOWN)
    .map((found) => found.zone)
}
