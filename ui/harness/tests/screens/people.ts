/** The people of a circle; inviting one, and being invited. */
import type { Stage } from "../stage"
import { PAIR, READERS, type Screen } from "./screen"

const way = { to: "people", circle: READERS } as const

const invite = async (at: Stage): Promise<void> => {
  await at.by("button", "people_invite").click()
  await at.by("button", "people_invite_make").click()
}

export const peopleScreens: readonly Screen[] = [
  { name: "people", way, shows: (at) => at.by("heading", "people_here") },
  {
    name: "people-alone",
    world: ({ script }) => void script.circle("Walks", "interest"),
    way: { to: "people", circle: "Walks" },
    shows: (at) => at.page.getByText(at.say("people_alone_title"), { exact: true }),
  },
  {
    name: "people-asks",
    world: ({ join, world }) => {
      const pair = world.circle("Two of us")
      pair.invitations.push({ id: "2f".repeat(16), state: "open", expires: Date.now() + 6e8, confirm: true, asking: [] })
      join.ask(pair, "Gabriella")
      join.ask(pair, "Maximilian von und zu Hohenstein-Wittelsbach")
    },
    way: { to: "people", circle: PAIR },
    shows: (at) => at.by("button", "people_asks_let_in", { name: "Gabriella" }),
  },
  {
    name: "people-leftwards",
    world: ({ join, world }) => {
      const pair = world.circle("Two of us")
      world.addPerson(pair, "נועה (2)")
      pair.invitations.push({ id: "2f".repeat(16), state: "open", expires: Date.now() + 6e8, confirm: true, asking: [] })
      join.ask(pair, "مريم 3")
      join.ask(pair, "דוד!")
    },
    way: { to: "people", circle: PAIR },
    shows: (at) => at.by("button", "people_asks_let_in", { name: "דוד!" }),
  },
  {
    name: "people-left-and-split",
    world: ({ script }) => {
      script.leaves("Five who read", "Doro")
      script.split("Five who read", "Emre")
    },
    way,
    shows: (at) => at.by("heading", "people_left"),
  },
  {
    name: "people-rename",
    way,
    reach: (at) => at.by("button", "people_rename").click(),
    shows: (at) => at.by("dialog", "people_rename_title"),
  },
  {
    name: "people-held",
    way,
    reach: (at) => at.page.locator(".popover-trigger").click(),
    shows: (at) => at.by("heading", "people_holders_title"),
  },
  {
    name: "invite",
    way,
    reach: (at) => at.by("button", "people_invite").click(),
    shows: (at) => at.by("dialog", "people_invite_title"),
  },
  { name: "invite-made", way, reach: invite, shows: (at) => at.by("dialog", "people_invite_ready_title") },
  {
    name: "invitations",
    world: ({ world }) => {
      const { invitations } = world.circle("Five who read")
      const state = ["open", "open", "used", "withdrawn", "expired"] as const
      for (const [n, how] of state.entries()) {
        const expires = Date.now() + (n < 2 ? 1 : -1) * (n + 1) * 1e8
        invitations.push({ id: `${n}`.repeat(32), state: how, expires, confirm: n === 0, asking: [] })
      }
    },
    way,
    reach: (at) => at.page.locator("summary").click(),
    shows: (at) => at.page.getByText(at.say("people_open_used"), { exact: true }),
  },
]
