/** What a note without a title is called: one word in the document, and in each window the word of its own language. */
import { m } from "@/paraglide/messages"

/** As the laptop calls one whose title can't be shown. */
export const UNTITLED = "Untitled"

export function titleWords(title: string): string {
  return title === UNTITLED ? m.note_untitled() : title
}
