/** Pictures of every screen in both themes and all languages, for people to look at: `npm run screenshots [-- -t NAME]`. */
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { describe, test } from "vitest"
import { SCREENS } from "./screens"
import { walkTo } from "./screens/screen"
import { isHere } from "./browser"
import { Stage } from "./stage"
import { LANGUAGES } from "./words"

const FOLDER = join(import.meta.dirname, "../shots")

describe.runIf(isHere).concurrent("pictures", () => {
  test.for(SCREENS.map((screen) => [screen.name, screen] as const))("%s", async ([name, screen], context) => {
    const at = (await Stage.enter(screen.scene ?? "home")).during(context)
    await walkTo(screen, at)
    for (const language of LANGUAGES) {
      await at.speak(language)
      for (const theme of ["light", "dark"] as const) {
        const folder = join(FOLDER, language, theme)
        await mkdir(folder, { recursive: true })
        await at.wear(theme)
        await at.page.screenshot({ path: join(folder, `${name}.png`) })
      }
    }
  })
})
