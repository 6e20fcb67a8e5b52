import { beforeAll, describe, expect, it } from "vitest"
import { MemoryHost } from "../../harness/memory/host"
import { exactTime, inCalendar, list, relativeTime } from "./format"
import { changePreferences, systemLocale } from "./state/preferences.svelte"

const now = new Date(2026, 4, 13, 12, 0).getTime()
const ago = (days: number, hours = 0, minutes = 0): number => new Date(2026, 4, 13 - days, 12 - hours, -minutes).getTime()

describe("times, as one would say them", () => {
  const host = new MemoryHost()
  const speak = (language: "en" | "de" | "hu"): Promise<void> => changePreferences(host, { language })
  beforeAll(() => speak("en"))

  it.each([
    [now, "just now"],
    [now + 60_000, "just now"],
    [ago(0, 0, 5), "5 minutes ago"],
    [ago(0, 3), "3 hours ago"],
    [ago(1, 11), "yesterday"],
    [ago(3), "Sunday"],
    [ago(30), "13 April"],
    [ago(500), "29 December 2024"],
    [ago(-1), "tomorrow"],
  ])("%d is %j", (at, words) => {
    expect(relativeTime(at, now)).toBe(words)
  })

  it.each([8.64e15 + 1, 9e15, 2 ** 64, -8.64e15 - 1, Infinity, -Infinity, Number.NaN])("a clock may say %d", async (at) => {
    expect(inCalendar(at)).toBe(false)
    for (const [language, words] of [
      ["en", "at a time that no calendar has"],
      ["de", "zu einer Zeit, die kein Kalender kennt"],
      ["hu", "olyan időben, amely egy naptárban sincs"],
    ] as const) {
      await speak(language)
      for (const told of [relativeTime(at, now), exactTime(at)]) expect(told).toBe(words)
    }
    await speak("en")
  })

  it.each([8.64e15, -8.64e15, 0, -1, 2 ** 53 - 1e15])("every day of the calendar is written: %d", (at) => {
    for (const told of [relativeTime(at, now), exactTime(at)]) expect(told).toMatch(/\d/u)
  })

  it("speak the chosen language at once", async () => {
    await speak("de")
    expect(relativeTime(ago(1), now)).toBe("gestern")
    expect(list(["Anna", "Béla", "Doro"])).toBe("\u2068Anna\u2069, \u2068Béla\u2069 und \u2068Doro\u2069")
    await speak("hu")
    expect(relativeTime(ago(1), now)).toBe("tegnap")
    expect(document.documentElement.lang).toBe("hu")
    await speak("en")
  })

  it("begin with the first of somebody's languages that is known", () => {
    expect(systemLocale(["fr-FR", "hu-HU", "de"])).toBe("hu")
    expect(systemLocale(["DE-at"])).toBe("de")
    expect(systemLocale(["fr"])).toBe("en")
    expect(systemLocale([])).toBe("en")
  })
})
