/** How large what one clicks is: 44 px the chief thing of a screen, 32 px any button, 24 px everything else, at least. */
import type { Page } from "playwright-core"

/** Every target that is too small, in a line each. */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const CHIEF = 44
    const DENSE = 32
    const LEAST = 24
    const SELECTOR =
      "a[href], button, input:not([type=hidden]), select, textarea, summary, [contenteditable=true], " +
      "[role=button], [role=menuitem], [role=option], [role=tab], [role=switch], [role=checkbox], [role=radio], [role=slider], [role=spinbutton]"
    const modal = [...document.querySelectorAll("dialog:modal")].at(-1)
    const faults: string[] = []
    for (const element of document.querySelectorAll<HTMLElement>(SELECTOR)) {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".visually-hidden, [inert]")) continue
      if (modal !== undefined && !modal.contains(element)) continue
      const style = getComputedStyle(element)
      // A link in a sentence has the height of its line.
      if (style.display === "inline" && element.closest("p, li") !== null && element.tagName === "A") continue
      const label = element instanceof HTMLInputElement ? element.labels?.[0] : undefined
      const boxes = [element, ...(label ? [label] : [])].map((part) => part.getBoundingClientRect())
      // A skip link and the like, out of sight until it has the focus.
      if (boxes.every((box) => box.bottom <= 0 || box.right <= 0 || box.width <= 1)) continue
      const left = Math.min(...boxes.map((box) => box.left))
      const right = Math.max(...boxes.map((box) => box.right))
      const top = Math.min(...boxes.map((box) => box.top))
      const bottom = Math.max(...boxes.map((box) => box.bottom))
      const isButton = element.tagName === "BUTTON" || element.getAttribute("role") === "button"
      const least = element.matches("button.primary") ? CHIEF : isButton ? DENSE : LEAST
      const [width, height] = [right - left, bottom - top]
      if (height < least - 0.5 || width < Math.min(least, DENSE) - 0.5) {
        const words = (element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 40)
        faults.push(`${element.tagName.toLowerCase()} “${words}” is ${Math.round(width)}×${Math.round(height)} px, not ${least}`)
      }
    }
    return [...new Set(faults)]
  })
}
