/** Targets of links: one of the schemes that open something harmless, in one line that can be seen. */

/** UTF-8 bytes of a link's target. */
export const HREF_BYTES = 2048

const SCHEMES = new Set(["http", "https", "mailto", "tel", "snug"])
// Controls, white space other than a plain space, and what is invisible or turns the direction of writing.
const DECEIVES = /[\p{Cc}\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\u061C]|(?! )\p{White_Space}/u
const SPACE_AT_END = /^\p{White_Space}|\p{White_Space}$/u

/** The target if it may be one. */
export function href(target: unknown): string | null {
  if (typeof target !== "string") return null
  const colon = target.indexOf(":")
  if (colon < 0 || colon === target.length - 1 || !SCHEMES.has(target.slice(0, colon).toLowerCase())) return null
  if (!target.isWellFormed() || DECEIVES.test(target) || SPACE_AT_END.test(target)) return null
  return new TextEncoder().encode(target).length <= HREF_BYTES ? target : null
}
