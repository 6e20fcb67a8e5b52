/** What the whole window shows of this laptop: its circles, its wishes to join, and its place on the network. */
import type { Circle, Status, Wish } from "@/lib/api/generated/views"
import { HostError } from "@/lib/host/error"
import type { Host } from "@/lib/host/host"
import { m } from "@/paraglide/messages"
import { calm } from "./calm"

let told = $state.raw<readonly Circle[]>()
let wishes = $state.raw<readonly Wish[]>([])
let status = $state.raw<Status>()
let error = $state.raw<HostError>()

/** Those without a name have one in the window's language. */
const circles = $derived(told?.map((circle) => (circle.name === "" ? { ...circle, name: nameless(circle) } : circle)))

let host: Host | undefined
let running: Promise<void> | undefined
let following: Promise<void> | undefined

export const laptop = {
  /** In the order of their names; `undefined` until they are known. */
  get circles(): readonly Circle[] | undefined {
    return circles
  },
  get wishes(): readonly Wish[] {
    return wishes
  },
  get status(): Status | undefined {
    return status
  },
  get error(): HostError | undefined {
    return error
  },
  circle(id: string): Circle | undefined {
    return circles?.find((circle) => circle.id === id)
  },
}

/**
 * Asks for everything anew. Resolves when what is true now is there: while an older question is out, another follows it,
 * and one is enough for all who ask meanwhile.
 */
export function refresh(): Promise<void> {
  if (running === undefined) {
    running = ask().finally(() => (running = undefined))
    return running
  }
  following ??= running.then(() => {
    following = undefined
    return refresh()
  })
  return following
}

/** What a circle is called whose page isn't here, or can't be read. */
function nameless({ state }: Circle): string {
  return state === "damaged" ? m.circle_damaged_name() : m.circle_joining_name()
}

async function ask(): Promise<void> {
  if (host === undefined) return
  const from = host
  try {
    const [list, state] = await Promise.all([from.call("circle_list", {}), from.call("status", {})])
    if (host !== from) return
    told = list.circles
    wishes = list.joining
    status = state
    error = undefined
  } catch (thrown) {
    if (host === from) error = HostError.of(thrown)
  }
}

const calmly = calm(() => void refresh())

/** Begins to follow a laptop; returns how to stop, which forgets everything. */
export function follow(from: Host): () => void {
  host = from
  const stop = from.events(calmly.heard)
  void refresh()
  return () => {
    stop()
    calmly.stop()
    host = undefined
    told = undefined
    wishes = []
    status = undefined
    error = undefined
  }
}
