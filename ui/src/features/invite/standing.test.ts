import type { Invitation } from "@/lib/api/generated/views"
import { expect, it } from "vitest"
import { asking, ended, open } from "./standing"

const invitation = (id: string, more: Partial<Invitation> = {}): Invitation => ({
  id,
  state: "open",
  expires: 0,
  confirm: true,
  asking: [],
  ...more,
})
const anna = { device: "a", name: "Anna" }
const ben = { device: "b", name: "Ben" }

it("tells who asks, each laptop once, and who else asks by the same invitation", () => {
  const all = [
    invitation("1", { asking: [anna, ben] }),
    invitation("2", { asking: [anna] }),
    invitation("3", { state: "used", asking: [{ device: "c", name: "Cleo" }] }),
    invitation("4", { confirm: false, asking: [{ device: "d", name: "Dora" }] }),
  ]
  expect(asking(all)).toEqual([
    { ...anna, invitation: "1", others: 1 },
    { ...ben, invitation: "1", others: 1 },
  ])
})

it("tells what is open and what is over", () => {
  const all = [
    invitation("late", { expires: 9 }),
    invitation("used", { state: "used", expires: 1 }),
    invitation("soon", { expires: 2 }),
    invitation("over", { state: "expired", expires: 3 }),
  ]
  expect(open(all).map(({ id }) => id)).toEqual(["soon", "late"])
  expect(ended(all).map(({ id }) => id)).toEqual(["over", "used"])
})
