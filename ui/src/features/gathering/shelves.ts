/** How a circle's gatherings are laid out: what is coming, what is open, what is over, what was put away. */
import type { PlanSummary } from "@/lib/api/generated/views"

export interface Shelves {
  /** The soonest first. */
  readonly coming: readonly PlanSummary[]
  /** Those that changed last first. */
  readonly open: readonly PlanSummary[]
  /** The latest first. */
  readonly past: readonly PlanSummary[]
  readonly away: readonly PlanSummary[]
}

/** Nobody says how long a gathering takes; so long it counts as coming after it began. */
const GOES_ON_MS = 3 * 3_600_000

export function isPast(plan: Pick<PlanSummary, "at">, now: number): boolean {
  return plan.at !== null && plan.at.instant + GOES_ON_MS < now
}

const instant = (plan: PlanSummary): number => plan.at?.instant ?? 0

export function shelves(plans: readonly PlanSummary[], now: number): Shelves {
  const away = plans.filter((plan) => plan.away)
  const there = plans.filter((plan) => !plan.away)
  const timed = there.filter((plan) => plan.at !== null)
  return {
    coming: timed.filter((plan) => !isPast(plan, now)).sort((a, b) => instant(a) - instant(b)),
    open: there.filter((plan) => plan.at === null).sort((a, b) => b.changed - a.changed),
    past: timed.filter((plan) => isPast(plan, now)).sort((a, b) => instant(b) - instant(a)),
    away: away.sort((a, b) => b.changed - a.changed),
  }
}
