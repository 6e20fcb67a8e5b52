import { expect, it } from "vitest"
import { findLink } from "./link"

const BODY = "a2".repeat(42) + "b"
const LINK = `snug:${BODY}`

it("finds a link alone, with space around it, and in a message", () => {
  expect(findLink(LINK)).toBe(LINK)
  expect(findLink(`\n  ${LINK} \t`)).toBe(LINK)
  expect(findLink(`Lately I've been missing someone.\n\nPaste this: ${LINK}. See you, Anna`)).toBe(LINK)
  expect(findLink(`<${LINK}>`)).toBe(LINK)
})

it("finds it in capitals, as a QR code holds it", () => {
  expect(findLink(LINK.toUpperCase())).toBe(`snug:${BODY.toUpperCase()}`)
})

it("puts together what a mail program broke and quoted", () => {
  const broken = `> snug:${BODY.slice(0, 40)}\n> ${BODY.slice(40, 70)}\n>  ${BODY.slice(70)}\n> bye`
  expect(findLink(broken)).toBe(LINK)
  expect(findLink(`snug:\n${BODY}`)).toBe(LINK)
  expect(findLink(`snug:${BODY.slice(0, 30)}\u200b${BODY.slice(30)}`)).toBe(LINK)
})

it("leaves the word after a link alone, and one that is too short as it is", () => {
  expect(findLink(`${LINK} see you`)).toBe(LINK)
  expect(findLink(`snug:${BODY.slice(0, 84)}1`)).toBe(`snug:${BODY.slice(0, 84)}`)
})

it("finds nothing where there is nothing", () => {
  expect(findLink("")).toBeNull()
  expect(findLink("come to the snug at eight")).toBeNull()
  expect(findLink("snug: 1")).toBeNull()
})
