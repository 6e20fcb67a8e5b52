/** A walk through every screen and dialog, looked at from all sides. */
import { describe, test } from "vitest"
import { contrastFaults, violations } from "./checks/axe"
import { focusFaults } from "./checks/focus"
import { forcedFaults } from "./checks/forced"
import { layoutFaults } from "./checks/layout"
import { motionFaults } from "./checks/motion"
import { smallTargets } from "./checks/targets"
import { traces } from "./checks/traces"
import { SCREENS } from "./screens"
import { show } from "./screens/screen"
import { isHere } from "./browser"
import { ENLARGED } from "./stage"

describe.runIf(isHere).concurrent("every screen", () => {
  test.for(SCREENS.map((screen) => [screen.name, screen] as const))("%s", async ([, screen], context) => {
    const { expect } = context
    const at = await show(screen, {}, context)
    expect.soft(await violations(at.page), "axe, in light").toEqual([])
    expect.soft(await layoutFaults(at.page), "layout").toEqual([])
    expect.soft(await smallTargets(at.page), "targets").toEqual([])
    expect.soft(await motionFaults(at.page, false), "motion").toEqual([])

    await at.wear("dark")
    expect.soft(await contrastFaults(at.page), "axe, in dark").toEqual([])

    await at.page.emulateMedia({ reducedMotion: "reduce" })
    expect.soft(await motionFaults(at.page, true), "reduced motion").toEqual([])

    // The app's own theme has no say in the system's few colours.
    await at.wear("light")
    await at.page.emulateMedia({ forcedColors: "active", colorScheme: "dark" })
    expect.soft(await forcedFaults(at.page), "forced colours").toEqual([])
    await at.page.emulateMedia({ forcedColors: "none", colorScheme: "light" })

    // At 200%, in the languages with the longest words.
    await at.resize(ENLARGED)
    await at.speak("hu")
    expect.soft(await layoutFaults(at.page), "layout at 200% in Hungarian").toEqual([])
    await at.speak("de")
    expect.soft(await layoutFaults(at.page), "layout at 200% in German").toEqual([])
    expect.soft(await smallTargets(at.page), "targets at 200%").toEqual([])
    expect.soft(await focusFaults(at.page), "focus at 200%").toEqual([])

    expect.soft(await traces(at.page), "traces").toEqual([])
    expect.soft(at.faults, "complaints").toEqual([])
  })
})
