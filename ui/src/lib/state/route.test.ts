import { beforeEach, describe, expect, it } from "vitest"
import { back, forget, go, home, replace, route } from "./route.svelte"

const circle = "c1"

describe("the way through the window", () => {
  beforeEach(home)

  it("goes there and back", () => {
    go({ name: "circle", circle })
    go({ name: "note", circle, note: "n" })
    expect(route.circle).toBe(circle)
    back()
    expect(route.current).toEqual({ name: "circle", circle })
    back()
    expect(route.current).toEqual({ name: "welcome" })
    expect(route.canGoBack).toBe(false)
    back()
    expect(route.current).toEqual({ name: "welcome" })
  })

  it("takes no step to where one is", () => {
    go({ name: "people", circle })
    go({ name: "people", circle })
    back()
    expect(route.current).toEqual({ name: "welcome" })
  })

  it("doesn't lead back to where one was sent on from", () => {
    go({ name: "settings", section: "you" })
    replace({ name: "settings", section: "privacy" })
    back()
    expect(route.current).toEqual({ name: "welcome" })
  })

  it("leads no more into a circle that was let go", () => {
    go({ name: "circle", circle: "other" })
    go({ name: "notes", circle })
    go({ name: "note", circle, note: "n" })
    forget(circle)
    expect(route.current).toEqual({ name: "welcome" })
    back()
    expect(route.current).toEqual({ name: "circle", circle: "other" })
  })

  it("is bounded", () => {
    for (let n = 0; n < 200; n++) go({ name: "note", circle, note: String(n) })
    for (let n = 0; n < 200; n++) back()
    expect(route.current).toEqual({ name: "note", circle, note: "149" })
  })
})
