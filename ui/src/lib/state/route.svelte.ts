/**
 * Where in the window somebody is, and the way back.
 *
 *     go ─▶ current ─▶ #note/CIRCLE/NOTE        the page's address
 *     locked: all that the page holds goes, its address stays ─▶ unlocked: begin, at that place
 *
 * The address has ids alone, no title and no text; it goes with the program and is on no disk. The way back goes with
 * the page: it would tell what somebody has read.
 */

const SECTIONS = ["you", "privacy", "appearance", "language"] as const
export type SettingsSection = (typeof SECTIONS)[number]

export type Route =
  | { name: "welcome" }
  | { name: "circle"; circle: string }
  | { name: "notes"; circle: string }
  | { name: "note"; circle: string; note: string }
  | { name: "gatherings"; circle: string }
  | { name: "gathering"; circle: string; plan: string }
  | { name: "people"; circle: string }
  | { name: "settings"; section: SettingsSection }

const STEPS_BACK = 50
const START: Route = { name: "welcome" }
const ID = /^[\da-f]{1,64}$/u

/** The place that an address means; the start, if it means none. */
export function placeOf(address: string): Route {
  const [name, one = "", two = ""] = address.replace(/^#/u, "").split("/")
  const section = SECTIONS.find((known) => known === one)
  if (name === "settings") return section ? { name, section } : START
  if (!ID.test(one)) return START
  if (name === "circle" || name === "notes" || name === "gatherings" || name === "people") return { name, circle: one }
  if (!ID.test(two)) return START
  if (name === "note") return { name, circle: one, note: two }
  return name === "gathering" ? { name, circle: one, plan: two } : START
}

export function addressOf(to: Route): string {
  switch (to.name) {
    case "welcome":
      return "#"
    case "settings":
      return `#settings/${to.section}`
    case "note":
      return `#note/${to.circle}/${to.note}`
    case "gathering":
      return `#gathering/${to.circle}/${to.plan}`
    default:
      return `#${to.name}/${to.circle}`
  }
}

let current = $state.raw<Route>(placeOf(location.hash))
let past = $state.raw<Route[]>([])

const same = (a: Route, b: Route): boolean => JSON.stringify(a) === JSON.stringify(b)

export const route = {
  get current(): Route {
    return current
  },
  get canGoBack(): boolean {
    return past.length > 0
  },
  /** The circle that somebody is in, if they are in one. */
  get circle(): string | null {
    return "circle" in current ? current.circle : null
  },
}

function stand(at: Route): void {
  current = at
  try {
    history.replaceState(null, "", addressOf(at))
  } catch {
    // A web view refuses whoever changes it too often. The place where one is stays right.
  }
}

export function go(to: Route): void {
  if (same(current, to)) return
  past = [...past, current].slice(-STEPS_BACK)
  stand(to)
}

/** Goes where one is sent, without a way back to where one was: that place is gone. */
export function replace(to: Route): void {
  stand(to)
}

export function back(): void {
  const to = past.at(-1)
  if (to === undefined) return
  past = past.slice(0, -1)
  stand(to)
}

/** Forgets the ways that lead into a circle that is let go. */
export function forget(circle: string): void {
  const elsewhere = (way: Route): boolean => !("circle" in way) || way.circle !== circle
  past = past.filter(elsewhere)
  if (!elsewhere(current)) stand(START)
}

/** As when the page begins: at the place that its address means, without a way back. */
export function begin(): void {
  past = []
  current = placeOf(location.hash)
}
