/** What the whole window shows of this laptop: its circles, its wishes to join, and its place on the network. */
import type { Circle, Status, Wish } from "@/lib/api/generated/views"
import { HostError } from "@/lib/host/error"
import type { Event, Host } from "@/lib/host/host"

/** Events come in bursts; the lists are asked for once in this time. */
const CALM_MS = 120

let circles = $state.raw<readonly Circle[]>()
let wishes = $state.raw<readonly Wish[]>([])
let status = $state.raw<Status>()
let error = $state.raw<HostError>()

let host: Host | undefined
let timer: ReturnType<typeof setTimeout> | undefined
let asking = false
let again = false

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

/** Asks for everything anew. Resolves when it is there. */
export async function refresh(): Promise<void> {
  if (host === undefined) return
  if (asking) {
    again = true
    return
  }
  asking = true
  const from = host
  try {
    const [list, state] = await Promise.all([from.call("circle_list", {}), from.call("status", {})])
    if (host !== from) return
    circles = list.circles
    wishes = list.joining
    status = state
    error = undefined
  } catch (thrown) {
    if (host === from) error = HostError.of(thrown)
  } finally {
    asking = false
    if (again) {
      again = false
      void refresh()
    }
  }
}

function heard(event: Event): void {
  if (event.event === "asks") return
  timer ??= setTimeout(() => {
    timer = undefined
    void refresh()
  }, CALM_MS)
}

/** Begins to follow a laptop; returns how to stop, which forgets everything. */
export function follow(from: Host): () => void {
  host = from
  const stop = from.events(heard)
  void refresh()
  return () => {
    stop()
    clearTimeout(timer)
    timer = undefined
    again = false
    host = undefined
    circles = undefined
    wishes = []
    status = undefined
    error = undefined
  }
}
