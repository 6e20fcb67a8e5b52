/** What the harness's laptop holds: circles with people, notes and gatherings, and what it knows of the others. */
import type { Answer, CircleState, Invitation, Kind, PlanTime, Refusal } from "@/lib/api/generated/views"
import type { WrittenTime } from "@/lib/api/generated/commands"
import { HostError } from "@/lib/host/error"
import { Temporal } from "temporal-polyfill"
import { MemoryNote } from "./note"

export interface MemoryPerson {
  readonly id: string
  readonly device: string
  name: string
  readonly me: boolean
  left: boolean
  near: boolean
  /** When their laptop last said that it holds all. */
  holds: number | null
  readonly addedBy: string | null
}

export interface MemoryPlan {
  readonly id: string
  title: string
  at: PlanTime | null
  place: string | null
  changed: number
  away: boolean
  readonly answers: Map<string, Answer>
}

export interface MemoryCircle {
  readonly id: string
  name: string
  kind: Kind | null
  state: CircleState
  stopped: string | null
  /** Laptops whose history split in two. */
  readonly split: string[]
  readonly people: MemoryPerson[]
  readonly notes: MemoryNote[]
  readonly plans: MemoryPlan[]
  readonly invitations: Invitation[]
}

export type JoinState =
  | { state: "looking" }
  | { state: "waiting" }
  | { state: "admitted"; circle: string }
  | { state: "refused"; reason: Refusal }

export interface MemoryWish {
  readonly id: string
  readonly name: string
  readonly link: string
  state: JoinState
}

export class World {
  name = ""
  wanted = true
  interfaces = [
    { name: "lo", used: true },
    { name: "enp3s0", used: true },
    { name: "wlan0", used: true },
  ]
  /** True where the program was started with a list of interfaces. */
  given = false
  readonly circles: MemoryCircle[] = []
  readonly wishes: MemoryWish[] = []
  #ids = 0

  constructor(
    /** A document of a circle changed, so that nobody else holds all of it. */
    readonly changed: (circle: MemoryCircle, document: string) => void,
  ) {}

  /** Ids look like the real ones. */
  id(digits = 64): string {
    const n = ++this.#ids
    return (Math.imul(n, 2_654_435_761) >>> 0).toString(16).padStart(8, "0").repeat(digits / 8)
  }

  get online(): boolean {
    return this.wanted && this.interfaces.some((one) => one.used)
  }

  circle(nameOrId: string): MemoryCircle {
    return find(this.circles, nameOrId, (circle) => circle.name, "no_circle")
  }

  note(circle: MemoryCircle, nameOrId: string): MemoryNote {
    return find(circle.notes, nameOrId, (note) => note.title, "not_found")
  }

  plan(circle: MemoryCircle, nameOrId: string): MemoryPlan {
    return find(circle.plans, nameOrId, (plan) => plan.title, "not_found")
  }

  person(circle: MemoryCircle, nameOrId: string): MemoryPerson {
    return find(circle.people, nameOrId, (person) => person.name, "not_found")
  }

  me(circle: MemoryCircle): MemoryPerson {
    const me = circle.people.find((person) => person.me)
    if (me === undefined) throw new HostError("internal", "a circle without oneself")
    return me
  }

  addPerson(circle: MemoryCircle, name: string, me = false, addedBy: string | null = null): MemoryPerson {
    const person: MemoryPerson = {
      id: this.id(),
      device: this.id(),
      name,
      me,
      left: false,
      near: me,
      holds: me ? Date.now() : null,
      addedBy,
    }
    circle.people.push(person)
    return person
  }

  addCircle(name: string, kind: Kind | null): MemoryCircle {
    const circle: MemoryCircle = {
      id: this.id(),
      name,
      kind,
      state: "member",
      stopped: null,
      split: [],
      people: [],
      notes: [],
      plans: [],
      invitations: [],
    }
    this.circles.push(circle)
    this.circles.sort((a, b) => a.name.localeCompare(b.name))
    return circle
  }

  addNote(circle: MemoryCircle, title: string, markdown: string, at: number): MemoryNote {
    const note = new MemoryNote(this.id(), title, markdown, at, (one) => this.changed(circle, one.id))
    circle.notes.push(note)
    return note
  }

  addPlan(circle: MemoryCircle, title: string, at: WrittenTime | null, place: string | null): MemoryPlan {
    const plan = {
      id: this.id(),
      title,
      at: at && planTime(at),
      place,
      changed: Date.now(),
      away: false,
      answers: new Map<string, Answer>(),
    }
    circle.plans.push(plan)
    return plan
  }
}

function find<T extends { readonly id: string }>(
  all: readonly T[],
  nameOrId: string,
  name: (one: T) => string,
  missing: "no_circle" | "not_found",
): T {
  const exact = all.find((one) => one.id === nameOrId)
  if (exact) return exact
  const named = all.filter((one) => name(one) === nameOrId)
  if (named.length > 1) {
    const candidates = named.map((one) => ({ id: one.id, name: name(one) }))
    throw new HostError("ambiguous", `several are called ${nameOrId}`, candidates)
  }
  if (named[0] === undefined) throw new HostError(missing, `nothing is called ${nameOrId}`)
  return named[0]
}

/** A written time with its instant; a time that doesn't exist there is refused. */
export function planTime({ local, zone }: WrittenTime): PlanTime {
  try {
    const plain = Temporal.PlainDateTime.from(local)
    const first = plain.toZonedDateTime(zone, { disambiguation: "earlier" })
    const last = plain.toZonedDateTime(zone, { disambiguation: "later" })
    if (!first.toPlainDateTime().equals(plain)) throw new RangeError("skipped")
    return { local, zone, instant: first.epochMilliseconds, offset: first.offset, twice: !first.equals(last) }
  } catch {
    throw new HostError("bad_time", `${local} isn't a time in ${zone}`)
  }
}
