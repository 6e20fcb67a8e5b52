/** The checks find what they are there to find: each is shown a page with its fault, and the same without it. */
import { afterEach, describe, expect, it } from "vitest"
import { violations } from "./checks/axe"
import { focusFaults } from "./checks/focus"
import { layoutFaults } from "./checks/layout"
import { motionFaults } from "./checks/motion"
import { smallTargets } from "./checks/targets"
import { traces } from "./checks/traces"
import { isHere } from "./browser"
import { Stage } from "./stage"

const page = (body: string, style = ""): string =>
  `<!doctype html><html lang="en"><head><title>Snug</title><style>
    * { margin: 0; box-sizing: border-box } body { font: 16px sans-serif } button, input { min-height: 44px; min-width: 44px }
    :focus-visible { outline: 2px solid blue; outline-offset: 2px } ${style}
  </style></head><body><main>${body}</main></body></html>`

const stages: Stage[] = []

async function shown(html: string): Promise<Stage> {
  const stage = await Stage.empty({ size: { width: 400, height: 300 } })
  stages.push(stage)
  await stage.page.setContent(html)
  return stage
}

describe.runIf(isHere)("the checks", () => {
  afterEach(async () => {
    for (const stage of stages.splice(0)) await stage.leave()
  })

  it("find nothing wrong with a good page", async () => {
    const { page: good } = await shown(page(`<h1>Title</h1><p><button>Do</button></p>`))
    expect(await layoutFaults(good)).toEqual([])
    expect(await smallTargets(good)).toEqual([])
    expect(await motionFaults(good, true)).toEqual([])
  })

  it("find a page that is wider than the window", async () => {
    const stage = await shown(page(`<h1>Title</h1><div style="width: 500px">long</div>`))
    expect(await layoutFaults(stage.page)).toEqual([expect.stringContaining("wider than the window")])
  })

  it("find words that are cut off, at the side and below", async () => {
    const stage = await shown(
      page(`<p style="width: 50px; overflow: hidden; white-space: nowrap">far too long</p><p style="height: 10px; overflow: hidden">high</p>`),
    )
    expect(await layoutFaults(stage.page)).toEqual([
      expect.stringContaining("cut off at the side"),
      expect.stringContaining("cut off below"),
    ])
  })

  it("find words over words, and words that leave their button", async () => {
    const stage = await shown(
      page(`<p>some words</p><p style="margin-top: -14px">other words</p><button style="width: 44px; white-space: nowrap">too long for it</button>`),
    )
    expect(await layoutFaults(stage.page)).toEqual([
      expect.stringContaining("spills out"),
      expect.stringContaining("words over words"),
    ])
  })

  it("find a choice that its field cuts off", async () => {
    const stage = await shown(page(`<select style="width: 60px"><option>a long choice</option></select>`))
    expect(await layoutFaults(stage.page)).toEqual([expect.stringContaining("cut off in its field")])
  })

  it("find small targets", async () => {
    const stage = await shown(page(`<button style="min-height: 0; height: 20px">Do</button><button class="primary" style="min-height: 0; height: 40px">Go</button>`))
    expect(await smallTargets(stage.page)).toEqual([expect.stringContaining("not 32"), expect.stringContaining("not 44")])
  })

  it("find a missing ring, a covered focus and what Tab doesn't reach", async () => {
    const stage = await shown(
      page(
        `<button class="bare">a</button><button>b</button><button tabindex="-1">c</button>
         <div style="position: fixed; left: 44px; top: 0; width: 60px; height: 60px; background: grey"></div>`,
        `.bare:focus-visible { outline: none }`,
      ),
    )
    const faults = await focusFaults(stage.page)
    expect(faults).toContainEqual(expect.stringMatching(/“a”: no ring/))
    expect(faults).toContainEqual(expect.stringMatching(/“b”: covered/))
    expect(faults).toContainEqual(expect.stringMatching(/not reached: button “c”/))
  })

  it("find a ring that is cut off", async () => {
    const stage = await shown(page(`<div style="overflow: hidden; height: 100px"><button>a</button></div>`))
    expect(await focusFaults(stage.page)).toEqual([expect.stringContaining("cut off by")])
  })

  it("find movement", async () => {
    const stage = await shown(page(`<p class="a">x</p>`, `.a { transition: transform 100ms; } @keyframes fly { to { transform: none } }`))
    expect(await motionFaults(stage.page, false)).toEqual([
      expect.stringContaining("moves its transform"),
      expect.stringContaining("the animation fly moves transform"),
    ])
    expect(await motionFaults(stage.page, true)).toContainEqual(expect.stringContaining("fades for 100 ms"))
  })

  it("find faint words", async () => {
    const stage = await shown(page(`<h1>Title</h1><p style="color: #aaa">faint</p>`))
    expect(await violations(stage.page)).toEqual([expect.stringContaining("color-contrast")])
  })

  it("find what is kept", async () => {
    const stage = await Stage.enter("home")
    stages.push(stage)
    await stage.page.evaluate(() => {
      localStorage.setItem("note", "private")
      document.title = "My note"
      location.hash = "note"
    })
    expect(await traces(stage.page)).toEqual(["localStorage: note", "title: My note", "address: #note"])
    await stage.page.evaluate(() => localStorage.clear())
  })

  it("see what wants to leave and what is complained about", async () => {
    const stage = await shown(page(`<h1>Title</h1>`))
    await stage.page.evaluate(() => {
      console.error("oh")
      return fetch("http://127.0.0.2:9/away").catch(() => undefined)
    })
    expect(stage.faults).toContainEqual(expect.stringContaining("oh"))
    expect(stage.faults).toContainEqual(expect.stringContaining("wanted to leave"))
  })
})
