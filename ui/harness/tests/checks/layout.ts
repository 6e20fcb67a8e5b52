/** Geometry of words: nothing is cut off, nothing lies over something else, nothing makes the page scroll sideways. */
import type { Page } from "playwright-core"

/** Every fault, in a line each. */
export function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    /** Rounding of browsers, not a fault. */
    const SLACK = 1.5
    const faults: string[] = []
    const width = document.documentElement.clientWidth

    const name = (element: Element): string => {
      const words = element.textContent.trim().replaceAll(/\s+/g, " ").slice(0, 50)
      const classes = [...element.classList].filter((part) => !part.startsWith("svelte-")).join(".")
      return `<${element.tagName.toLowerCase()}${classes && `.${classes}`}> “${words}”`
    }
    const isHidden = (element: Element): boolean =>
      !element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) ||
      element.closest(".visually-hidden") !== null ||
      element.closest("svg") !== null

    const modal = [...document.querySelectorAll("dialog:modal")].at(-1)
    const isBehind = (element: Element): boolean => modal !== undefined && !modal.contains(element)

    const root = document.scrollingElement
    if (root !== null && root.scrollWidth > width) faults.push(`the page is ${root.scrollWidth - width} px wider than the window`)

    const seen = [...document.body.querySelectorAll("*")].filter((element) => !isHidden(element) && !isBehind(element))
    for (const element of seen) {
      const style = getComputedStyle(element)
      const isField = element.matches("input, textarea, select")
      const wide = element.scrollWidth - element.clientWidth
      const high = element.scrollHeight - element.clientHeight
      if (style.display === "inline" || element.clientWidth === 0) continue
      if (!isField && wide > SLACK) {
        const full = element.getAttribute("title") ?? element.closest("[title]")?.getAttribute("title")
        if (style.overflowX === "auto" || style.overflowX === "scroll") faults.push(`scrolls sideways: ${name(element)}`)
        else if (style.overflowX !== "visible" && (style.textOverflow !== "ellipsis" || full == null))
          faults.push(`cut off at the side: ${name(element)}`)
      }
      // Lines may be left out of what others wrote, where pointing at it tells the rest.
      const isClamped = style.webkitLineClamp !== "none" && element.closest("[title]") !== null
      if (!isField && !isClamped && high > SLACK && (style.overflowY === "hidden" || style.overflowY === "clip"))
        faults.push(`cut off below: ${name(element)}`)
    }

    /** Where each piece of text is drawn. */
    const pieces: { text: Text; parent: Element; box: DOMRect }[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node as Text
      const parent = text.parentElement
      if (parent === null || text.data.trim() === "" || parent.closest("script, style, option, noscript")) continue
      if (isHidden(parent) || isBehind(parent)) continue
      const range = document.createRange()
      range.selectNodeContents(text)
      for (const whole of range.getClientRects()) {
        const box = visible(whole, parent)
        if (box.width > 0 && box.height > 0) pieces.push({ text, parent, box })
      }
    }

    /** What of a box the elements around it let through. Where they scroll, it can be brought into sight. */
    function visible(whole: DOMRect, inside: Element): DOMRect {
      let box = whole
      for (let around: Element | null = inside; around !== null && around !== document.body; around = around.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(around)
        if (overflowX === "visible" && overflowY === "visible") continue
        const clip = around.getBoundingClientRect()
        const left = overflowX === "visible" ? box.left : Math.max(box.left, clip.left)
        const right = overflowX === "visible" ? box.right : Math.min(box.right, clip.right)
        const top = overflowY === "visible" ? box.top : Math.max(box.top, clip.top)
        const bottom = overflowY === "visible" ? box.bottom : Math.min(box.bottom, clip.bottom)
        box = new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top))
      }
      return box
    }

    for (const { parent, box } of pieces) {
      if (box.right > width + SLACK || box.left < -SLACK) faults.push(`outside of the window: ${name(parent)}`)
      const control = parent.closest("button, a, summary, [role=menuitem], [role=option]")
      if (control !== null && getComputedStyle(control).display !== "inline") {
        const frame = control.getBoundingClientRect()
        const isOut =
          box.left < frame.left - SLACK || box.right > frame.right + SLACK || box.top < frame.top - 3 || box.bottom > frame.bottom + 3
        if (isOut && getComputedStyle(parent).textOverflow !== "ellipsis") faults.push(`spills out of its control: ${name(control)}`)
      }
    }

    const isRaised = ({ position, zIndex }: CSSStyleDeclaration): boolean =>
      position === "fixed" || position === "sticky" || (position === "absolute" && zIndex !== "auto")

    /** What lies above the rest of the page, and may cover it. */
    const layer = (element: Element): Element | null => {
      for (let around: Element | null = element; around !== null; around = around.parentElement)
        if (around.matches("dialog") || isRaised(getComputedStyle(around))) return around
      return element.closest("[data-bits-floating-content-wrapper], .floating, [role=listbox]")
    }
    for (const [at, one] of pieces.entries()) {
      for (const other of pieces.slice(at + 1)) {
        if (one.text === other.text || layer(one.parent) !== layer(other.parent)) continue
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left)
        // Lines of text may touch with what letters don't fill.
        const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top)
        if (across > 2 && down > Math.min(one.box.height, other.box.height) * 0.45)
          faults.push(`words over words: ${name(one.parent)} and ${name(other.parent)}`)
      }
    }

    for (const field of seen) {
      if (field instanceof HTMLSelectElement) {
        const style = getComputedStyle(field)
        const pen = document.createElement("canvas").getContext("2d")
        if (pen === null) continue
        pen.font = style.font
        const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
        const words = field.selectedOptions[0]?.label ?? ""
        if (pen.measureText(words).width > room + SLACK) faults.push(`cut off in its field: “${words}”`)
      }
      if ((field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) && field.placeholder !== "" && field.value === "") {
        const style = getComputedStyle(field)
        const pen = document.createElement("canvas").getContext("2d")
        if (pen === null || field instanceof HTMLTextAreaElement) continue
        pen.font = style.font
        const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
        if (pen.measureText(field.placeholder).width > room + SLACK) faults.push(`cut off in its field: “${field.placeholder}”`)
      }
    }
    return [...new Set(faults)]
  })
}
