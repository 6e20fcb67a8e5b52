/** Laptops with a life: `?scene=` in the harness's address. */
import { MemoryHost, type MemoryOptions } from "./host"

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** So many days from now, at a full hour, as somebody writes it. */
function inDays(days: number, time: string): string {
  return `${new Date(Date.now() + days * DAY).toISOString().slice(0, 10)}T${time}`
}

function home(options: MemoryOptions): MemoryHost {
  const host = new MemoryHost(options)
  const { script, world } = host
  world.name = "Cleo"
  const readers = script.circle("Five who read", "interest", ["Anna", "Béla", "Doro", "Emre"])
  script.note(
    readers,
    "What we read next",
    "## Next\n\nEverybody brings *one* book and says why, in three sentences.\n\n- **The Summer Book**, Tove Jansson\n- Stoner, John Williams\n- The Door, Magda Szabó\n\n## Afterwards\n\nWe keep a page for each book here.",
    20 * 60_000,
  )
  script.note(readers, "The Door: first thoughts", "Who is the narrator speaking to?", 26 * HOUR)
  script.note(readers, "House rules, such as they are", "Nobody has to have finished the book.", 9 * DAY)
  script.plan(readers, "Reading evening", inDays(5, "19:00"), "Europe/Budapest", "Anna’s kitchen")
  script.plan(readers, "A walk to the second-hand shop", inDays(19, "14:30"), "Europe/Berlin", "The fountain at the market")
  script.plan(readers, "Perhaps the film")
  script.answer(readers, "Reading evening", "Anna", "yes")
  script.answer(readers, "Reading evening", "Béla", "if-need-be")
  script.answer(readers, "Reading evening", "Doro", "not-this-time")
  script.near(readers, "Anna")
  script.near(readers, "Béla")
  script.holds(readers, "Anna", Date.now() - 60_000)
  script.holds(readers, "Doro", Date.now() - 3 * DAY)
  const apart = script.circle("Two of us", "life", ["Farah"])
  script.note(apart, "Questions for the lawyer", "1. The flat\n2. The summer holidays", 3 * HOUR)
  return host
}

const scenes: Record<string, (options: MemoryOptions) => MemoryHost> = {
  /** A laptop that has never seen Snug. */
  fresh: (options) => new MemoryHost({ ...options, door: "fresh" }),
  /** Two circles with people, notes and gatherings. */
  home,
  locked: (options) => home({ ...options, door: "locked" }),
  /** Open, with a name and no circle. */
  empty: (options) => {
    const host = new MemoryHost(options)
    host.world.name = "Cleo"
    return host
  },
  damaged: (options) => {
    const host = new MemoryHost(options)
    host.setDoor({ state: "unusable", error: { code: "damaged_store", message: "the store is damaged" } })
    return host
  },
}

export function scene(name: string, options: MemoryOptions = {}): MemoryHost {
  const make = scenes[name]
  if (make === undefined) throw new Error(`there is no scene ${name}`)
  return make(options)
}
