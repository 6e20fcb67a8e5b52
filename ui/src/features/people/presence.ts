/** Who is near, as far as this laptop knows: from laptops, by whose they are. */
import type { Holder, Person } from "@/lib/api/generated/views"

export type Presence =
  | { is: "me" }
  | { is: "near" }
  /** When one of their laptops last said what it holds. */
  | { is: "seen"; at: number }
  /** Not near, and nothing is known of what it holds now. */
  | { is: "away" }

export function presence(person: Person, laptops: readonly Holder[]): Presence {
  if (person.me) return { is: "me" }
  const theirs = laptops.filter((laptop) => !laptop.me && laptop.id === person.id)
  if (theirs.some(({ near }) => near)) return { is: "near" }
  const words = theirs.flatMap(({ holds }) => (holds === null ? [] : [holds]))
  return words.length === 0 ? { is: "away" } : { is: "seen", at: Math.max(...words) }
}

/** Whose histories split in two. `own`: this very laptop's is among them. */
export function splitNames(split: readonly string[], laptops: readonly Holder[]): { own: boolean; names: string[] } {
  const mine = laptops.find(({ me }) => me)?.device
  const names = split
    .filter((device) => device !== mine)
    .map((device) => laptops.find((laptop) => laptop.device === device)?.person ?? "")
  return { own: mine !== undefined && split.includes(mine), names: [...new Set(names)] }
}
