/** The three answers, each as an icon and a word. Silence is one too, and needs no button. */
import type { Answer } from "@/lib/api/generated/views"
import type { Icon } from "@/components/icon"
import { m } from "@/paraglide/messages"
import Check from "@lucide/svelte/icons/check"
import CircleDashed from "@lucide/svelte/icons/circle-dashed"
import EqualApproximately from "@lucide/svelte/icons/equal-approximately"
import Minus from "@lucide/svelte/icons/minus"

interface Shown {
  readonly icon: Icon
  readonly word: () => string
}

const SHOWN: Record<Answer, Shown> = {
  yes: { icon: Check, word: () => m.gathering_answer_yes() },
  "if-need-be": { icon: EqualApproximately, word: () => m.gathering_answer_if_need_be() },
  "not-this-time": { icon: Minus, word: () => m.gathering_answer_not_this_time() },
}

const SILENCE: Shown = { icon: CircleDashed, word: () => m.gathering_answer_none() }

export const ANSWERS: readonly Answer[] = ["yes", "if-need-be", "not-this-time"]

export function answerShown(answer: Answer | null): Shown {
  return answer === null ? SILENCE : SHOWN[answer]
}
