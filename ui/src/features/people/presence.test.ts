import type { Holder, Person } from "@/lib/api/generated/views"
import { expect, it } from "vitest"
import { presence, splitNames } from "./presence"

const person = (id: string, name: string, more: Partial<Person> = {}): Person => ({
  id,
  name,
  me: false,
  laptops: 1,
  left: false,
  added_by: null,
  ...more,
})
const laptop = (device: string, who: string, near: boolean, holds: number | null, me = false): Holder => ({
  device,
  person: who,
  me,
  near,
  holds,
})

it("tells who is near, and when the others were heard from", () => {
  const people = [person("1", "Anna", { me: true }), person("2", "Ben"), person("3", "Cleo"), person("4", "Dora")]
  const laptops = [
    laptop("a", "Anna", true, 9, true),
    laptop("b", "Ben", false, 5),
    laptop("b2", "Ben", true, null),
    laptop("c", "Cleo", false, 4),
    laptop("c2", "Cleo", false, 6),
    laptop("d", "Dora", false, null),
  ]
  expect(people.map((who) => presence(who, people, laptops))).toEqual([
    { is: "me" },
    { is: "near" },
    { is: "seen", at: 6 },
    { is: "away" },
  ])
})

it("says nothing of two with one name, unless one of them left", () => {
  const laptops = [laptop("b", "Ben", true, null)]
  const two = [person("1", "Ben"), person("2", "Ben")]
  expect(presence(two[0]!, two, laptops)).toEqual({ is: "unknown" })
  const left = [person("1", "Ben"), person("2", "Ben", { left: true })]
  expect(presence(left[0]!, left, laptops)).toEqual({ is: "near" })
})

it("tells whose history split, and one's own apart", () => {
  const laptops = [laptop("a", "Anna", true, 9, true), laptop("b", "Ben", false, 5), laptop("b2", "Ben", false, 5)]
  expect(splitNames(["b", "b2", "gone"], laptops)).toEqual({ own: false, names: ["Ben", ""] })
  expect(splitNames(["a"], laptops)).toEqual({ own: true, names: [] })
})
