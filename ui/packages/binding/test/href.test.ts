import { expect, test } from "vitest"
import { href } from "../src/index.js"

test.each(["https://a.b/c?d=(e)#f", "mailto:a@b", "TEL:+36 1", "snug:abc", "http://a b"])("%s may be opened", (good) => {
  expect(href(good)).toBe(good)
})

test.each([
  "javascript:alert(1)",
  "data:text/html,x",
  "file:///etc",
  "#a",
  "b/c",
  "http:",
  " http://a",
  "http://a ",
  "http://a\nb",
  "http://\u202Ea",
  "http://a\u00A0b",
  "http://\ud83d",
  `http://${"é".repeat(1021)}`,
  null,
  7,
])("%j may not", (bad) => {
  expect(href(bad)).toBeNull()
})

test("2048 bytes fit", () => {
  expect(href(`http://${"é".repeat(1020)}a`)).not.toBeNull()
})
