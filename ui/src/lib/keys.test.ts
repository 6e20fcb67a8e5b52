import { expect, it } from "vitest"
import { ariaKeys, keysInWords, shortcut } from "./keys"

it("writes keys alike, whoever listens for them", () => {
  expect([shortcut("lock"), keysInWords("Mod-Shift-l")]).toEqual(["Ctrl+Shift+L", "Ctrl+Shift+L"])
  expect([shortcut("settings"), keysInWords("Mod-Alt-1")]).toEqual(["Ctrl+,", "Ctrl+Alt+1"])
  expect(ariaKeys("Mod-Alt-1")).toBe("Control+Alt+1")
})
