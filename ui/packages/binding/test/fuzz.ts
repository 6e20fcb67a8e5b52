/** One run: some replicas edit at random, hear of each other in any order, and must end equal. */
import * as Automerge from "@automerge/automerge/slim"
import { tokens } from "../src/place.js"
import { type Editor, actor, emptyNote, join } from "./harness.js"
import { plain } from "./plain.js"
import { Random, randomEdit } from "./random.js"

export function fuzzRun(seed: number, edits: number): { text: string; log: string[] } {
  const random = new Random(seed)
  const log: string[] = []
  try {
    return { text: run(random, edits, log), log }
  } catch (error) {
    throw new Error(`seed ${String(seed)}, ${String(edits)} edits:\n${log.slice(-12).join("\n")}`, { cause: error })
  }
}

function run(random: Random, edits: number, log: string[]): string {
  const editors = Array.from({ length: 2 + random.below(4) }, (_, n) => join(emptyNote(), n + 1))
  const everything: Uint8Array[] = []
  const on: Uint8Array[][] = editors.map(() => [])
  const collect = (n: number): void => {
    for (const change of editors[n]!.take()) {
      everything.push(change)
      on.forEach((queue, other) => {
        if (other !== n) queue.splice(random.below(queue.length + 1), 0, change)
      })
    }
  }
  for (let i = 0; i < edits; i++) {
    const n = random.below(editors.length)
    const editor = editors[n]!
    log.push(`${String(n)}: ${randomEdit(random, editor)}`)
    inForm(editor)
    collect(n)
    if (random.below(4) === 0) {
      const to = random.below(editors.length)
      const queue = on[to]!
      editors[to]!.receive(queue.splice(0, random.below(queue.length + 1)))
      log.push(`${String(to)} hears`)
      inForm(editors[to]!)
    }
    if (random.below(50) === 0) editor.timers.pass(2000)
  }
  editors.forEach((editor, n) => {
    editor.receive(on[n]!)
    editor.timers.pass(5000)
    inForm(editor)
  })
  const doc = editors[0]!.doc
  for (const [n, editor] of editors.entries()) {
    if (!editor.doc.eq(doc)) throw new Error(`0 and ${String(n)} differ:\n${plain(doc)}\n${plain(editor.doc)}`)
  }
  // A replica that never edited, from all changes at once, in another order.
  const late = join(emptyNote(), 99)
  late.receive(everything.reverse())
  if (!late.doc.eq(doc)) throw new Error(`the late one differs:\n${plain(doc)}\n${plain(late.doc)}`)
  const text = textOf(everything)
  // Automerge's own text has U+FFFC for a marker; a first block may have none.
  const shown = tokens(doc, 0, doc.content.size).replaceAll("\0", "\uFFFC")
  if (shown !== text && shown !== `\uFFFC${text}`) throw new Error(`shown and held differ:\n${shown}\n${text}`)
  editors.forEach((editor) => {
    editor.note.destroy()
  })
  late.note.destroy()
  return text
}

/** The tree is one that the schema allows and that flat blocks make, and nothing went wrong on the way. */
function inForm(editor: Editor): void {
  editor.doc.check()
  const fault = editor.faults[0]
  if (fault !== undefined) throw new Error(fault.code, { cause: "cause" in fault ? fault.cause : undefined })
}

/** What Automerge itself says the text is. */
function textOf(changes: readonly Uint8Array[]): string {
  let doc = Automerge.load<{ body: string }>(emptyNote(), { actor: actor(98) })
  ;[doc] = Automerge.applyChanges(doc, [...changes])
  return doc.body
}
