import { beforeAll, describe, expect, it } from "vitest"
import { MemoryHost } from "../../harness/memory/host"
import { list, relativeTime } from "./format"
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
