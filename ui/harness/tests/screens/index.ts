/** Every screen and dialog of the app. Whoever adds one adds it here, and it is looked at from all sides. */
import { circleScreens } from "./circle"
import { gatheringScreens } from "./gathering"
import { noteScreens } from "./note"
import { outsideScreens } from "./outside"
import { peopleScreens } from "./people"
import type { Screen } from "./screen"
import { wholeScreens } from "./whole"

export const SCREENS: readonly Screen[] = [
  ...outsideScreens,
  ...circleScreens,
  ...noteScreens,
  ...gatheringScreens,
  ...peopleScreens,
  ...wholeScreens,
]
