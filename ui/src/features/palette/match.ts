/** Which entries somebody means by what they typed, the likeliest first. */
import type { Group } from "./entries"

/** Entries of a group that are shown; whoever looks for more types another letter. */
export const SHOWN = 20

/** Without capitals and accents: "bela" finds Béla. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
}

/** 0 if it begins so, 1 if a word of it does, 2 if it is somewhere in it, 3 if only its place is called so. */
function rank(words: readonly string[], label: string, where: string): number | undefined {
  const all = `${label} ${where}`
  if (!words.every((word) => all.includes(word))) return undefined
  const first = words[0] ?? ""
  if (label.startsWith(first)) return 0
  if (label.includes(` ${first}`)) return 1
  return label.includes(first) ? 2 : 3
}

/** Groups keep their order until something is typed; then the group with the best entry comes first. */
export function matches(groups: readonly Group[], typed: string): Group[] {
  const words = plain(typed).split(/\s+/u).filter((word) => word !== "")
  if (words.length === 0) {
    return groups
      .map((group) => ({ ...group, entries: group.entries.filter((entry) => !entry.onlyTyped).slice(0, SHOWN) }))
      .filter(({ entries }) => entries.length > 0)
  }
  return groups
    .map((group) => {
      const ranked = group.entries
        .flatMap((entry) => {
          const at = rank(words, plain(entry.label), plain(entry.where ?? ""))
          return at === undefined ? [] : [{ entry, at }]
        })
        .sort((a, b) => a.at - b.at)
      return { name: group.name, entries: ranked.slice(0, SHOWN).map(({ entry }) => entry), best: ranked[0]?.at ?? Infinity }
    })
    .filter(({ entries }) => entries.length > 0)
    .sort((a, b) => a.best - b.best)
    .map(({ name, entries }) => ({ name, entries }))
}
