/** The story of coming in, from both sides: one's own wish to join, and others who ask. */
import type { Asking, Joining, Refusal } from "@/lib/api/generated/views"
import { HostError } from "@/lib/host/error"
import type { Event } from "@/lib/host/host"
import type { MemoryCircle, MemoryWish, World } from "./world"

/** Letters after `snug:` in a link. */
const BODY = 85

/** How long each step of the story takes when nobody tells it. */
const STEP_MS = 900

export class JoinStory {
  #links = 0

  constructor(
    private readonly world: World,
    private readonly tell: (event: Event) => void,
    /** False if a test tells the story step by step. */
    public auto: boolean,
  ) {}

  /** A link that looks like a real one. */
  link(word: string): string {
    const digits = word.replace(/[^a-z2-7]/gu, "") + (++this.#links).toString(8).replace(/[0189]/gu, "a")
    return `snug:${digits.padEnd(BODY, "q").slice(0, BODY)}`
  }

  begin(link: string, name: string): Joining {
    const body = link.replace(/^snug:/u, "")
    if (body === link) throw new HostError("not_a_link", "this isn't an invitation")
    if (body.length !== BODY) throw new HostError("damaged_link", "a piece is missing")
    if (body.startsWith("newer")) throw new HostError("newer_link", "a newer version made it")
    if (body.startsWith("already")) throw new HostError("already_in", "one is in it already")
    const known = this.world.wishes.find((wish) => wish.link === link)
    if (known) return { join: known.id, ...known.state }
    const wish: MemoryWish = { id: this.world.id(32), name, link, state: { state: "looking" } }
    this.world.wishes.push(wish)
    this.tell({ event: "join", join: wish.id, state: "looking" })
    const refusals: Refusal[] = ["expired", "used", "withdrawn", "declined", "full"]
    const refusal = refusals.find((word) => body.startsWith(word))
    if (this.auto) {
      setTimeout(() => this.met(wish.id), STEP_MS)
      setTimeout(() => (refusal ? this.refuse(wish.id, refusal) : this.admit(wish.id)), 3 * STEP_MS)
    }
    return { join: wish.id, ...wish.state }
  }

  /** The laptop that made the invitation is there; its owner is asked. */
  met(id: string): void {
    this.#goesOn(id, { state: "waiting" })
  }

  /** One is let in, to a circle with somebody in it. */
  admit(id: string, circleName = "Sunday walkers", inviter = "Anna"): MemoryCircle {
    const circle = this.world.addCircle(circleName, "interest")
    const anna = this.world.addPerson(circle, inviter)
    anna.near = true
    const wish = this.world.wishes.find((one) => one.id === id)
    this.world.addPerson(circle, wish?.name ?? this.world.name, true, anna.id)
    this.#goesOn(id, { state: "admitted", circle: circle.id })
    this.tell({ event: "circle", circle: circle.id })
    return circle
  }

  refuse(id: string, reason: Refusal): void {
    this.#goesOn(id, { state: "refused", reason })
  }

  /** A wish is given up, here or on the command line. */
  forget(id: string): void {
    const place = this.world.wishes.findIndex((wish) => wish.id === id && wish.state.state !== "admitted")
    if (place < 0) throw new HostError("not_found", "no such wish")
    this.world.wishes.splice(place, 1)
    this.tell({ event: "join_forgotten", join: id })
  }

  /** Somebody who holds one of our links asks to come in. */
  ask(circle: MemoryCircle, name: string): void {
    const open = circle.invitations.find((one) => one.state === "open")
    if (open === undefined) throw new Error("there is no open invitation")
    const asking: Asking = { device: this.world.id(), name }
    if (!open.confirm) {
      open.state = "used"
      this.#comesIn(circle, name)
      return
    }
    open.asking = [...open.asking, asking]
    this.tell({ event: "asks", circle: circle.id, device: asking.device, name })
  }

  confirm(circle: MemoryCircle, nameOrDevice: string): Asking {
    const { invitation, asking } = this.#asking(circle, nameOrDevice)
    invitation.state = "used"
    invitation.asking = []
    this.tell({ event: "invitations", circle: circle.id })
    this.#comesIn(circle, asking.name)
    return asking
  }

  decline(circle: MemoryCircle, nameOrDevice: string): void {
    const { invitation, asking } = this.#asking(circle, nameOrDevice)
    invitation.asking = invitation.asking.filter((one) => one.device !== asking.device)
    this.tell({ event: "invitations", circle: circle.id })
  }

  #asking(circle: MemoryCircle, nameOrDevice: string): { invitation: MemoryCircle["invitations"][number]; asking: Asking } {
    for (const invitation of circle.invitations) {
      const asking = invitation.asking.find((one) => one.device === nameOrDevice || one.name === nameOrDevice)
      if (asking) return { invitation, asking }
    }
    throw new HostError("not_found", `nobody called ${nameOrDevice} asks`)
  }

  #comesIn(circle: MemoryCircle, name: string): void {
    const person = this.world.addPerson(circle, name, false, this.world.me(circle).id)
    person.near = true
    this.tell({ event: "people", circle: circle.id })
    this.tell({ event: "near", circle: circle.id, person: name })
  }

  #goesOn(id: string, state: MemoryWish["state"]): void {
    const wish = this.world.wishes.find((one) => one.id === id)
    if (wish === undefined || wish.state.state === "refused" || wish.state.state === "admitted") return
    wish.state = state
    this.tell({ event: "join", join: id, ...state })
  }
}
