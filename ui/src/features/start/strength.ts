/**
 * How hard a passphrase is to guess, told in words. It is an estimate from below: words that are put together count
 * little each, what repeats counts nothing, and nobody is promised what a program of tomorrow can't do.
 */

export type Strength = "none" | "weak" | "fair" | "good" | "strong"

/** Bits for a word that somebody took from a few thousand common ones. */
const WORD_BITS = 11
const FAIR_BITS = 30
const GOOD_BITS = 42
const STRONG_BITS = 55

export function strength(passphrase: string): Strength {
  if (passphrase === "") return "none"
  const bits = Math.min(bySigns(passphrase), byWords(passphrase))
  if (bits < FAIR_BITS) return "weak"
  if (bits < GOOD_BITS) return "fair"
  return bits < STRONG_BITS ? "good" : "strong"
}

/** Every sign on its own, out of the kinds of signs that are there; one beside its like or its neighbour is no news. */
function bySigns(passphrase: string): number {
  const signs = Array.from(passphrase)
  const kinds: [RegExp, number][] = [
    [/\p{Ll}/u, 26],
    [/\p{Lu}/u, 26],
    [/\p{Nd}/u, 10],
    [/[^\p{L}\p{N}]/u, 30],
    [/[^\p{ASCII}]/u, 40],
  ]
  const choice = kinds.reduce((sum, [kind, count]) => (kind.test(passphrase) ? sum + count : sum), 0)
  const news = signs.filter((sign, at) => {
    const before = signs[at - 1]
    if (before === undefined) return true
    return Math.abs((sign.codePointAt(0) ?? 0) - (before.codePointAt(0) ?? 0)) > 1
  })
  const different = new Set(signs).size
  return Math.min(news.length, 2 * different) * Math.log2(Math.max(choice, 2))
}

/** Words that somebody chose, each once. Letters between other signs are one word, digits beside it are half of one. */
function byWords(passphrase: string): number {
  const parts = new Set(passphrase.toLowerCase().match(/\p{L}+|\p{N}+|[^\p{L}\p{N}\s]+/gu) ?? [])
  let bits = 0
  for (const part of parts) {
    // Letters that make no word anybody knows can't be told from a word here, except that they are long.
    if (/^\p{L}+$/u.test(part)) bits += part.length < 3 ? 4 : WORD_BITS + Math.max(0, part.length - 8) * 1.5
    else bits += Math.min(part.length, 6) * 2.5
  }
  return bits
}
