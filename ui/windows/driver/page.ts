// What runs inside the page: found by role and name, as people and screen readers find things.
//
// Each function is sent as its own text, so none may use anything from outside itself.

/** What the tests keep in the page; nothing of it is in the product. */
interface Eyes {
  queryAllByLabelText(container: HTMLElement, label: string, options: object): HTMLElement[]
  queryAllByRole(container: HTMLElement, role: string, options: object): HTMLElement[]
}

declare global {
  interface Window {
    TestingLibraryDom?: Eyes
    faults?: string[]
  }
}

/** Whether the page has its eyes, and is past its first frame. */
export function hasEyes(): boolean {
  return window.TestingLibraryDom !== undefined && window.faults !== undefined
}

/**
 * Begins to keep what the page does wrong. Tells whether that was before the page had built anything, after it, or whether
 * it was kept already.
 */
export function keepFaults(): "first" | "late" | "already" {
  if (window.faults !== undefined) return "already"
  const faults: string[] = []
  window.faults = faults
  document.addEventListener("securitypolicyviolation", (event) => {
    const { effectiveDirective, blockedURI, sourceFile, lineNumber, sample } = event
    faults.push(`policy: ${effectiveDirective} ${blockedURI} ${sourceFile}:${lineNumber} ${sample}`)
  })
  addEventListener("error", (event) => {
    faults.push(`error: ${event.message} ${event.filename}:${event.lineno}`)
  })
  addEventListener("unhandledrejection", (event) => {
    faults.push(`rejection: ${String(event.reason)}`)
  })
  for (const kind of ["error", "warn"] as const) {
    const before = console[kind].bind(console)
    console[kind] = (...words: unknown[]) => {
      const said = words.map(String).join(" ")
      // Locking loads the page anew, and what the one before had asked for is answered to nobody.
      if (!said.startsWith("[TAURI] Couldn't find callback id")) faults.push(`console.${kind}: ${said}`)
      before(...words)
    }
  }
  return document.querySelector("#app > *") === null && document.querySelector("#app") !== null ? "first" : "late"
}

/** What the page did wrong so far. */
export function faults(): readonly string[] {
  return window.faults ?? ["nothing was watched"]
}

/** Everything visible with this role and this name (all of it, or a pattern), inside an element or anywhere. */
export function byRole(
  role: string,
  name: string | null,
  pattern: string | null,
  inside: HTMLElement | null,
): readonly HTMLElement[] {
  const options: { name?: string | RegExp } = {}
  if (name !== null) options.name = name
  if (pattern !== null) options.name = new RegExp(pattern, "u")
  return window.TestingLibraryDom?.queryAllByRole(inside ?? document.body, role, options) ?? []
}

/** Every field with this label. */
export function byLabel(label: string): readonly HTMLElement[] {
  return window.TestingLibraryDom?.queryAllByLabelText(document.body, label, { selector: "input, textarea" }) ?? []
}

/** The words that are shown. */
export function shownText(): string {
  return document.body.innerText
}

/** Everything that the page holds, shown or not: text, attributes and what is typed in its fields. */
export function everything(): string {
  const fields = [...document.querySelectorAll("input, textarea")] as (HTMLInputElement | HTMLTextAreaElement)[]
  const stored = [localStorage, sessionStorage].flatMap((storage) => Object.entries(storage).flat().map(String))
  return [document.documentElement.outerHTML, document.title, ...fields.map((field) => field.value), ...stored].join("\n")
}

/** The text of the note in the editor, a line for each paragraph. */
export function editorText(): string | null {
  const editor = document.querySelector<HTMLElement>("[contenteditable=true]")
  if (editor === null) return null
  const lines = [...editor.querySelectorAll<HTMLElement>("h1, h2, h3, h4, h5, h6, p, pre")]
  return lines.map((line) => line.textContent).join("\n")
}

/** Puts the cursor at the end of the paragraph that has this in it. */
export function cursorAfter(text: string): boolean {
  const editor = document.querySelector<HTMLElement>("[contenteditable=true]")
  const line = [...(editor?.querySelectorAll("h1, h2, h3, h4, h5, h6, p, pre") ?? [])].find((one) => one.textContent.includes(text))
  if (editor === null || line === undefined) return false
  editor.focus()
  const range = document.createRange()
  range.selectNodeContents(line)
  range.collapse(false)
  const selection = getSelection()
  selection?.removeAllRanges()
  selection?.addRange(range)
  return true
}

/** Whether this element has the keyboard. */
export function hasKeyboard(element: HTMLElement): boolean {
  return document.activeElement === element
}

/** What has the keyboard, in words, for a message. */
export function keyboardAt(): string {
  const element = document.activeElement
  if (element === null) return "nothing"
  return `${element.tagName.toLowerCase()} ${element.getAttribute("aria-label") ?? element.textContent.trim().slice(0, 60)}`
}

/** Draws for a second: a driver that takes a picture waits for a frame, and where nothing moves none comes. */
export function keepDrawing(): void {
  const dot = document.body.appendChild(document.createElement("i"))
  dot.style.cssText = "position: fixed; inset: 0 auto auto 0; inline-size: 1px; block-size: 1px; pointer-events: none"
  let frames = 0
  const timer = setInterval(() => {
    frames += 1
    dot.style.background = frames % 2 === 0 ? "rgb(0 0 0 / 0.4%)" : "rgb(0 0 0 / 0.8%)"
    if (frames < 60) return
    clearInterval(timer)
    dot.remove()
  }, 16)
}

/** Ends all fades, so that a picture shows what they end in. */
export function atRest(): void {
  for (const fade of document.getAnimations()) {
    if (fade.effect?.getComputedTiming().endTime !== Infinity) fade.finish()
  }
}
