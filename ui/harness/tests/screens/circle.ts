/** A circle's own page, in each way that it can stand; and what its menu opens. */
import { ENLARGED } from "../stage"
import { PAIR, READERS, type Screen } from "./screen"

const home = { to: "circle", circle: READERS } as const
const pair = { to: "circle", circle: PAIR } as const

export const circleScreens: readonly Screen[] = [
  { name: "circle", way: home, shows: (at) => at.by("heading", "circle_home_recent") },
  {
    name: "circle-new",
    world: ({ script }) => void script.circle("Walks", "values", ["Anna"]),
    way: { to: "circle", circle: "Walks" },
    shows: (at) => at.by("button", "circle_opener_note"),
  },
  {
    name: "circle-alone",
    world: ({ script }) => void script.circle("Caring for our parents", "life"),
    way: { to: "circle", circle: "Caring for our parents" },
    shows: (at) => at.by("button", "circle_opener_invite"),
  },
  {
    name: "circle-joining",
    world: ({ script }) => script.circleState("Two of us", "joining"),
    way: pair,
    shows: (at) => at.by("heading", "circle_joining_title"),
  },
  {
    name: "circle-leaving",
    world: ({ script }) => script.circleState("Two of us", "leaving"),
    way: pair,
    shows: (at) => at.by("heading", "circle_leaving_title"),
  },
  {
    name: "circle-damaged",
    world: ({ script }) => script.circleState("Two of us", "damaged"),
    way: pair,
    shows: (at) => at.by("heading", "circle_damaged_title"),
  },
  {
    name: "circle-damaged-leave",
    world: ({ script }) => script.circleState("Two of us", "damaged"),
    way: pair,
    reach: (at) => at.by("button", "circle_damaged_leave").click(),
    shows: (at) => at.page.getByRole("dialog"),
  },
  {
    name: "circle-stopped",
    world: ({ script }) => script.stop("Two of us"),
    way: pair,
    shows: (at) => at.by("heading", "circle_stopped_title"),
  },
  {
    name: "circle-asks",
    world: ({ script, join, world }) => {
      const readers = world.circle("Five who read")
      readers.invitations.push({ id: "1f".repeat(16), state: "open", expires: Date.now() + 6e8, confirm: true, asking: [] })
      join.ask(readers, "Gabriella")
      script.missed()
    },
    way: home,
    shows: (at) => at.by("button", "people_asks_let_in", { name: "Gabriella" }),
  },
  {
    name: "asked",
    world: ({ join, world }) => {
      const readers = world.circle("Five who read")
      readers.invitations.push({ id: "1f".repeat(16), state: "open", expires: Date.now() + 6e8, confirm: true, asking: [] })
      join.ask(readers, "Gabriella")
    },
    way: { to: "people", circle: PAIR },
    shows: (at) => at.page.getByRole("navigation").getByText(at.say("circle_asking", { count: 1 }), { exact: true }),
  },
  {
    name: "asked-enlarged",
    world: ({ join, world }) => {
      const readers = world.circle("Five who read")
      readers.invitations.push({ id: "1f".repeat(16), state: "open", expires: Date.now() + 6e8, confirm: true, asking: [] })
      join.ask(readers, "Gabriella")
    },
    way: { to: "people", circle: PAIR },
    reach: (at) => at.resize(ENLARGED),
    shows: (at) => at.page.getByRole("button", { name: at.say("circle_asking", { count: 1 }), exact: true }),
  },
  {
    name: "circle-nameless",
    world: ({ script }) => {
      script.circleState(script.circle("", null), "joining")
      script.circleState("Two of us", "damaged")
    },
    shows: (at) => at.page.getByRole("navigation").getByText(at.say("circle_damaged_name"), { exact: true }),
  },
  {
    name: "circle-gone",
    way: pair,
    reach: async (at) => {
      await at.page.getByRole("heading", { level: 1, name: PAIR }).waitFor()
      await at.world((host) => void host.call("circle_leave", { circle: host.world.circle("Two of us").id }))
    },
    shows: (at) => at.by("heading", "circle_gone_title"),
  },
  {
    name: "circle-menu",
    way: home,
    reach: (at) => at.by("button", "circle_menu").click(),
    shows: (at) => at.by("menuitem", "circle_menu_leave"),
  },
  {
    name: "circle-rename",
    way: home,
    reach: async (at) => {
      await at.by("button", "circle_menu").click()
      await at.by("menuitem", "circle_menu_rename").click()
    },
    shows: (at) => at.by("dialog", "circle_rename_title"),
  },
  {
    name: "circle-export",
    way: home,
    reach: async (at) => {
      await at.by("button", "circle_menu").click()
      await at.by("menuitem", "circle_menu_export").click()
      await at.by("button", "circle_export_choose").click()
    },
    shows: (at) => at.page.getByText("/home/cleo/Snug copy"),
  },
  {
    name: "circle-leave",
    way: home,
    reach: async (at) => {
      await at.by("button", "circle_menu").click()
      await at.by("menuitem", "circle_menu_leave").click()
    },
    shows: (at) => at.by("button", "circle_leave_stay"),
  },
  {
    name: "circle-error",
    world: (host) => host.fail("note_new", "disk_full"),
    way: home,
    reach: (at) => at.by("button", "circle_home_new_note").click(),
    shows: (at) => at.page.getByText(at.say("errors_disk_full_what")),
  },
]
