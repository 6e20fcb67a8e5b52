/** What is open over the page: one thing at a time. */

export type Over = { name: "palette" } | { name: "start" } | { name: "join"; wish?: string }

let current = $state.raw<Over>()

export const over = {
  get current(): Over | undefined {
    return current
  },
}

export function show(next: Over): void {
  current = next
}

export function hide(): void {
  current = undefined
}
