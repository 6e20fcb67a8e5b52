/** The invitations that this laptop answers for a circle, as they are now. */
import type { Invitations } from "@/lib/api/generated/views"
import type { Host } from "@/lib/host/host"
import { type Live, live } from "@/lib/state/live.svelte"

export function liveInvitations(host: Host, circle: () => string): Live<Invitations> {
  return live(
    host,
    () => host.call("invite_list", { circle: circle() }),
    (event) => (event.event === "asks" || event.event === "invitations") && event.circle === circle(),
  )
}
