/** What was typed and may not be durable yet: whoever locks or closes the window waits for it. */
type Settle = () => Promise<boolean>

const open = new Set<Settle>()

/** Counts something in; `settle` resolves with true when all of it is durable. Returns how to count it out. */
export function unwritten(settle: Settle): () => void {
  open.add(settle)
  return () => {
    open.delete(settle)
  }
}

/** Writes everything that waits. Resolves with true when all of it is durable, with false if it can't be written. */
export async function settleAll(): Promise<boolean> {
  const durable = await Promise.all([...open].map((settle) => settle().catch(() => false)))
  return durable.every(Boolean)
}
