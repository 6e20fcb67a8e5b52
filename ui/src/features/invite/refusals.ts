/** Why an invitation doesn't open the door, in words. */
import type { ErrorCode } from "@/lib/api/generated/errors"
import type { Refusal } from "@/lib/api/generated/views"
import { m } from "@/paraglide/messages"

const REFUSED: Record<Refusal, () => string> = {
  expired: () => m.people_join_refused_expired(),
  used: () => m.people_join_refused_used(),
  withdrawn: () => m.people_join_refused_withdrawn(),
  declined: () => m.people_join_refused_declined(),
  full: () => m.people_join_refused_full(),
  already_in: () => m.people_join_refused_already_in(),
  other: () => m.people_join_refused_other(),
}

export function refusalWords(reason: Refusal): string {
  return REFUSED[reason]()
}

/** What is wrong with the link itself; `undefined` where the error is about something else. */
export function linkFault(code: ErrorCode): string | undefined {
  if (code === "not_a_link") return m.people_join_link_missing()
  if (code === "damaged_link") return m.people_join_damaged()
  if (code === "newer_link") return m.people_join_newer()
  if (code === "already_in") return m.people_join_refused_already_in()
  return undefined
}
