/** From an event until what it may have changed is asked for: events come in bursts. */
export const CALM_MS = 60
/** Between two questions while events go on and on, as they do while somebody types. */
export const REST_MS = 500

/** Something to be done for events: soon after the first of a burst, and no more often than every so much. */
export interface Calm {
  readonly heard: () => void
  /** Forgets what was heard. */
  readonly stop: () => void
}

export function calm(act: () => void): Calm {
  let last = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined
  return {
    heard: () => {
      timer ??= setTimeout(
        () => {
          timer = undefined
          last = performance.now()
          act()
        },
        Math.max(CALM_MS, last + REST_MS - performance.now()),
      )
    },
    stop: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
