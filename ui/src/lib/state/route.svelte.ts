/** Where in the window somebody is, and the way back. Nothing of it is kept: it would tell what somebody reads. */

export type SettingsSection = "you" | "privacy" | "appearance" | "language"

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

let current = $state.raw<Route>({ name: "welcome" })
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

export function go(to: Route): void {
  if (same(current, to)) return
  past = [...past, current].slice(-STEPS_BACK)
  current = to
}

/** Goes where one is sent, without a way back to where one was: that place is gone. */
export function replace(to: Route): void {
  current = to
}

export function back(): void {
  const to = past.at(-1)
  if (to === undefined) return
  past = past.slice(0, -1)
  current = to
}

/** Forgets the ways that lead into a circle that is let go. */
export function forget(circle: string): void {
  const elsewhere = (way: Route): boolean => !("circle" in way) || way.circle !== circle
  past = past.filter(elsewhere)
  if (!elsewhere(current)) current = { name: "welcome" }
}

/** As at the start. */
export function home(): void {
  past = []
  current = { name: "welcome" }
}
