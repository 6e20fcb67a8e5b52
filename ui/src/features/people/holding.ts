/** "On 2 of 3 laptops", in words that claim no more than is known. */
import { m } from "@/paraglide/messages"

/** Current laptops, and those whose signed word covers it; this one is always among them. */
export interface Held {
  readonly laptops: number
  readonly holding: number
}

export function holdingWords({ laptops, holding }: Held): string {
  if (laptops <= 1) return m.people_holding_here()
  if (holding <= 1) return m.people_holding_only()
  return m.people_holding({ holding, laptops })
}
