import { describe, expect, it } from "vitest"
import { strength } from "./strength"

describe("how hard a passphrase is to guess", () => {
  it.each([
    ["", "none"],
    ["a", "weak"],
    ["password", "weak"],
    ["aaaaaaaaaaaaaaaaaaaaaaaa", "weak"],
    ["abcdefghijklmnop", "weak"],
    ["hallo hallo hallo hallo", "weak"],
    ["Sommer2026", "weak"],
    ["correct horse battery staple", "weak"],
    ["Correct-Horse-Battery-Staple!", "weak"],
    ["Szezám, tárulj!", "weak"],
    ["password1234", "weak"],
    ["p4ssw0rd!2026", "weak"],
    ["Jelszó2026!!!!!", "weak"],
    ["correct horse", "weak"],
    ["correct boats battery staple", "good"],
    ["password for the old piano", "strong"],
    ["green tea mountain", "fair"],
    ["four small wooden boats", "good"],
    ["zwölf laute Krähen über dem leeren Feld", "strong"],
    ["hét bagoly és egy fehér esernyő", "strong"],
  ])("%j is %s", (passphrase, expected) => {
    expect(strength(passphrase)).toBe(expected)
  })
})
