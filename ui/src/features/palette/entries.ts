/** What the palette offers: places, and things to do. */
import type { Icon } from "@/components/icon"
import { newNote } from "@/features/note/fresh"
import { titleWords } from "@/features/note/untitled"
import { kindIcon } from "@/features/sidebar/kinds"
import type { Circle, NoteSummary, PlanSummary } from "@/lib/api/generated/views"
import type { Host } from "@/lib/host/host"
import { shortcut } from "@/lib/keys"
import { laptop, refresh } from "@/lib/state/laptop.svelte"
import { lockUp } from "@/lib/state/lock.svelte"
import { attempt } from "@/lib/state/mishap.svelte"
import { show } from "@/lib/state/over.svelte"
import { changePreferences, preferences } from "@/lib/state/preferences.svelte"
import { type Route, back, go, route } from "@/lib/state/route.svelte"
import { m } from "@/paraglide/messages"
import ArrowLeft from "@lucide/svelte/icons/arrow-left"
import CalendarDays from "@lucide/svelte/icons/calendar-days"
import DoorOpen from "@lucide/svelte/icons/door-open"
import Lock from "@lucide/svelte/icons/lock"
import Monitor from "@lucide/svelte/icons/monitor"
import Moon from "@lucide/svelte/icons/moon"
import NotebookPen from "@lucide/svelte/icons/notebook-pen"
import Plus from "@lucide/svelte/icons/plus"
import Settings from "@lucide/svelte/icons/settings"
import Sprout from "@lucide/svelte/icons/sprout"
import Sun from "@lucide/svelte/icons/sun"
import UsersRound from "@lucide/svelte/icons/users-round"
import Wifi from "@lucide/svelte/icons/wifi"
import WifiOff from "@lucide/svelte/icons/wifi-off"

export interface Entry {
  /** Of its own among all: whoever is in two circles can give a document of one the id of one of the other. */
  readonly id: string
  readonly label: string
  /** Where it is: the circle of a note. */
  readonly where?: string
  readonly icon: Icon
  readonly keys?: string
  /** It would only be in the way until somebody types. */
  readonly onlyTyped?: boolean
  readonly run: () => void
}

export interface Group {
  readonly name: string
  readonly entries: readonly Entry[]
}

export interface Found {
  readonly circle: Circle
  readonly notes: readonly NoteSummary[]
  readonly plans: readonly PlanSummary[]
}

/** The notes and gatherings of every circle. One that can't be read is left out; its own page says why. */
export async function everything(host: Host, circles: readonly Circle[]): Promise<Found[]> {
  const all = circles
    .filter((circle) => circle.state === "member")
    .map(async (circle): Promise<Found[]> => {
      const which = { circle: circle.id, away: false }
      try {
        const [{ notes }, { plans }] = await Promise.all([host.call("note_list", which), host.call("plan_list", which)])
        return [{ circle, notes, plans }]
      } catch {
        return []
      }
    })
  return (await Promise.all(all)).flat()
}

const to = (where: Route) => (): void => go(where)

/** Everything there is, in the order in which it is shown before somebody types. */
export function offers(host: Host, found: readonly Found[]): Group[] {
  return [
    { name: m.shell_palette_circles(), entries: (laptop.circles ?? []).flatMap(rooms) },
    { name: m.shell_palette_notes(), entries: found.flatMap(notes) },
    { name: m.shell_palette_gatherings(), entries: found.flatMap(gatherings) },
    { name: m.shell_palette_actions(), entries: actions(host) },
  ]
}

function rooms({ id: circle, name, kind, state }: Circle): Entry[] {
  const whole = { id: circle, label: name, icon: kindIcon(kind), run: to({ name: "circle", circle }) }
  if (state !== "member") return [whole]
  const room = (route: "notes" | "gatherings" | "people", label: string, icon: Icon): Entry => ({
    id: `${circle}/${route}`,
    label,
    where: name,
    icon,
    onlyTyped: true,
    run: to({ name: route, circle }),
  })
  return [
    whole,
    room("notes", m.shell_notes(), NotebookPen),
    room("gatherings", m.shell_gatherings(), CalendarDays),
    room("people", m.shell_people(), UsersRound),
  ]
}

function notes({ circle, notes }: Found): Entry[] {
  return notes.map((note) => ({
    id: `note/${circle.id}/${note.id}`,
    label: titleWords(note.title),
    where: circle.name,
    icon: NotebookPen,
    run: to({ name: "note", circle: circle.id, note: note.id }),
  }))
}

function gatherings({ circle, plans }: Found): Entry[] {
  return plans.map((plan) => ({
    id: `gathering/${circle.id}/${plan.id}`,
    label: plan.title,
    where: circle.name,
    icon: CalendarDays,
    run: to({ name: "gathering", circle: circle.id, plan: plan.id }),
  }))
}

function actions(host: Host): Entry[] {
  const at = route.circle === null ? undefined : laptop.circle(route.circle)
  const all: Entry[] = [
    { id: "start", label: m.shell_new_circle(), icon: Sprout, run: () => show({ name: "start" }) },
    { id: "join", label: m.shell_join_circle(), icon: DoorOpen, run: () => show({ name: "join" }) },
    {
      id: "settings",
      label: m.shell_settings(),
      icon: Settings,
      keys: shortcut("settings"),
      run: to({ name: "settings", section: "you" }),
    },
    { id: "lock", label: m.shell_lock(), icon: Lock, keys: shortcut("lock"), run: () => void lockUp(host) },
  ]
  if (at?.state === "member") {
    const label = m.shell_palette_new_note({ circle: at.name })
    const run = (): void => attempt(label, newNote(host, at.id))
    all.unshift({ id: "note", label, icon: Plus, keys: shortcut("note"), run })
  }
  if (route.canGoBack) {
    all.push({ id: "back", label: m.shell_palette_back(), icon: ArrowLeft, keys: shortcut("back"), run: back })
  }
  return [...all, ...network(host), ...themes(host)]
}

function network(host: Host): Entry[] {
  if (laptop.status === undefined) return []
  // What can't be done is told where the switch is.
  const set = (wanted: boolean) => (): void =>
    void host.call("network_set", { wanted }).then(refresh, () => go({ name: "settings", section: "privacy" }))
  return laptop.status.online
    ? [{ id: "offline", label: m.shell_palette_offline(), icon: WifiOff, run: set(false) }]
    : [{ id: "online", label: m.shell_palette_online(), icon: Wifi, run: set(true) }]
}

function themes(host: Host): Entry[] {
  const { theme } = preferences.current
  const all = [
    { theme: "light", label: m.shell_palette_theme_light(), icon: Sun },
    { theme: "dark", label: m.shell_palette_theme_dark(), icon: Moon },
    { theme: "system", label: m.shell_palette_theme_system(), icon: Monitor },
  ] as const
  return all
    .filter((one) => one.theme !== theme)
    .map((one) => ({
      id: one.theme,
      label: one.label,
      icon: one.icon,
      run: () => attempt(one.label, changePreferences(host, { theme: one.theme })),
    }))
}
