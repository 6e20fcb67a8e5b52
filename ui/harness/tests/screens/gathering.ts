/** The gatherings of a circle, one of them, and the form for it. */
import { EVENING, PAIR, READERS, type Screen } from "./screen"

const list = { to: "gatherings", circle: READERS } as const
const way = { to: "gathering", circle: READERS, plan: EVENING } as const

export const gatheringScreens: readonly Screen[] = [
  { name: "gatherings", way: list, shows: (at) => at.named("button", /Reading evening/) },
  {
    name: "gatherings-empty",
    way: { to: "gatherings", circle: PAIR },
    shows: (at) => at.page.getByText(at.say("gathering_list_empty_title"), { exact: true }),
  },
  {
    name: "gatherings-past",
    world: ({ script, world }) => {
      script.plan("Five who read", "The first evening", "2026-03-05T19:00", "Europe/Budapest", "Anna’s kitchen")
      script.plan("Five who read", "An idea that went", "2031-03-05T19:00", "America/New_York")
      const away = world.circle("Five who read").plans.at(-1)
      if (away) away.away = true
    },
    way: list,
    reach: async (at) => {
      for (const summary of await at.page.locator("summary").all()) await summary.click()
    },
    shows: (at) => at.named("button", /The first evening/),
  },
  {
    name: "gathering",
    way,
    shows: (at) => at.by("radio", "gathering_answer_yes"),
  },
  {
    name: "gathering-answered",
    way,
    reach: (at) => at.by("radio", "gathering_answer_if_need_be").check({ force: true }),
    shows: (at) => at.page.getByText(at.say("gathering_answer_saved"), { exact: true }),
  },
  {
    name: "gathering-elsewhere",
    way: { to: "gathering", circle: READERS, plan: "Over the sea" },
    world: ({ script }) => {
      script.plan(
        "Five who read",
        "Over the sea",
        "2031-12-24T18:00",
        "America/Argentina/Buenos_Aires",
        "The house behind the old lighthouse, ring twice; the dog is friendly",
      )
    },
    shows: (at) => at.by("radio", "gathering_answer_yes"),
  },
  {
    name: "gathering-away",
    way,
    world: ({ world }) => {
      const circle = world.circle("Five who read")
      world.plan(circle, "Reading evening").away = true
    },
    shows: (at) => at.page.getByText(at.say("gathering_is_away"), { exact: true }),
  },
  {
    name: "gathering-held",
    way,
    reach: (at) => at.page.locator(".popover-trigger").click(),
    shows: (at) => at.by("heading", "people_holders_title"),
  },
  {
    name: "gathering-menu",
    way,
    reach: (at) => at.by("button", "gathering_menu").click(),
    shows: (at) => at.by("menuitem", "gathering_put_away"),
  },
  {
    name: "gathering-new",
    way: list,
    reach: (at) => at.by("button", "gathering_list_propose").click(),
    shows: (at) => at.by("dialog", "gathering_new_title"),
  },
  {
    name: "gathering-new-faults",
    way: list,
    reach: async (at) => {
      await at.by("button", "gathering_list_propose").click()
      await at.by("spinbutton", "shell_time_hour").click()
      await at.page.keyboard.type("1800")
      await at.by("button", "gathering_form_create").click()
    },
    shows: (at) => at.page.getByText(at.say("gathering_time_no_day"), { exact: true }),
  },
  {
    name: "gathering-calendar",
    way,
    reach: async (at) => {
      await at.by("button", "gathering_change").click()
      await at.by("button", "shell_calendar_open").click()
    },
    shows: (at) => at.page.getByRole("grid"),
  },
  {
    name: "gathering-zones",
    way: list,
    reach: async (at) => {
      await at.by("button", "gathering_list_propose").click()
      await at.by("combobox", "gathering_form_zone").click()
      await at.page.keyboard.type("San")
    },
    shows: (at) => at.page.getByRole("option"),
  },
  {
    name: "gathering-change",
    way,
    reach: (at) => at.by("button", "gathering_change").click(),
    shows: (at) => at.by("dialog", "gathering_change_title"),
  },
]
