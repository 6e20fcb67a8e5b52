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
  person: NAMES[who] ?? "Dora",
  id: who,
  me,
  near,
  holds,
})

const NAMES: Record<string, string> = { 1: "Anna", 2: "Ben", 3: "Ben" }

it("tells who is near, and when the others were heard from, though two have one name", () => {
  const people = [person("1", "Anna", { me: true }), person("2", "Ben"), person("3", "Ben"), person("4", "Dora")]
  const laptops = [
    laptop("a", "1", true, 9, true),
    laptop("b", "2", false, 5),
    laptop("b2", "2", true, null),
    laptop("c", "3", false, 4),
    laptop("c2", "3", false, 6),
    laptop("d", "4", false, null),
  ]
  expect(people.map((who) => presence(who, laptops))).toEqual([
    { is: "me" },
    { is: "near" },
    { is: "seen", at: 6 },
    { is: "away" },
  ])
})

it("tells whose history split, and one's own apart", () => {
  const laptops = [laptop("a", "1", true, 9, true), laptop("b", "2", false, 5), laptop("b2", "2", false, 5)]
  expect(splitNames(["b", "b2", "gone"], laptops)).toEqual({ own: false, names: ["Ben", ""] })
  expect(splitNames(["a"], laptops)).toEqual({ own: true, names: [] })
})
