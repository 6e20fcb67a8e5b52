/** Outside of a circle: the first run, the lock, beginnings, ways in, and what cannot be opened. */
import type { ErrorCode } from "@/lib/api/generated/errors"
import type { Refusal } from "@/lib/api/generated/views"
import type { Stage } from "../stage"
import type { Screen } from "./screen"

const NAME = "Cleo"
const PASSPHRASE = "four small wooden boats"

const field = (at: Stage, key: string) => at.page.getByLabel(at.say(key), { exact: true })

async function name(at: Stage): Promise<void> {
  await field(at, "start_name_label").fill(NAME)
  await at.by("button", "start_next").click()
}

async function protect(at: Stage): Promise<void> {
  await name(at)
  await field(at, "start_passphrase_label").fill(PASSPHRASE)
  await field(at, "start_again_label").fill(PASSPHRASE)
  await at.by("button", "start_protect_submit").click()
  await at.by("heading", "start_choose_title", { name: NAME }).waitFor()
}

/** Somebody asks to come in from the sidebar; what becomes of it is told by the world. */
async function join(at: Stage): Promise<void> {
  await at.by("button", "shell_join_circle").click()
  await field(at, "people_join_link").fill(await at.asks(({ script }) => script.link()))
  await at.by("button", "people_join_submit").click()
  await at.page.getByText(at.say("people_join_step_look")).waitFor()
}

function unusable(code: ErrorCode): Screen {
  return {
    name: `unusable-${code}`,
    scene: "damaged",
    reach: (at) => at.page.evaluate(
      (why) => (window as unknown as { __host: { setDoor(state: object): void } }).__host.setDoor({ state: "unusable", error: { code: why, message: why } }),
      code,
    ),
    shows: (at) => at.page.getByText(at.say(`errors_${code}_what`), { exact: true }),
  }
}

function refused(reason: Refusal): Screen {
  return {
    name: `join-refused-${reason}`,
    reach: async (at) => {
      await join(at)
      await at.page.evaluate(
        (why) => (window as unknown as { __host: { script: { refuse(why: string): void } } }).__host.script.refuse(why),
        reason,
      )
    },
    shows: (at) => at.page.getByText(at.say(`people_join_refused_${reason}`), { exact: true }),
  }
}

export const outsideScreens: readonly Screen[] = [
  { name: "first-run", scene: "fresh", shows: (at) => at.by("heading", "start_welcome_title") },
  {
    name: "first-run-name-missing",
    scene: "fresh",
    reach: (at) => at.by("button", "start_next").click(),
    shows: (at) => at.page.getByText(at.say("start_name_missing"), { exact: true }),
  },
  { name: "first-run-protect", scene: "fresh", reach: name, shows: (at) => at.by("heading", "start_protect_title") },
  {
    name: "first-run-protect-different",
    scene: "fresh",
    reach: async (at) => {
      await name(at)
      await field(at, "start_passphrase_label").fill("four small boats")
      await field(at, "start_again_label").fill("four small goats")
      await at.by("button", "start_protect_submit").click()
    },
    shows: (at) => at.page.getByText(at.say("start_again_different"), { exact: true }),
  },
  { name: "welcome", scene: "fresh", reach: protect, shows: (at) => at.by("heading", "start_choose_start") },
  {
    name: "welcome-start",
    scene: "empty",
    reach: (at) => at.page.locator("main").getByRole("button", { name: at.say("shell_new_circle") }).click(),
    shows: (at) => at.by("button", "circle_new_submit"),
  },
  {
    name: "welcome-join",
    scene: "empty",
    reach: (at) => at.page.locator("main").getByRole("button", { name: at.say("shell_join_circle") }).click(),
    shows: (at) => at.by("button", "people_join_submit"),
  },
  { name: "lock", scene: "locked", shows: (at) => at.by("button", "start_unlock_submit") },
  {
    name: "lock-wrong",
    scene: "locked",
    reach: async (at) => {
      await field(at, "start_unlock_label").fill("five small wooden boats")
      await at.by("button", "start_unlock_submit").click()
    },
    shows: (at) => at.page.getByText(at.say("errors_wrong_passphrase_what")),
  },
  unusable("damaged_store"),
  unusable("newer_store"),
  unusable("foreign_folder"),
  {
    name: "start-circle",
    reach: (at) => at.by("button", "shell_new_circle").click(),
    shows: (at) => at.by("dialog", "shell_new_circle"),
  },
  { name: "join", reach: (at) => at.by("button", "shell_join_circle").click(), shows: (at) => at.by("dialog", "shell_join_circle") },
  {
    name: "join-no-link",
    reach: async (at) => {
      await at.by("button", "shell_join_circle").click()
      await field(at, "people_join_link").fill("hello")
      await at.by("button", "people_join_submit").click()
    },
    shows: (at) => at.page.getByText(at.say("people_join_link_missing"), { exact: true }),
  },
  { name: "join-looking", reach: join, shows: (at) => at.page.getByText(at.say("people_join_look_text"), { exact: true }) },
  {
    name: "join-waiting",
    reach: async (at) => {
      await join(at)
      await at.world(({ script }) => script.met())
    },
    shows: (at) => at.page.getByText(at.say("people_join_wait_text"), { exact: true }),
  },
  {
    name: "join-admitted",
    reach: async (at) => {
      await join(at)
      await at.world(({ script }) => void script.admit())
    },
    shows: (at) => at.by("button", "people_join_open"),
  },
  {
    name: "join-stop",
    reach: async (at) => {
      await join(at)
      await at.by("button", "people_wish_stop").click()
    },
    shows: (at) => at.by("dialog", "people_wish_stop_title"),
  },
  {
    name: "wishes",
    world: ({ join: story, script }) => {
      story.begin(script.link(), "Cleo")
      script.refuse("used", story.begin(script.link(), "Cleo").join)
    },
    shows: (at) => at.by("button", "shell_wish_refused"),
  },
  refused("used"),
  refused("declined"),
]
