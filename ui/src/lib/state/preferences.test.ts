import { beforeEach, expect, it } from "vitest"
import { HostError } from "@/lib/host/error"
import type { Host, Preferences } from "@/lib/host/host"
import { changePreferences, loadPreferences, preferences } from "./preferences.svelte"

const BEFORE: Preferences = { theme: "light", language: "en", lock_after_minutes: 15 }

/** A host that keeps, or doesn't, when the test says so. */
class Keeper {
  kept = BEFORE
  readonly asked: ((keeps: boolean) => void)[] = []
  readonly host = {
    preferences: {
      get: () => Promise.resolve(this.kept),
      set: (wanted: Preferences) =>
        new Promise<void>((done, fail) => {
          this.asked.push((keeps) => {
            if (keeps) this.kept = wanted
            if (keeps) done()
            else fail(new HostError("disk_error", "full"))
          })
        }),
    },
  } as unknown as Host

  async answer(keeps: boolean): Promise<void> {
    // It is asked for the next change when the one before was answered.
    await expect.poll(() => this.asked.length).toBe(1)
    this.asked.shift()!(keeps)
  }
}

let keeper: Keeper
beforeEach(async () => {
  keeper = new Keeper()
  await loadPreferences(keeper.host)
})

it("shows what is chosen at once, and what is kept if that can't be", async () => {
  const change = changePreferences(keeper.host, { theme: "dark" })
  expect(preferences.current.theme).toBe("dark")
  const failed = expect(change).rejects.toMatchObject({ code: "disk_error" })
  await keeper.answer(false)
  await failed
  expect(preferences.current).toEqual(BEFORE)
})

it.each([
  [true, true],
  [true, false],
  [false, true],
  [false, false],
])("ends with what is kept, whichever of two quick changes is (%s, %s)", async (first, second) => {
  const changes = Promise.allSettled([
    changePreferences(keeper.host, { theme: "dark" }),
    changePreferences(keeper.host, { lock_after_minutes: null }),
  ])
  expect(preferences.current).toEqual({ ...BEFORE, theme: "dark", lock_after_minutes: null })
  await keeper.answer(first)
  await keeper.answer(second)
  await changes
  expect(preferences.current).toEqual(keeper.kept)
  expect(keeper.kept).toEqual({ ...BEFORE, ...(first && { theme: "dark" }), ...(second && { lock_after_minutes: null }) })
})
