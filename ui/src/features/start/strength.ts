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

/** Passphrases that everybody knows, from comics, books and manuals; their words alone. */
const FAMOUS = new Set([
  "correct horse battery staple",
  "open sesame",
  "sesam öffne dich",
  "szezám tárulj",
  "may the force be with you",
  "the quick brown fox jumps over the lazy dog",
  "franz jagt im komplett verwahrlosten taxi quer durch bayern",
  "árvíztűrő tükörfúrógép",
  "to be or not to be",
  "sein oder nicht sein",
  "lenni vagy nem lenni",
  "i love you",
  "ich liebe dich",
  "let me in",
  "alle meine entchen",
].map(letters))

const LIKE_LETTERS: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
}

/** What stands first in every list of passwords; digits and signs around them hide nothing. */
const COMMON = new Set(
  (
    "password passwort passwd passphrase jelszo jelszó kennwort secret geheim titkos hallo hello welcome willkommen " +
    "letmein iloveyou ichliebedich szeretlek admin administrator root user login test snug master dragon monkey " +
    "football fussball fußball sunshine princess qwerty qwertz qwertyuiop qwertzuiop asdf asdfgh asdfghjkl yxcvbnm zxcvbnm " +
    "abc abcd summer sommer winter spring autumn schatz baseball superman batman trustno changeme default"
  ).split(" "),
)

export function strength(passphrase: string): Strength {
  if (passphrase === "") return "none"
  if (FAMOUS.has(letters(passphrase)) || common(passphrase)) return "weak"
  const bits = Math.min(bySigns(passphrase), byWords(passphrase))
  if (bits < FAIR_BITS) return "weak"
  if (bits < GOOD_BITS) return "fair"
  return bits < STRONG_BITS ? "good" : "strong"
}

/** The letters of a passphrase alone, without regard to case: what stands between them changes little. */
function letters(passphrase: string): string {
  return passphrase.normalize("NFC").toLowerCase().replace(/[^\p{L}]+/gu, "")
}

/** True if it is one common word, written as it is or with digits in place of letters, and digits or signs around it. */
function common(passphrase: string): boolean {
  const written = passphrase.normalize("NFC").toLowerCase()
  const spelled = written.replace(/[^\p{L}]+$/u, "").replace(/[013457@$!]/gu, (sign) => LIKE_LETTERS[sign] ?? sign)
  return [written, spelled].some((word) => COMMON.has(letters(word)))
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
