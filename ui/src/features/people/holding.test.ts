import { expect, it } from "vitest"
import { holdingWords } from "./holding"

const when = (at: number): string => `t${at}`

it("claims no more than is known", () => {
  expect(holdingWords({ laptops: 1, holding: 1, as_of: null }, when)).toBe("On this laptop only")
  expect(holdingWords({ laptops: 3, holding: 1, as_of: null }, when)).toBe("The latest is on this laptop only")
  expect(holdingWords({ laptops: 3, holding: 2, as_of: 5 }, when)).toBe("On 2 of 3 laptops, as of t5")
  expect(holdingWords({ laptops: 3, holding: 3, as_of: null }, when)).toBe("On 3 of 3 laptops")
})
