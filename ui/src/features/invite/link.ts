/**
 * Finds an invitation's link in whatever somebody pasted: a whole message, with quotes, in capitals from a QR code, or
 * broken into lines by a mail program. Whether it is a good one, the core says.
 */

/** What follows `snug:` in a whole link of today. */
const BODY = 85

/** A mail program breaks lines, quotes them, and leaves marks that nobody sees. */
const BREAK = /^[\s>\u00ad\u200b\u2060\ufeff]+/u
const LETTERS = /^[a-z2-7]+/iu

export function findLink(text: string): string | null {
  const start = /snug:/iu.exec(text)
  if (start === null) return null
  let rest = text.slice(start.index + start[0].length)
  let body = ""
  while (body.length < BODY) {
    const gap = BREAK.exec(rest)?.[0] ?? ""
    const piece = LETTERS.exec(rest.slice(gap.length))?.[0] ?? ""
    // What is too long together is a link and the word after it.
    if (piece === "" || (body !== "" && body.length + piece.length > BODY)) break
    body += piece
    rest = rest.slice(gap.length + piece.length)
  }
  return body === "" ? null : `snug:${body}`
}
