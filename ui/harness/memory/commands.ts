/** Every command, answered from memory as the core answers it. */
import type { Holder, Plan, Wish } from "@/lib/api/generated/views"
import { HostError } from "@/lib/host/error"
import type { Answer, CommandName, Event, Fields } from "@/lib/host/host"
import type { JoinStory } from "./join"
import { type MemoryCircle, type MemoryPlan, type World, planTime } from "./world"

export type Commands = { [N in CommandName]: (fields: Fields<N>) => Answer<N> }

const TITLE_UNITS = 200
const YEAR_SECONDS = 365 * 24 * 60 * 60

export function commands(world: World, join: JoinStory, tell: (event: Event) => void): Commands {
  const { changed } = world
  const done = {}

  return {
    status: ({ circle }) => ({
      name: world.name,
      online: world.online,
      near: new Set(world.circles.flatMap((one) => others(one).filter((person) => person.near).map((person) => person.name))).size,
      circles: (circle == null ? world.circles : [world.circle(circle)]).map((one) => ({
        id: one.id,
        name: one.name,
        ...held(one),
        near: others(one).filter((person) => person.near).length,
        others: others(one).map((person) => ({
          device: person.device,
          person: person.name,
          near: person.near,
          holds_all: person.holds,
        })),
        addresses: [],
        split: [...one.split],
        stopped: one.stopped,
      })),
      joining: wishes(world),
    }),
    circle_found: ({ name, kind }) => {
      const circle = world.addCircle(good(name), kind)
      world.addPerson(circle, world.name, true)
      tell({ event: "circle", circle: circle.id })
      return { id: circle.id }
    },
    circle_rename: ({ circle, name }) => {
      const found = world.circle(circle)
      found.name = good(name)
      changed(found, found.id)
      return done
    },
    circle_list: () => ({
      circles: world.circles.map((one) => {
        const { id, name, kind, state } = one
        return { id, name: kind === null || state === "damaged" ? "" : name, kind, state, asking: asking(one) }
      }),
      joining: wishes(world),
    }),
    circle_leave: ({ circle }) => {
      const found = world.circle(circle)
      for (const note of found.notes) note.end("closed")
      world.circles.splice(world.circles.indexOf(found), 1)
      tell({ event: "circle", circle: found.id })
      return { others: others(found).length }
    },
    interfaces: ({ names }) => {
      for (const one of world.interfaces) one.used = names.length === 0 || names.includes(one.name)
      return done
    },
    network: () => ({
      wanted: world.wanted,
      online: world.online,
      interfaces: world.interfaces.map((one) => ({ ...one })),
      given: world.given,
    }),
    network_set: ({ wanted }) => {
      world.wanted = wanted
      for (const circle of world.circles) {
        for (const person of others(circle)) {
          person.near = false
          tell({ event: "gone", circle: circle.id, person: person.name })
        }
      }
      return done
    },
    me: () => ({ name: world.name }),
    me_rename: ({ name }) => {
      world.name = good(name)
      return done
    },
    member_rename: ({ circle, name }) => {
      const found = world.circle(circle)
      world.me(found).name = good(name)
      tell({ event: "people", circle: found.id })
      return done
    },
    people: ({ circle }) => ({
      people: world
        .circle(circle)
        .people.map(({ id, name, me, left, addedBy }) => ({ id, name, me, laptops: 1, left, added_by: addedBy }))
        .sort((a, b) => a.name.localeCompare(b.name)),
    }),
    holders: ({ circle }) => ({
      laptops: world
        .circle(circle)
        .people.filter((person) => !person.left)
        .map(({ id, device, name, me, near, holds }): Holder => ({ device, person: name, id, me, near, holds: me ? Date.now() : holds }))
        .sort((a, b) => Number(b.me) - Number(a.me) || a.person.localeCompare(b.person)),
    }),

    invite: ({ circle, expires, confirm }) => {
      const found = world.circle(circle)
      writable(found)
      if (expires < 60 || expires > YEAR_SECONDS) throw new HostError("bad_expiry", "that isn't an expiry")
      const id = world.id(32)
      found.invitations.push({ id, state: "open", expires: Date.now() + expires * 1000, confirm, asking: [] })
      tell({ event: "invitations", circle: found.id })
      return { id, link: join.link(id) }
    },
    invite_list: ({ circle }) => ({
      invitations: world.circle(circle).invitations.map((one) => ({ ...one, asking: [...one.asking] })),
    }),
    invite_withdraw: ({ circle, invitation }) => {
      const { id, invitations } = world.circle(circle)
      const found = invitations.find((one) => one.id === invitation)
      if (found === undefined) throw new HostError("not_found", "no such invitation")
      const already = found.state === "withdrawn"
      if (found.state === "used") throw new HostError("invitation_ended", "it was used")
      found.state = "withdrawn"
      found.asking = []
      tell({ event: "invitations", circle: id })
      return { already }
    },
    invite_confirm: ({ circle, person }) => join.confirm(world.circle(circle), person),
    invite_decline: ({ circle, person }) => {
      join.decline(world.circle(circle), person)
      return done
    },
    join: ({ link, name }) => join.begin(link, name ?? world.name),
    join_status: ({ join: id }) => {
      const wish = world.wishes.find((one) => one.id === id)
      if (wish === undefined) throw new HostError("not_found", "no such wish")
      return { join: wish.id, ...wish.state }
    },
    join_forget: ({ join: id }) => {
      join.forget(id)
      return done
    },

    note_new: ({ circle, title, markdown }) => {
      const found = world.circle(circle)
      writable(found)
      const note = world.addNote(found, good(title), markdown, Date.now())
      changed(found, note.id)
      return { id: note.id }
    },
    note_list: ({ circle, away }) => ({
      notes: world
        .circle(circle)
        .notes.filter((note) => away || !note.away)
        .map((note) => ({ id: note.id, title: note.title, changed: note.changed, away: note.away }))
        .sort((a, b) => b.changed - a.changed),
    }),
    note_head: ({ circle, note }) => {
      const found = world.circle(circle)
      const { id, title, changed: when, away } = world.note(found, note)
      return { id, title, changed: when, away, ...held(found) }
    },
    note_show: ({ circle, note }) => {
      const found = world.circle(circle)
      const { id, title, changed: when, away, markdown, blocks } = world.note(found, note)
      return { id, title, changed: when, away, markdown, blocks, ...held(found) }
    },
    note_edit: ({ circle, note, markdown }) => {
      const found = world.circle(circle)
      writable(found)
      world.note(found, note).replace(markdown)
      return done
    },
    note_append: ({ circle, note, text }) => {
      const found = world.circle(circle)
      writable(found)
      world.note(found, note).append(text)
      return done
    },
    note_rename: ({ circle, note, title }) => {
      const found = world.circle(circle)
      writable(found)
      world.note(found, note).rename(good(title))
      return done
    },
    note_put_away: ({ circle, note, away }) => {
      const found = world.circle(circle)
      const one = world.note(found, note)
      one.away = away
      changed(found, one.id)
      return done
    },

    plan_new: ({ circle, title, at, place }) => {
      const found = world.circle(circle)
      writable(found)
      const plan = world.addPlan(found, good(title), at ?? null, place ?? null)
      changed(found, plan.id)
      return { id: plan.id }
    },
    plan_list: ({ circle, away }) => {
      const found = world.circle(circle)
      const me = world.me(found).id
      return {
        plans: found.plans
          .filter((plan) => away || !plan.away)
          .map((plan) => ({ ...summary(plan), mine: plan.answers.get(me) ?? null }))
          .sort((a, b) => (a.at?.instant ?? Infinity) - (b.at?.instant ?? Infinity)),
      }
    },
    plan_show: ({ circle, plan }): Plan => {
      const found = world.circle(circle)
      const one = world.plan(found, plan)
      const answers = found.people
        .filter((person) => !person.left)
        .map((person) => ({ person: person.name, id: person.id, me: person.me, answer: one.answers.get(person.id) ?? null }))
        .sort((a, b) => a.person.localeCompare(b.person))
      return { ...summary(one), answers, ...held(found) }
    },
    plan_change: ({ circle, plan, title, at, place }) => {
      const found = world.circle(circle)
      writable(found)
      const one = world.plan(found, plan)
      if (title != null) one.title = good(title)
      if (at !== undefined) one.at = at && planTime(at)
      if (place !== undefined) one.place = place
      one.changed = Date.now()
      changed(found, one.id)
      return done
    },
    plan_put_away: ({ circle, plan, away }) => {
      const found = world.circle(circle)
      const one = world.plan(found, plan)
      one.away = away
      changed(found, one.id)
      return done
    },
    plan_answer: ({ circle, plan, answer }) => {
      const found = world.circle(circle)
      writable(found)
      const one = world.plan(found, plan)
      one.answers.set(world.me(found).id, answer)
      changed(found, one.id)
      return done
    },
    export: ({ circle, folder }) => {
      const found = world.circle(circle)
      return { folder, notes: found.notes.length, plans: found.plans.length }
    },
  }
}

function others(circle: MemoryCircle): MemoryCircle["people"] {
  return circle.people.filter((person) => !person.me && !person.left)
}

/** Laptops that ask, each once, whatever links it has. */
function asking({ invitations }: MemoryCircle): number {
  const open = invitations.filter(({ state, confirm }) => state === "open" && confirm)
  return new Set(open.flatMap((one) => one.asking.map(({ device }) => device))).size
}

function held(circle: MemoryCircle): { laptops: number; holding: number; as_of: number | null } {
  const said = others(circle).flatMap((person) => (person.holds === null ? [] : [person.holds]))
  return {
    laptops: others(circle).length + 1,
    holding: said.length + 1,
    as_of: said.length > 0 ? Math.min(...said) : null,
  }
}

function wishes(world: World): Wish[] {
  return world.wishes
    .filter((wish) => wish.state.state !== "admitted")
    .map(({ id, name, state }): Wish => ({ id, name, ...state }))
}

function summary({ id, title, at, place, changed, away }: MemoryPlan): Pick<MemoryPlan, "id" | "title" | "at" | "place" | "changed" | "away"> {
  return { id, title, at, place, changed, away }
}

function writable(circle: MemoryCircle): void {
  if (circle.state === "damaged") throw new HostError("damaged_store", "what is kept of it is damaged")
  if (circle.stopped !== null) throw new HostError("stopped", circle.stopped)
}

/** A name or title that the core would take, or its refusal. */
export function good(text: string): string {
  const trimmed = text.trim()
  if (trimmed === "" || trimmed.length > TITLE_UNITS) throw new HostError("bad_text", "that isn't a title")
  return trimmed
}
