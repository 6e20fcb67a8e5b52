/** What was tried by keys or from the palette, at no place of its own where it could say what went wrong. */
import { HostError } from "@/lib/host/error"

let current = $state.raw<{ readonly tried: string; readonly error: HostError }>()

export const mishap = {
  /** What was tried, in words, and why it didn't come to it. */
  get current(): { readonly tried: string; readonly error: HostError } | undefined {
    return current
  },
  forget(): void {
    current = undefined
  },
}

export function attempt(tried: string, doing: Promise<unknown>): void {
  current = undefined
  doing.catch((thrown: unknown) => (current = { tried, error: HostError.of(thrown) }))
}
