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

/** How long whoever locks the laptop is kept waiting at most, in milliseconds. */
const PATIENCE_MS = 2_000

/** Writes everything that waits. Resolves with true when all of it is durable, with false if it isn't or takes too long. */
export async function settleAll(): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS)
  })
  const all = Promise.all([...open].map((settle) => settle().catch(() => false)))
  try {
    return await Promise.race([all.then((durable) => durable.every(Boolean)), late])
  } finally {
    clearTimeout(timer)
  }
}
