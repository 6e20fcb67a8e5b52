import { EditorView } from "prosemirror-view"
import { TextSelection } from "prosemirror-state"
import { afterEach, expect, test } from "vitest"
import { HandTimers } from "../../packages/binding/test/harness.js"
import { HostError } from "@/lib/host/error"
import { FakeCore } from "./fake-core"
import { LineEnded } from "./line"
import { AGAIN_MS, COMPOSING_MS, NoteSession, type NoteState, STEADY_MS } from "./session"
import { unsaved } from "./unsaved"

/** Lets promises that are settled be answered. */
async function turns(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve))
}

class Window {
  readonly timers = new HandTimers()
  time = 0
  readonly states: NoteState[] = []
  view!: EditorView
  readonly session: NoteSession

  constructor(
    readonly core: FakeCore,
    circle = "c",
  ) {
    this.session = new NoteSession({
      host: core,
      circle,
      note: "n",
      start: () => Promise.resolve(),
      show: (state) =>
        (this.view = new EditorView(document.createElement("div"), {
          state,
          editable: () => this.session.state.name === "open",
        })),
      plugins: () => [],
      onState: (state) => this.states.push(state),
      timers: this.timers,
      now: () => this.time,
    })
  }

  async open(): Promise<this> {
    await this.session.open()
    return this
  }

  type(text: string): void {
    this.view.dispatch(this.view.state.tr.insertText(text))
  }

  async pass(ms: number): Promise<void> {
    this.time += ms
    this.timers.pass(ms)
    await turns()
  }

  get text(): string {
    return this.view.state.doc.textContent
  }
}

const HERE = { circle: "c", note: "n" }

afterEach(() => {
  unsaved.drop(HERE)
})

test("what is typed is saved when it is durable, not before", async () => {
  const core = new FakeCore()
  let land = (): void => undefined
  core.before = () => new Promise((resolve) => (land = resolve))
  const window = await new Window(core).open()
  window.type("hello")
  await turns()
  expect(window.session.state).toEqual({ name: "open", saved: false })
  land()
  await turns()
  expect([core.text, window.session.state]).toEqual(["\ufffchello", { name: "open", saved: true }])
})

test("what others write is shown, and one's own isn't shown twice", async () => {
  const core = new FakeCore()
  const [a, b] = [await new Window(core).open(), await new Window(core).open()]
  a.type("one ")
  await turns()
  await b.pass(0)
  b.view.dispatch(b.view.state.tr.insertText("two", 5))
  await b.session.settle()
  await a.pass(0)
  expect([a.text, b.text]).toEqual(["one two", "one two"])
})

test("a line that was too slow is opened anew: caret and unsent words stay, nothing comes twice", async () => {
  const core = new FakeCore()
  const window = await new Window(core).open()
  window.type("first second")
  await turns()
  window.view.dispatch(window.view.state.tr.setSelection(TextSelection.create(window.view.state.doc, 6)))
  core.write((doc, body) => doc.splice(body, 1, 0, "theirs "))
  core.end("lagged")
  // Typed while there is no line.
  window.type("!")
  await turns()
  await window.session.settle()
  expect(window.text).toBe("theirs first! second")
  expect(core.text).toBe("\ufffctheirs first! second")
  expect(window.view.state.selection.head).toBe(14)
  expect([core.opened, window.session.state]).toEqual([2, { name: "open", saved: true }])
})

test("a write whose answer was lost with the line isn't sent again", async () => {
  const core = new FakeCore()
  const window = await new Window(core).open()
  core.after = () => Promise.reject(new Error("lost"))
  window.type("once")
  core.end("lagged")
  core.after = () => Promise.resolve()
  await turns()
  await window.session.settle()
  expect(core.text).toBe("\ufffconce")
  expect(window.text).toBe("once")
})

test("lines that end again and again are opened later and later, and then it is told", async () => {
  const core = new FakeCore()
  const window = await new Window(core).open()
  for (const wait of AGAIN_MS) {
    core.end("closed")
    await turns()
    await window.pass(wait)
  }
  expect(core.opened).toBe(1 + AGAIN_MS.length)
  expect(window.session.state.name).toBe("open")
  core.end("closed")
  await window.pass(60_000)
  expect(window.session.state).toMatchObject({ name: "halted", unsaved: false })

  const steady = await new Window(core).open()
  for (let i = 0; i < 10; i++) {
    await steady.pass(STEADY_MS + 1)
    core.end("lagged")
    await turns()
  }
  expect(steady.session.state.name).toBe("open")
})

test("a write that fails: the words stay, nothing more is taken, and trying again saves them once", async () => {
  const core = new FakeCore()
  const window = await new Window(core).open()
  const full = new HostError("disk_full", "the disk is full")
  core.before = () => Promise.reject(full)
  window.type("precious")
  await turns()
  expect(window.session.state).toEqual({ name: "halted", error: full, unsaved: true })
  expect([window.text, window.view.editable]).toEqual(["precious", false])

  await window.session.open()
  await turns()
  expect(window.session.state).toMatchObject({ name: "halted", unsaved: true })
  expect(window.text).toBe("precious")

  core.before = () => Promise.resolve()
  core.write((doc, body) => doc.splice(body, 0, 0, "theirs, "))
  await window.session.open()
  await window.session.settle()
  expect(window.text).toBe("theirs, precious")
  expect(core.text.replace("\ufffc", "")).toBe("theirs, precious")
  expect(window.view.editable).toBe(true)
})

test("a write on a line that had ended unheard goes on the next one", async () => {
  const core = new FakeCore()
  const window = await new Window(core).open()
  core.before = () => {
    core.before = () => Promise.resolve()
    return Promise.reject(new HostError("not_found", "no such session"))
  }
  window.type("once")
  await turns()
  await window.session.settle()
  expect([core.opened, core.text, window.session.state]).toEqual([2, "\ufffconce", { name: "open", saved: true }])
})

test("a line that ends while the note closes: the next one takes the last words", async () => {
  const core = new FakeCore()
  const window = await new Window(core).open()
  core.before = () => {
    core.before = () => Promise.resolve()
    return Promise.reject(new HostError("not_found", "no such session"))
  }
  window.type("last words")
  expect(await window.session.close()).toBe(true)
  expect([core.text, core.closed, unsaved.of(HERE)]).toEqual(["\ufffclast words", 2, null])
})

test("what is refused is told once, with the reason of the write", async () => {
  const core = new FakeCore()
  const window = await new Window(core).open()
  const why = new HostError("too_large", "too large")
  core.before = () => {
    core.end("refused")
    return Promise.reject(why)
  }
  window.type("words")
  await turns()
  expect(window.states.filter((s) => s.name === "halted")).toEqual([{ name: "halted", error: why, unsaved: true }])

  const quiet = await new Window(core).open()
  core.end("refused")
  expect(quiet.session.state).toEqual({ name: "halted", error: new LineEnded("refused"), unsaved: false })
})

test("a note that was halted stays as it is, whatever others write", async () => {
  const core = new FakeCore()
  const window = await new Window(core).open()
  core.before = () => Promise.reject(new HostError("disk_full", "the disk is full"))
  window.type("precious")
  await turns()
  core.write((doc, body) => doc.splice(body, 0, 0, "theirs, "))
  await window.pass(1_000)
  expect([window.text, core.closed]).toEqual(["precious", 1])
})

test("the next line waits until what an input method left has been taken over", async () => {
  const core = new FakeCore()
  const window = await new Window(core).open()
  for (const type of ["compositionstart", "compositionend"]) window.view.dom.dispatchEvent(new CompositionEvent(type))
  core.end("lagged")
  await turns()
  expect([window.view.composing, core.opened, core.closed]).toEqual([false, 2, 0])
  window.type("한")
  await window.pass(COMPOSING_MS.step)
  await window.session.settle()
  expect([core.closed, window.text, core.text]).toEqual([1, "한", "\ufffc한"])
})

test("words can be given up", async () => {
  const core = new FakeCore()
  const window = await new Window(core).open()
  window.type("kept ")
  await turns()
  core.before = () => Promise.reject(new HostError("too_large", "too large"))
  window.type("refused")
  await window.session.settle()
  core.before = () => Promise.resolve()
  await window.session.giveUp()
  expect([window.text, window.session.state.name]).toEqual(["kept ", "open"])
})

test("closing waits until all of it is durable, and then leaves the line", async () => {
  const core = new FakeCore()
  let land = (): void => undefined
  core.before = () => new Promise((resolve) => (land = resolve))
  const window = await new Window(core).open()
  window.type("last words")
  let closed: boolean | null = null
  void window.session.close().then((durable) => (closed = durable))
  await turns()
  expect([closed, core.closed]).toEqual([null, 0])
  land()
  await turns()
  expect([closed, core.closed, core.text]).toEqual([true, 1, "\ufffclast words"])
})

test("words that can't be written before the note closes are there when it is opened again", async () => {
  const core = new FakeCore()
  const window = await new Window(core).open()
  core.before = () => Promise.reject(new HostError("disk_full", "the disk is full"))
  window.type("precious")
  expect(await window.session.close()).toBe(false)
  core.before = () => Promise.resolve()
  const again = await new Window(core).open()
  expect(await again.session.settle()).toBe(true)
  expect([again.text, core.text, unsaved.of(HERE)]).toEqual(["precious", "\ufffcprecious", null])
})

test("words that couldn't be written wait for their own circle's note, whatever id another circle's note has", async () => {
  const core = new FakeCore()
  const window = await new Window(core).open()
  core.before = () => Promise.reject(new HostError("disk_full", "the disk is full"))
  window.type("among us")
  expect(await window.session.close()).toBe(false)
  const elsewhere = new FakeCore()
  const other = await new Window(elsewhere, "another").open()
  expect(await other.session.settle()).toBe(true)
  expect([other.text, elsewhere.text, unsaved.of(HERE) !== null]).toEqual(["", new FakeCore().text, true])
})

test("a note that is closed before it has opened is never shown", async () => {
  const core = new FakeCore()
  const window = new Window(core)
  const opening = window.session.open()
  const closing = window.session.close()
  await opening
  expect(await closing).toBe(true)
  expect([window.view as EditorView | undefined, core.closed]).toEqual([undefined, 1])
})

test("a note that can't be opened is told, and can be tried again", async () => {
  const core = new FakeCore()
  core.refuseToOpen = new HostError("not_found", "no such note")
  const window = await new Window(core).open()
  expect(window.session.state).toEqual({ name: "unreadable", error: core.refuseToOpen })
  core.refuseToOpen = null
  await window.session.open()
  expect(window.session.state.name).toBe("open")
})

test("bytes that aren't changes: the note is opened anew, with what was typed", async () => {
  const core = new FakeCore()
  const window = await new Window(core).open()
  window.type("mine")
  const broken = core.listeners[0]!
  broken.changes([new Uint8Array([1, 2, 3])])
  await window.pass(0)
  await window.session.settle()
  expect([core.opened, window.text, core.text]).toEqual([2, "mine", "\ufffcmine"])
})
