/**
 * A walk through everything that the Tab key reaches. At each step there is a ring that can be seen, nothing lies over what
 * has the focus, and it is in the window. At the end, everything that could be operated was reached.
 */
import type { Page } from "playwright-core"

/** More stops than any screen has: the walk goes in a circle without an end. */
const STOPS = 150

interface Stop {
  readonly at: number
  readonly name: string
  readonly faults: readonly string[]
}

/** Every fault, in a line each. */
export async function focusFaults(page: Page): Promise<string[]> {
  return (await isFloating(page)) ? await floatingFaults(page) : await walk(page)
}

async function walk(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    // From the beginning of the page, or of the dialog in front of it.
    const start = document.createElement("span")
    start.tabIndex = -1
    ;([...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body).prepend(start)
    start.focus()
    start.remove()
  })
  const faults: string[] = []
  const reached = new Set<number>()
  for (let stop = 0; stop < STOPS; stop++) {
    await page.keyboard.press("Tab")
    const here = await look(page)
    if (here === null || reached.has(here.at)) break
    faults.push(...here.faults.map((fault) => `${here.name}: ${fault}`))
    reached.add(here.at)
    if (stop === STOPS - 1) faults.push("the walk has no end")
  }
  faults.push(...(await unreached(page, [...reached])))
  return [...new Set(faults)]
}

const FLOATING = ".floating"

async function isFloating(page: Page): Promise<boolean> {
  return (await page.locator(FLOATING).count()) > 0
}

/** A menu or a popover has the focus; its rows have rings; Escape closes it and gives the focus back. */
async function floatingFaults(page: Page): Promise<string[]> {
  const faults: string[] = []
  const isInside = (): Promise<boolean> => page.evaluate((floating) => document.activeElement?.closest(floating) != null, FLOATING)
  if (!(await isInside())) faults.push("what opened hasn't got the focus")
  const rows = await page.locator(`${FLOATING} [role=menuitem]`).count()
  for (let row = 0; row < rows; row++) {
    await page.keyboard.press("ArrowDown")
    const here = await look(page)
    faults.push(...(here?.faults ?? ["a row without focus"]).map((fault) => `${here?.name ?? ""}: ${fault}`))
  }
  await page.keyboard.press("Escape")
  await page.locator(FLOATING).waitFor({ state: "detached" })
  const back = await look(page)
  if (back === null) faults.push("the focus is lost when it closes")
  else faults.push(...back.faults.map((fault) => `${back.name}: ${fault}`))
  return faults
}

/** What has the focus, and what is wrong with how it is shown; `null` at the end of the page. */
function look(page: Page): Promise<Stop | null> {
  return page.evaluate(() => {
    const element = document.activeElement
    if (element === null || element === document.body || element === document.documentElement) return null
    const memory = window as unknown as { walked?: Element[] }
    memory.walked ??= []
    let at = memory.walked.indexOf(element)
    if (at === -1) at = memory.walked.push(element) - 1

    const words = element.getAttribute("aria-label") ?? element.textContent
    const name = `${element.tagName.toLowerCase()}${element.id && `#${element.id}`} “${words.trim().slice(0, 40)}”`
    const faults: string[] = []

    // The ring may be around the label or the row that holds the control.
    const rings = [element, element.parentElement, element.parentElement?.parentElement, ...element.querySelectorAll("*")]
    const ringed = rings.find((part) => {
      if (part == null) return false
      const style = getComputedStyle(part)
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && !/, 0\)$|transparent/.test(style.outlineColor)
    })
    // Where one writes at length, the caret shows it.
    const isPage = element.matches("[contenteditable=true]")
    if (ringed == null && !isPage) faults.push("no ring of 2 px")

    // A page scrolls to what has the focus; here it may be asked at once.
    const box = (ringed ?? element).getBoundingClientRect()
    if (ringed != null) {
      const style = getComputedStyle(ringed)
      const reach = parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth)
      for (let around = ringed.parentElement; around !== null && reach > 0; around = around.parentElement) {
        const frame = getComputedStyle(around)
        if (around === document.body || around === document.documentElement) break
        const clip = around.getBoundingClientRect()
        const isClipped = (axis: string, out: boolean): boolean => out && axis !== "visible"
        if (
          isClipped(frame.overflowX, box.left - reach < clip.left - 0.5 || box.right + reach > clip.right + 0.5) ||
          isClipped(frame.overflowY, box.top - reach < clip.top - 0.5 || box.bottom + reach > clip.bottom + 0.5)
        ) {
          // What is taller than the window can't be seen whole.
          if (box.height + 2 * reach < clip.height) faults.push(`its ring is cut off by <${around.tagName.toLowerCase()}.${around.classList[0] ?? ""}>`)
          break
        }
        if (frame.position === "fixed" || around.matches("dialog:modal")) break
      }
    }

    if (isPage) return { at, name, faults }
    if (box.bottom > innerHeight + 1 && box.height < innerHeight) faults.push("below the window")
    if (box.top < -1 && box.height < innerHeight) faults.push("above the window")
    if (box.left < -1 || box.right > innerWidth + 1) faults.push("beside the window")

    // Where it is seen, it is on top.
    const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1)
    const y = Math.min(Math.max(box.top + Math.min(box.height, innerHeight) / 2, 1), innerHeight - 1)
    for (const [px, py] of [
      [x, y],
      [Math.max(box.left + 3, 1), y],
      [x, Math.min(Math.max(box.bottom - 3, 1), innerHeight - 1)],
    ] as const) {
      const top = document.elementFromPoint(px, py)
      const isOwn = top !== null && (top.contains(element) || element.contains(top) || (ringed?.contains(top) ?? false) || top.closest("label")?.control === element)
      if (!isOwn && box.height < innerHeight) {
        faults.push(`covered by <${top?.tagName.toLowerCase() ?? "nothing"}.${top?.classList[0] ?? ""}>`)
        break
      }
    }
    return { at, name, faults }
  })
}

/** What could be operated, but the walk didn't pass. */
function unreached(page: Page, reached: number[]): Promise<string[]> {
  return page.evaluate((numbers) => {
    const walked = (window as unknown as { walked?: Element[] }).walked ?? []
    const passed = new Set(numbers.map((at) => walked[at]))
    delete (window as unknown as { walked?: Element[] }).walked
    const modal = [...document.querySelectorAll("dialog:modal")].at(-1)
    const missed: string[] = []
    for (const element of document.querySelectorAll<HTMLElement>(
      "a[href], button, input:not([type=hidden]), select, textarea, summary, [contenteditable=true], [tabindex]",
    )) {
      if (passed.has(element) || !element.checkVisibility({ visibilityProperty: true }) || element.closest("[inert]")) continue
      if (modal !== undefined && !modal.contains(element)) continue
      if ((element as HTMLButtonElement).disabled || element.matches("fieldset:disabled *")) continue
      // Arrow keys move inside a group, which is one stop; so does a toolbar, a menu, a list of options.
      if (element instanceof HTMLInputElement && element.type === "radio") {
        const group = document.querySelectorAll(`input[type=radio][name="${CSS.escape(element.name)}"]`)
        if ([...group].some((one) => passed.has(one))) continue
      }
      if (element.tabIndex < 0) {
        // One stop for a list, and arrows in it.
        const list = element.closest("ul, ol")
        if (list !== null && [...passed].some((one) => one !== undefined && list.contains(one))) continue
        const isWithin = element.closest("[role=toolbar], [role=menu], [role=listbox], [role=radiogroup], [role=grid], [role=tablist], [aria-hidden=true]")
        const isOperable = element.matches("a[href], button, input, select, textarea, summary")
        if (isWithin !== null || !isOperable) continue
      }
      missed.push(`not reached: ${element.tagName.toLowerCase()} “${(element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 40)}”`)
    }
    return missed
  }, reached)
}
