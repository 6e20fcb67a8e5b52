// The demo: two laptops, each with a real window, and one circle.
//
// It does what people do, through the windows alone, and imitates nothing. Both laptops stay on loopback. With a display
// the windows are seen there; without one each has its own, that nobody sees. It fails if any text differs in the end.

import { m } from "@/paraglide/messages"
import { Display } from "../driver/display"
import type { Laptop } from "../driver/laptop"
import { Room } from "../driver/room"
import { untilTrue } from "../driver/until"
import type { Window } from "../driver/window"
import {
  answer,
  ask,
  begin,
  enter,
  goHome,
  goOffline,
  goOnline,
  invite,
  letIn,
  newNote,
  openGathering,
  openNote,
  propose,
  startCircle,
} from "../story/acts"
import { CIRCLE, NOTE } from "../story/names"
import { Told } from "./told"

/** Where two windows stand beside each other, if the desktop lets them. */
const BESIDE = [
  [0, 40, 940, 760],
  [960, 40, 940, 760],
] as const

const GATHERING = "The long loop"

export async function main(): Promise<void> {
  const room = await Room.enter()
  try {
    const display = Display.thatIsSeen()
    const outfit = display === undefined ? {} : { display }
    await tell(
      room.laptop("Anna", { ...outfit, zone: "Europe/Budapest" }),
      room.laptop("Ben", { ...outfit, zone: "Europe/Lisbon" }),
    )
  } finally {
    await room.leave()
  }
}

async function tell(anna: Laptop, ben: Laptop): Promise<void> {
  const told = await Told.begin([anna, ben])
  const [hers, his] = await Promise.all([anna.open(), ben.open()])
  if (Display.thatIsSeen() !== undefined) {
    await hers.session.place(...BESIDE[0])
    await his.session.place(...BESIDE[1])
  }
  await told.step("open", "two laptops open Snug for the first time")
  await Promise.all([begin(hers, anna.name, anna.passphrase), begin(his, ben.name, ben.passphrase)])
  await told.step("begin", "Anna and Ben each choose a name and a passphrase")
  await startCircle(hers, CIRCLE)
  await told.step("found", "Anna starts the circle, alone")

  const link = await invite(hers, () => told.step("invite", "Anna makes an invitation for one person"))
  await ask(his, link)
  await hers.find("button", m.people_asks_let_in({ name: ben.name }))
  await told.step("ask", "Ben pastes the link; Anna is asked")
  await letIn(hers, ben.name)
  await enter(his, CIRCLE)
  await told.step("join", "Anna lets him in, and he sees the circle")

  await newNote(hers, NOTE)
  await hers.type("Near\n")
  await openNote(his, NOTE)
  await untilTrue("Anna's word in Ben's window", async () => (await his.note()).includes("Near"))
  await told.step("note", "Anna begins a note, and Ben opens it")
  await his.cursorAfter("Near")
  await Promise.all([
    typed(hers, "There is a bench at the weir."),
    typed(his, "\nThe ferry goes until six."),
  ])
  const together = ["There is a bench at the weir.", "The ferry goes until six."]
  await agree([hers, his], together)
  await told.step("together", "both write in it at the same time, and read the same")

  await goOffline(his)
  await told.step("off", "Ben goes off the network")
  await goHome(his, CIRCLE)
  await openNote(his, NOTE)
  await his.cursorAfter("The ferry goes")
  await Promise.all([typed(hers, " Rain until noon."), typed(his, " On the train: bring boots.")])
  for (const window of [hers, his]) await window.see(m.note_saved())
  await told.step("apart", "both write apart")
  await goOnline(his)
  await goHome(his, CIRCLE)
  await openNote(his, NOTE)
  await agree([hers, his], [...together, " Rain until noon.", " On the train: bring boots."])
  await hers.see(m.people_holding({ holding: 2, laptops: 2 }))
  await his.see(m.people_holding({ holding: 2, laptops: 2 }))
  await told.step("again", "Ben is back: both read the same again, nothing is lost, and both windows say so")

  await goHome(hers, CIRCLE)
  await propose(hers, GATHERING, { place: "The weir", day: "2031-12-03", time: "10:00" })
  await openGathering(his, GATHERING)
  await told.step("plan", "Anna proposes a walk, and Ben sees it, each with the time on their own clock")
  await answer(hers, m.gathering_answer_yes())
  await answer(his, m.gathering_answer_if_need_be())
  await untilTrue("both answers in both windows", async () => {
    const shown = await Promise.all([hers.text(), his.text()])
    return shown.every((text) => text.split(m.gathering_answer_if_need_be()).length > 2)
  })
  await told.step("answer", "both answer, and see each other's answer")

  const [note, plan] = await Promise.all([same([anna, ben], noteOf), same([anna, ben], planOf)])
  told.text(`${NOTE}, on both laptops`, note)
  told.text(`${GATHERING}, on both laptops`, plan)
  for (const window of [hers, his]) {
    const faults = await window.faults()
    if (faults.length > 0) throw new Error(`${window.whose}'s page: ${faults.join("\n")}`)
  }
  told.end()
}

async function noteOf(laptop: Laptop): Promise<string> {
  return laptop.ok(["note", "show", CIRCLE, NOTE])
}

/** What is the same on every laptop: not whose it is, its clock, or what it heard of the others. */
async function planOf(laptop: Laptop): Promise<string> {
  const shown = JSON.parse(await laptop.ok(["--json", "plan", "show", CIRCLE, GATHERING])) as {
    readonly place: string
    readonly at: { readonly local: string; readonly zone: string }
    readonly answers: readonly { readonly person: string; readonly answer: string }[]
  }
  const answers = shown.answers.map(({ person, answer }) => `${person}: ${answer}`)
  return [`${shown.at.local} ${shown.at.zone}`, shown.place, ...answers].join("\n")
}

/** What both laptops say through the command line, which must be the same. */
async function same(laptops: readonly [Laptop, Laptop], ask: (laptop: Laptop) => Promise<string>): Promise<string> {
  const [one, other] = await Promise.all([ask(laptops[0]), ask(laptops[1])])
  if (one !== other) throw new Error(`the laptops differ:\n${one}\n---\n${other}`)
  return one
}

/** Types a few letters at a time, as people do. */
async function typed(window: Window, words: string): Promise<void> {
  for (const piece of words.match(/.{1,3}/gsu) ?? []) await window.type(piece)
}

/** Waits until both windows show the same note, with all of these words. */
async function agree(windows: readonly Window[], words: readonly string[]): Promise<void> {
  let texts: readonly string[] = []
  await untilTrue("the same note in both windows", async () => {
    texts = await Promise.all(windows.map((window) => window.note()))
    return texts.every((text) => text === texts[0] && words.every((word) => text.includes(word)))
  }).catch((error: unknown) => {
    throw new Error(`the windows say:\n${texts.join("\n---\n")}`, { cause: error })
  })
  for (const window of windows) await window.see(m.note_saved())
}
