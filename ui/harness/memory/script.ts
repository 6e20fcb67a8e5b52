/** What other people and the world do, for tests and scenes: `window.__host.script`. Everything is named by name or id. */
import type { ErrorCode } from "@/lib/api/generated/errors"
import type { Answer, CircleState, Kind, Refusal } from "@/lib/api/generated/views"
import type { DoorState } from "@/lib/host/host"
import type { MemoryHost } from "./host"
import type { MemoryNote } from "./note"

export class Script {
  constructor(private readonly host: MemoryHost) {}

  /** A circle with these people in it, beside oneself. Answers its id. */
  circle(name: string, kind: Kind | null = "interest", people: readonly string[] = []): string {
    const { world } = this.host
    const circle = world.addCircle(name, kind)
    const me = world.addPerson(circle, world.name, true)
    for (const person of people) world.addPerson(circle, person, false, me.id)
    this.host.tell({ event: "circle", circle: circle.id })
    return circle.id
  }

  circleState(circle: string, state: CircleState): void {
    const found = this.host.world.circle(circle)
    found.state = state
    this.host.tell({ event: "circle", circle: found.id })
  }

  /** Nothing can be written in the circle from now on. */
  stop(circle: string, why = "a laptop was copied"): void {
    const found = this.host.world.circle(circle)
    found.stopped = why
    this.host.tell({ event: "circle", circle: found.id })
  }

  /** Two versions of somebody's laptop are about. */
  split(circle: string, person: string): void {
    const { world } = this.host
    const found = world.circle(circle)
    const { device } = world.person(found, person)
    found.split.push(device)
    this.host.tell({ event: "split", circle: found.id, device })
  }

  note(circle: string, title: string, markdown = "", ago = 0): string {
    const found = this.host.world.circle(circle)
    const note = this.host.world.addNote(found, title, markdown, Date.now() - ago)
    this.host.tell({ event: "changed", circle: found.id, document: note.id })
    return note.id
  }

  plan(circle: string, title: string, local: string | null = null, zone = "Europe/Berlin", place: string | null = null): string {
    const found = this.host.world.circle(circle)
    const plan = this.host.world.addPlan(found, title, local === null ? null : { local, zone }, place)
    this.host.tell({ event: "changed", circle: found.id, document: plan.id })
    return plan.id
  }

  /** Somebody else types into a note that may be open. */
  type(circle: string, note: string, at: number, text: string): void {
    this.#note(circle, note).type(at, text)
  }

  /** Somebody else deletes. */
  take(circle: string, note: string, at: number, length: number): void {
    this.#note(circle, note).take(at, length)
  }

  append(circle: string, note: string, text: string): void {
    this.#note(circle, note).append(text)
  }

  rename(circle: string, note: string, title: string): void {
    this.#note(circle, note).rename(title)
  }

  text(circle: string, note: string): string {
    return this.#note(circle, note).text
  }

  markdown(circle: string, note: string): string {
    return this.#note(circle, note).markdown
  }

  endNote(circle: string, note: string, reason: "lagged" | "refused" | "closed"): void {
    this.#note(circle, note).end(reason)
  }

  answer(circle: string, plan: string, person: string, answer: Answer): void {
    const { world } = this.host
    const found = world.circle(circle)
    const one = world.plan(found, plan)
    one.answers.set(world.person(found, person).id, answer)
    this.host.tell({ event: "changed", circle: found.id, document: one.id })
  }

  /** Somebody's laptop comes near, or goes. */
  near(circle: string, person: string, near = true): void {
    const { world } = this.host
    const found = world.circle(circle)
    world.person(found, person).near = near
    this.host.tell({ event: near ? "near" : "gone", circle: found.id, person })
  }

  /** Somebody's laptop says that it holds all. */
  holds(circle: string, person: string, at: number | null = Date.now()): void {
    const { world } = this.host
    const found = world.circle(circle)
    world.person(found, person).holds = at
    this.host.tell({ event: "holding", circle: found.id })
  }

  leaves(circle: string, person: string): void {
    const { world } = this.host
    const found = world.circle(circle)
    world.person(found, person).left = true
    this.host.tell({ event: "people", circle: found.id })
  }

  /** Somebody with the link of an open invitation asks to come in. */
  ask(circle: string, name: string): void {
    this.host.join.ask(this.host.world.circle(circle), name)
  }

  /** How one's own wish to join goes on; without an id, the latest. */
  met(wish = this.#wish()): void {
    this.host.join.met(wish)
  }

  admit(circleName = "Sunday walkers", inviter = "Anna", wish = this.#wish()): string {
    return this.host.join.admit(wish, circleName, inviter).id
  }

  refuse(reason: Refusal, wish = this.#wish()): void {
    this.host.join.refuse(wish, reason)
  }

  /** A link that looks right. Beginnings tell what comes of it: `used`, `expired`, `declined`, `newer`, `already` … */
  link(word = "walkers"): string {
    return this.host.join.link(word)
  }

  fail(what: string, code: ErrorCode, times = 1): void {
    this.host.fail(what, code, times)
  }

  door(state: DoorState): void {
    this.host.setDoor(state)
  }

  missed(count = 3): void {
    this.host.tell({ event: "missed", count })
  }

  #note(circle: string, note: string): MemoryNote {
    const { world } = this.host
    return world.note(world.circle(circle), note)
  }

  #wish(): string {
    const wish = this.host.world.wishes.at(-1)
    if (wish === undefined) throw new Error("there is no wish to join")
    return wish.id
  }
}
