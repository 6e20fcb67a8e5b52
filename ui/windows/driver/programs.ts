// Where the built programs are.

import { existsSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** The repository. */
export const ROOT = fileURLToPath(new URL("../../..", import.meta.url))

/** Where builds and what tests leave for people go. */
export const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target")

/** A program of the development build. */
export function program(name: "snug" | "snug-desktop"): string {
  const file = join(TARGET, process.env.SNUG_PROFILE ?? "debug", name)
  if (!existsSync(file)) throw new Error(`${file} isn't there: cargo build -p ${name === "snug" ? "snug-cli" : name}`)
  return file
}
