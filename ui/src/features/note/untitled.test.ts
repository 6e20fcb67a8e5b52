import { expect, it } from "vitest"
import { overwriteGetLocale } from "@/paraglide/runtime"
import { UNTITLED, titleWords } from "./untitled"

it("calls a note without a title as the window's language does, and any other by its title", () => {
  overwriteGetLocale(() => "hu")
  expect(titleWords(UNTITLED)).toBe("Cím nélkül")
  overwriteGetLocale(() => "de")
  expect(titleWords(UNTITLED)).toBe("Ohne Titel")
  expect(titleWords("Untitled walk")).toBe("Untitled walk")
})
