import { beforeEach, describe, expect, it } from "vitest"
import { type Route, addressOf, back, begin, forget, go, placeOf, replace, route } from "./route.svelte"

const circle = "c1"

function start(): void {
  history.replaceState(null, "", "#")
  begin()
}

describe("the way through the window", () => {
  beforeEach(start)

  it("goes there and back", () => {
    go({ name: "circle", circle })
    go({ name: "note", circle, note: "a" })
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
    go({ name: "circle", circle: "c2" })
    go({ name: "notes", circle })
    go({ name: "note", circle, note: "a" })
    forget(circle)
    expect(route.current).toEqual({ name: "welcome" })
    back()
    expect(route.current).toEqual({ name: "circle", circle: "c2" })
  })

  it("is bounded", () => {
    for (let n = 0; n < 200; n++) go({ name: "note", circle, note: String(n) })
    for (let n = 0; n < 200; n++) back()
    expect(route.current).toEqual({ name: "note", circle, note: "149" })
  })
})

describe("a page that begins anew", () => {
  beforeEach(start)

  const places: readonly Route[] = [
    { name: "welcome" },
    { name: "circle", circle },
    { name: "notes", circle },
    { name: "gatherings", circle },
    { name: "people", circle },
    { name: "note", circle, note: "a1" },
    { name: "gathering", circle, plan: "b2" },
    { name: "settings", section: "privacy" },
  ]

  it("begins where one was, and knows no way back", () => {
    for (const place of places) {
      go(place)
      begin()
      expect(route.current).toEqual(place)
      expect(route.canGoBack).toBe(false)
    }
  })

  it("begins at the start where its address means nothing", () => {
    for (const address of ["", "#page", "#note/c1", "#note/c1/What we read", "#circle/../c1", "#settings/all", `#people/${"a".repeat(65)}`])
      expect(placeOf(address), address).toEqual({ name: "welcome" })
  })

  it("has an address of ids alone", () => {
    expect(places.map(addressOf)).toEqual([
      "#",
      "#circle/c1",
      "#notes/c1",
      "#gatherings/c1",
      "#people/c1",
      "#note/c1/a1",
      "#gathering/c1/b2",
      "#settings/privacy",
    ])
  })

  it("doesn't begin in a circle that was let go", () => {
    go({ name: "note", circle, note: "a1" })
    forget(circle)
    begin()
    expect(route.current).toEqual({ name: "welcome" })
  })
})
