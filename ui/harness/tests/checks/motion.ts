/** Things appear and fade; they don't fly. Who asked for less motion gets fades of 80 ms at most. */
import type { Page } from "playwright-core"

const LONGEST_MS = 200
const LONGEST_REDUCED_MS = 80

/** Every transition or animation that is declared and moves something, or takes too long; in a line each. */
export function motionFaults(page: Page, isReduced: boolean): Promise<string[]> {
  return page.evaluate(
    ({ longest }) => {
      const faults = new Set<string>()
      const milliseconds = (list: string): number[] => list.split(",").map((time) => (time.includes("ms") ? 1 : 1000) * parseFloat(time))
      const CALM = ["opacity", "color", "background-color", "border-color", "none", "all", "visibility", "display", "overlay"]
      for (const element of document.querySelectorAll("*")) {
        const style = getComputedStyle(element)
        const name = `<${element.tagName.toLowerCase()}.${element.classList[0] ?? ""}>`
        const [transition, animation] = [Math.max(...milliseconds(style.transitionDuration)), Math.max(...milliseconds(style.animationDuration))]
        if (transition > longest) faults.add(`${name} fades for ${transition} ms`)
        if (style.animationName !== "none" && animation > longest) faults.add(`${name} is animated for ${animation} ms`)
        if (style.animationName !== "none" && style.animationIterationCount === "infinite") faults.add(`${name} moves without an end`)
        if (transition > 0)
          for (const property of style.transitionProperty.split(",").map((part) => part.trim()))
            if (!CALM.includes(property)) faults.add(`${name} moves its ${property}`)
      }
      for (const sheet of document.styleSheets)
        for (const rule of sheet.cssRules) walk(rule)
      function walk(rule: CSSRule): void {
        if (rule instanceof CSSKeyframesRule) {
          for (const frame of rule.cssRules)
            for (const property of (frame as CSSKeyframeRule).style)
              if (!["opacity", "visibility"].includes(property)) faults.add(`the animation ${rule.name} moves ${property}`)
        } else if ("cssRules" in rule) for (const inner of (rule as CSSGroupingRule).cssRules) walk(inner)
      }
      return [...faults]
    },
    { longest: isReduced ? LONGEST_REDUCED_MS : LONGEST_MS },
  )
}
