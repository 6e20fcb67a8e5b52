/** What belongs to the whole window: settings, the palette, the sidebar where there is little room. */
import { READERS, type Screen } from "./screen"
import { ENLARGED } from "../stage"

const palette = { reach: (at: Parameters<Screen["shows"]>[0]) => at.page.keyboard.press("Control+k") }

export const wholeScreens: readonly Screen[] = [
  { name: "settings-you", way: { to: "settings", section: "you" }, shows: (at) => at.by("heading", "settings_you_circles") },
  {
    name: "settings-you-circle",
    way: { to: "settings", section: "you" },
    reach: (at) => at.by("button", "settings_you_change_in", { circle: "Two of us" }).click(),
    shows: (at) => at.by("dialog", "settings_you_name_in", { circle: "Two of us" }),
  },
  { name: "settings-privacy", way: { to: "settings", section: "privacy" }, shows: (at) => at.by("switch", "settings_network_switch") },
  {
    name: "settings-privacy-off",
    world: ({ world }) => {
      world.wanted = false
    },
    way: { to: "settings", section: "privacy" },
    shows: (at) => at.page.getByText(at.say("settings_network_off"), { exact: true }),
  },
  { name: "settings-appearance", way: { to: "settings", section: "appearance" }, shows: (at) => at.by("radio", "settings_theme_dark") },
  { name: "settings-language", way: { to: "settings", section: "language" }, shows: (at) => at.named("radio", "Magyar") },
  { name: "palette", ...palette, shows: (at) => at.page.getByRole("option", { name: /The Door/ }) },
  {
    name: "palette-nothing",
    reach: async (at) => {
      await palette.reach(at)
      await at.page.getByRole("option", { name: /The Door/ }).waitFor()
      await at.page.keyboard.type("xyzzy")
    },
    shows: (at) => at.page.getByText(at.say("shell_palette_none"), { exact: true }),
  },
  {
    name: "lock-fails",
    world: (host) => host.fail("lock", "busy"),
    reach: (at) => at.by("button", "shell_lock").click(),
    shows: (at) => at.page.getByText(at.say("errors_busy_what"), { exact: true }),
  },
  {
    name: "circles-fail",
    world: (host) => {
      host.fail("circle_list", "disk_error", 1000)
      host.tell({ event: "people", circle: "" })
    },
    shows: (at) => at.page.getByText(at.say("errors_disk_error_what"), { exact: true }),
  },
  {
    name: "page-broken",
    world: (host) => {
      const call = host.call.bind(host)
      const broken = (command: string, fields: unknown): Promise<unknown> =>
        command === "note_list" ? Promise.resolve({ notes: null }) : call(command as "note_list", fields as never)
      host.call = broken as typeof call
    },
    way: { to: "notes", circle: READERS },
    shows: (at) => at.by("heading", "shell_broken"),
  },
  {
    name: "sidebar-broken",
    world: (host) => {
      const call = host.call.bind(host)
      const name = {
        toString(): string {
          throw new Error("no words")
        },
      }
      const broken = async (command: string, fields: unknown): Promise<unknown> => {
        const answer = await call(command as "circle_list", fields as never)
        return command === "circle_list" ? { ...answer, circles: answer.circles.map((circle) => ({ ...circle, name })) } : answer
      }
      host.call = broken as typeof call
      host.tell({ event: "people", circle: "" })
    },
    way: { to: "settings", section: "language" },
    shows: (at) => at.page.getByText(at.say("shell_broken_side"), { exact: true }),
  },
  {
    name: "drawer",
    reach: async (at) => {
      await at.resize(ENLARGED)
      await at.by("button", "shell_menu").click()
    },
    shows: (at) => at.by("button", "shell_lock"),
  },
]
