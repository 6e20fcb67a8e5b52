/** The notes of a circle, and one of them in its editor. */
import { NOTE, PAIR, READERS, type Screen } from "./screen"
import type { Stage } from "../stage"

const way = { to: "note", circle: READERS, note: NOTE } as const
const text = (at: Stage) => at.page.locator("[contenteditable=true]")

export const noteScreens: readonly Screen[] = [
  { name: "notes", way: { to: "notes", circle: READERS }, shows: (at) => at.named("button", /The Door/) },
  {
    name: "notes-empty",
    world: ({ script }) => void script.circle("Walks", "interest", ["Anna"]),
    way: { to: "notes", circle: "Walks" },
    shows: (at) => at.page.getByText(at.say("note_list_empty"), { exact: true }),
  },
  {
    name: "notes-many",
    world: ({ script }) => {
      const walks = script.circle("Walks", "interest", ["Anna"])
      for (let n = 1; n <= 260; n++) script.note(walks, `Walk ${n}: along the canal, and back over the hill`, "", n * 36e5)
    },
    way: { to: "notes", circle: "Walks" },
    shows: (at) => at.named("button", /Walk 1:/),
  },
  {
    name: "notes-away",
    world: ({ world }) => {
      const notes = world.circle("Five who read").notes
      for (const note of notes.slice(1)) note.away = true
    },
    way: { to: "notes", circle: READERS },
    reach: (at) => at.page.locator("summary").click(),
    shows: (at) => at.named("button", /The Door/),
  },
  { name: "note", way, shows: text },
  {
    name: "note-empty",
    world: ({ script }) => void script.note("Two of us", "Untitled"),
    way: { to: "note", circle: PAIR, note: "Untitled" },
    shows: text,
  },
  {
    name: "note-long",
    world: ({ script }) => {
      const part = "## A chapter\n\nWe met at the fountain, and Béla had brought a thermos. It rained **a little**, and nobody minded.\n\n"
      script.note("Two of us", "Donaudampfschifffahrtsgesellschaftskapitänswitwe and other long words", part.repeat(30))
    },
    way: { to: "note", circle: PAIR, note: "Donaudampfschifffahrtsgesellschaftskapitänswitwe and other long words" },
    shows: text,
  },
  {
    name: "note-kind",
    way,
    reach: async (at) => {
      await text(at).click()
      await at.page.getByRole("toolbar").getByRole("button").first().click()
    },
    shows: text,
  },
  {
    name: "note-held",
    way,
    reach: async (at) => {
      await text(at).waitFor()
      await at.page.locator(".popover-trigger").click()
    },
    shows: (at) => at.by("heading", "people_holders_title"),
  },
  {
    name: "note-menu",
    way,
    reach: (at) => at.by("button", "note_more").click(),
    shows: (at) => at.by("menuitem", "note_put_away"),
  },
  {
    name: "note-away",
    way,
    world: (host) => {
      host.world.note(host.world.circle("Five who read"), "What we read next").away = true
    },
    shows: (at) => at.by("button", "note_bring_back"),
  },
  {
    name: "note-halted",
    way,
    world: (host) => host.fail("note_write", "disk_full", 1000),
    reach: async (at) => {
      await text(at).click()
      await at.page.keyboard.type("And one more thing.")
    },
    shows: (at) => at.page.getByText(at.say("note_halted_unsaved"), { exact: true }),
  },
  {
    name: "note-plain",
    way,
    world: (host) => host.fail("note_open", "internal", 1000),
    shows: (at) => at.by("textbox", "note_plain_add_label"),
  },
]
