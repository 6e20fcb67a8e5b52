/** "On 2 of 3 laptops, as of …", in words that claim no more than is known. */
import { m } from "@/paraglide/messages"

/** Current laptops, and those whose signed word covers it; this one is always among them. */
export interface Held {
  readonly laptops: number
  readonly holding: number
  /** The oldest word among those counted. */
  readonly as_of: number | null
}

/** `when` writes a time. */
export function holdingWords({ laptops, holding, as_of: asOf }: Held, when: (at: number) => string): string {
  if (laptops <= 1) return m.people_holding_here()
  if (holding <= 1) return m.people_holding_only()
  return asOf === null
    ? m.people_holding({ holding, laptops })
    : m.people_holding_as_of({ holding, laptops, when: when(asOf) })
}
