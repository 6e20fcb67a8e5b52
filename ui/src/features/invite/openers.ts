/** Sentences to begin with: one to send along with an invitation, one to begin a note with. */
import type { Kind } from "@/lib/api/generated/views"
import { m } from "@/paraglide/messages"

export type Opener = () => string

const INVITING: Record<Kind, readonly Opener[]> = {
  life: [m.circle_opener_life_1, m.circle_opener_life_2, m.circle_opener_life_3].map((say) => () => say()),
  interest: [m.circle_opener_interest_1, m.circle_opener_interest_2, m.circle_opener_interest_3].map(
    (say) => () => say(),
  ),
  values: [m.circle_opener_values_1, m.circle_opener_values_2, m.circle_opener_values_3].map((say) => () => say()),
}

const BEGINNING: Record<Kind, readonly Opener[]> = {
  life: [m.circle_start_life_1, m.circle_start_life_2, m.circle_start_life_3].map((say) => () => say()),
  interest: [m.circle_start_interest_1, m.circle_start_interest_2, m.circle_start_interest_3].map((say) => () => say()),
  values: [m.circle_start_values_1, m.circle_start_values_2, m.circle_start_values_3].map((say) => () => say()),
}

/** To send along; `null` is a circle whose page isn't here yet. */
export function invitingOpeners(kind: Kind | null): readonly Opener[] {
  return INVITING[kind ?? "interest"]
}

/** To begin a note with. */
export function beginningOpeners(kind: Kind | null): readonly Opener[] {
  return BEGINNING[kind ?? "interest"]
}

/** Each circle begins with one of its own, and always with the same: what changes by itself would be a feed. */
export function firstOf(circle: string, openers: readonly Opener[]): number {
  return (Number.parseInt(circle.slice(0, 4), 16) || 0) % openers.length
}
