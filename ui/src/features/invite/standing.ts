/** How a circle's invitations stand: who asks, which are open, which are over. */
import type { Asking, Invitation } from "@/lib/api/generated/views"

export interface Asked extends Asking {
  /** The invitation that they ask by. */
  readonly invitation: string
  /** Others who ask by the same one, though it is for one person. */
  readonly others: number
}

/** Who asks to come in now. One laptop may ask by several links; it is shown once. */
export function asking(invitations: readonly Invitation[]): Asked[] {
  const seen = new Set<string>()
  return invitations
    .filter((invitation) => invitation.state === "open" && invitation.confirm)
    .flatMap(({ id, asking: all }) => all.map((asks) => ({ ...asks, invitation: id, others: all.length - 1 })))
    .filter(({ device }) => !seen.has(device) && seen.add(device))
}

/** Open ones, the next to end first. */
export function open(invitations: readonly Invitation[]): Invitation[] {
  return invitations.filter(({ state }) => state === "open").sort((a, b) => a.expires - b.expires)
}

/** Those that open nothing any more, the latest first. */
export function ended(invitations: readonly Invitation[]): Invitation[] {
  return invitations.filter(({ state }) => state !== "open").sort((a, b) => b.expires - a.expires)
}
