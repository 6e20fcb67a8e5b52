// What a person does in a window, in the words that it shows.

import { m } from "@/paraglide/messages"
import { Key } from "../driver/webdriver"
import { untilTrue } from "../driver/until"
import type { Window } from "../driver/window"

/** The first run: a name and a passphrase. */
export async function begin(window: Window, name: string, passphrase: string): Promise<void> {
  await window.fill(m.start_name_label(), name)
  await window.click("button", m.start_next())
  await window.see(m.start_protect_title())
  await fillPassphrase(window, m.start_passphrase_label(), passphrase)
  await fillPassphrase(window, m.start_again_label(), passphrase)
  await window.click("button", m.start_protect_submit())
  await window.find("heading", m.start_choose_title({ name }))
}

/** Opens the lock. */
export async function unlock(window: Window, passphrase: string): Promise<void> {
  await fillPassphrase(window, m.start_unlock_label(), passphrase)
  await window.click("button", m.start_unlock_submit())
}

/** Passphrases have no role, so that nothing reads them aloud; they are found by their label. */
export async function fillPassphrase(window: Window, label: string, passphrase: string): Promise<void> {
  await window.clickLabel(label)
  await window.press("a", Key.control)
  await window.type(passphrase)
}

/** Starts a circle from the first page. */
export async function startCircle(window: Window, name: string): Promise<void> {
  await window.click("button", m.shell_new_circle())
  await window.fill(m.circle_new_name(), name)
  await window.click("button", m.circle_new_submit())
  await window.find("heading", name)
}

/** Invites one person from the circle that is shown, and gives the link. */
export async function invite(window: Window, look?: (link: string) => Promise<void>): Promise<string> {
  await window.click("button", m.circle_home_invite())
  await window.click("button", m.people_invite_make())
  const link = await linkShown(window)
  await look?.(link)
  await window.click("button", m.people_invite_done())
  await window.gone("dialog")
  return link
}

/** The link of the invitation that is shown. */
export async function linkShown(window: Window): Promise<string> {
  const field = await window.find("textbox", m.people_invite_link())
  return (await window.session.run("return arguments[0].value", field)) as string
}

/** Asks to be let in, from the first page. */
export async function ask(window: Window, link: string): Promise<void> {
  await window.click("button", m.shell_join_circle())
  await window.fill(m.people_join_link(), link)
  await window.click("button", m.people_join_submit())
}

/** Lets somebody in who asks. */
export async function letIn(window: Window, name: string): Promise<void> {
  await window.click("button", m.people_asks_let_in({ name }))
  await window.see(m.people_asks_let_in_done({ name }))
}

/** Waits until one is let in and sees the circle. */
export async function enter(window: Window, circle: string): Promise<void> {
  await window.find("heading", circle)
}

/** Goes to the circle's home by the sidebar. */
export async function goHome(window: Window, circle: string): Promise<void> {
  await window.click("button", circle)
  await window.find("heading", circle)
}

/** Takes the laptop off the network, in the settings. */
export async function goOffline(window: Window): Promise<void> {
  await switchNetwork(window)
  await window.see(m.settings_network_off())
}

/** Puts it back. */
export async function goOnline(window: Window): Promise<void> {
  await switchNetwork(window)
  await window.see(m.settings_network_on())
}

async function switchNetwork(window: Window): Promise<void> {
  await window.click("button", m.shell_settings())
  await window.click("button", m.settings_privacy())
  await window.click("switch", m.settings_network_switch())
}

/** Locks, and waits for the page that comes then: the one that was open goes. */
export async function lock(window: Window): Promise<void> {
  await window.session.run("window.opened_ = true")
  await window.click("button", m.shell_lock())
  await untilTrue("a new page", async () => (await window.session.run("return window.opened_ ?? false")) === false)
  await window.labelled(m.start_unlock_label())
}

/** Opens a note of the circle that is shown. */
export async function openNote(window: Window, title: string): Promise<void> {
  await window.click("button", new RegExp(`^${title}`, "u"))
  await window.find("textbox", m.note_text_label({ title }))
}

/** Begins a note in the circle that is shown; the cursor is in its text then. */
export async function newNote(window: Window, title: string): Promise<void> {
  await window.click("button", m.circle_home_new_note())
  await window.fill(m.note_title_label(), title)
  await window.press(Key.enter)
  await window.find("textbox", m.note_text_label({ title }))
}

/** What is proposed. */
export interface Proposal {
  readonly place?: string
  /** `2026-12-03` */
  readonly day?: string
  /** `18:30` */
  readonly time?: string
}

/** Proposes a gathering in the circle that is shown, and is at it then. */
export async function propose(window: Window, title: string, { place, day, time }: Proposal = {}): Promise<void> {
  await window.click("button", m.circle_home_propose())
  await window.fill(m.gathering_form_title(), title)
  const [year, month, date] = day?.split("-") ?? []
  const [hour, minute] = time?.split(":") ?? []
  await typeParts(window, { [m.shell_date_year()]: year, [m.shell_date_month()]: month, [m.shell_date_day()]: date })
  await typeParts(window, { [m.shell_time_hour()]: hour, [m.shell_time_minute()]: minute })
  if (place !== undefined) await window.fill(m.gathering_form_place(), place)
  await window.click("button", m.gathering_form_create())
  await window.gone("dialog")
  await window.find("heading", title)
}

/** Types the parts of a date or a time, whatever their order is in the window's language. */
async function typeParts(window: Window, parts: Readonly<Record<string, string | undefined>>): Promise<void> {
  for (const [name, digits] of Object.entries(parts)) {
    if (digits === undefined) continue
    await window.click("spinbutton", name)
    await window.type(digits)
  }
}

/** Goes to a gathering by the sidebar. */
export async function openGathering(window: Window, title: string): Promise<void> {
  await window.click("button", m.shell_gatherings())
  await window.click("button", new RegExp(`^${title}`, "u"))
  await window.find("heading", title)
}

/** Answers the gathering that is shown. */
export async function answer(window: Window, word: string): Promise<void> {
  await window.click("radio", word)
  await window.see(m.gathering_answer_saved())
}
