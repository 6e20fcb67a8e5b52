/**
 * What somebody types about a gathering while the others go on changing it:
 *
 *     base ──▶ draft        what was there, and what was typed
 *       └─ others ─▶ fresh  rebase: what wasn't touched follows, what was typed stays
 *     change(base, draft)   only what was touched is written, so that it merges
 *
 * Day, time and zone are one value, as they are in the document.
 */
import type { WrittenTime } from "@/lib/api/generated/commands"
import type { PlanTime } from "@/lib/api/generated/views"

export interface Draft {
  title: string
  day: string
  time: string
  zone: string
  place: string
}

export interface Change {
  title?: string
  at?: WrittenTime | null
  place?: string | null
}

interface Shown {
  title: string
  readonly at: PlanTime | null
  readonly place: string | null
}

export function draftOf(plan: Shown, ownZone: string): Draft {
  const [day = "", time = ""] = plan.at?.local.split("T") ?? []
  return { title: plan.title, day, time, zone: plan.at?.zone ?? ownZone, place: plan.place ?? "" }
}

export function emptyDraft(ownZone: string): Draft {
  return { title: "", day: "", time: "", zone: ownZone, place: "" }
}

const sameTime = (a: Draft, b: Draft): boolean => a.day === b.day && a.time === b.time && timeZone(a) === timeZone(b)

/** Without a time the zone says nothing. */
const timeZone = (draft: Draft): string => (draft.day === "" && draft.time === "" ? "" : draft.zone)

const samePlace = (a: Draft, b: Draft): boolean => a.place.trim() === b.place.trim()

const sameTitle = (a: Draft, b: Draft): boolean => a.title.trim() === b.title.trim()

/** True if anything was typed. */
export function touched(base: Draft, draft: Draft): boolean {
  return !sameTitle(base, draft) || !sameTime(base, draft) || !samePlace(base, draft)
}

/** What was typed over what the others have made of the rest. */
export function rebase(base: Draft, draft: Draft, fresh: Draft): Draft {
  const time = sameTime(base, draft) ? fresh : draft
  return {
    title: sameTitle(base, draft) ? fresh.title : draft.title,
    day: time.day,
    time: time.time,
    zone: time.zone,
    place: samePlace(base, draft) ? fresh.place : draft.place,
  }
}

/** What is to be written. The draft's time has been read, and is whole or open. */
export function changeOf(base: Draft, draft: Draft): Change {
  const change: Change = {}
  if (!sameTitle(base, draft)) change.title = draft.title.trim()
  if (!sameTime(base, draft)) change.at = writtenTime(draft)
  if (!samePlace(base, draft)) change.place = draft.place.trim() || null
  return change
}

export function writtenTime(draft: Draft): WrittenTime | null {
  return draft.day === "" ? null : { local: `${draft.day}T${draft.time}`, zone: draft.zone }
}
