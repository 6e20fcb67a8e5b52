/** With the system's own few colours, what is chosen still looks chosen, and fields and buttons still have edges. */
import type { Page } from "playwright-core"

/** Every fault, in a line each. The page must be in forced colours. */
export function forcedFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const LEAST_CONTRAST = 4.5
    const faults = new Set<string>()
    const words = (element: Element): string => (element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 40)
    const shown = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".visually-hidden")
    const look = (element: Element): string => {
      const { outlineStyle, outlineWidth, borderTopWidth, borderBottomWidth, borderLeftWidth, borderColor, backgroundColor, color } =
        getComputedStyle(element)
      const outline = outlineStyle === "none" ? "" : outlineWidth
      const edges = [borderTopWidth, borderBottomWidth, borderLeftWidth].map((width) => `${width} ${borderColor}`)
      return [outline, ...edges, backgroundColor, color].join("|")
    }

    const CHOSEN: Record<string, string> = {
      "[aria-current=page]": "button:not([aria-current]), a:not([aria-current])",
      "[role=option][aria-selected=true]": "[role=option][aria-selected=false]",
      "button[aria-pressed=true]": "button[aria-pressed=false]",
    }
    for (const [chosen, other] of Object.entries(CHOSEN))
      for (const element of [...document.querySelectorAll(chosen)].filter(shown)) {
        const group = element.closest("ul, nav, [role=listbox], [role=toolbar]")
        const plain = [...(group?.querySelectorAll(other) ?? [])].find((one) => shown(one) && one.className.length <= element.className.length)
        if (plain !== undefined && look(plain) === look(element)) faults.add(`looks like the others, though it is chosen: “${words(element)}”`)
      }

    for (const field of document.querySelectorAll("input:not([type=radio], [type=checkbox], [role=combobox]), textarea, select, button.button:not(.quiet)")) {
      if (!shown(field) || field.closest("h1") !== null) continue
      const { borderTopWidth, borderTopStyle, outlineStyle } = getComputedStyle(field)
      if ((borderTopStyle === "none" || parseFloat(borderTopWidth) === 0) && outlineStyle === "none") faults.add(`has no edge: ${field.tagName} “${words(field)}”`)
    }
    // Icons keep the colours that they are given.
    const light = (colour: string): number => {
      const [red = 0, green = 0, blue = 0] = (colour.match(/\d+(?:\.\d+)?/g) ?? []).map((part) => {
        const share = Number(part) / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const canvas = document.createElement("span")
    canvas.style.color = "Canvas"
    document.body.append(canvas)
    const behind = light(getComputedStyle(canvas).color)
    canvas.remove()
    for (const icon of document.querySelectorAll("svg.lucide")) {
      if (!shown(icon) || icon.closest(":disabled, [aria-disabled=true]") !== null) continue
      const own = light(getComputedStyle(icon).color)
      if ((Math.max(own, behind) + 0.05) / (Math.min(own, behind) + 0.05) < LEAST_CONTRAST) faults.add(`is faint: the icon of “${words(icon.parentElement ?? icon)}”`)
    }
    return [...faults]
  })
}
