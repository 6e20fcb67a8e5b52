// A place to write in: a page in one engine or another, asked and typed into from outside.

/** The page, in whatever program shows it. */
export interface Place {
  /** Runs a function in the page. It is sent as its own text, and so uses nothing from outside itself. */
  run<A extends readonly unknown[], R>(ask: (...args: A) => R, ...args: A): Promise<Awaited<R>>
  /** Sends a real key. */
  type(key: string): Promise<void>
}

/** The web engines that pages are measured in. */
export interface Engine {
  readonly name: string
  /** Shows a page in a process that is new, does something there, and ends the process. */
  visit<T>(address: string, doing: (place: Place) => Promise<T>): Promise<T>
}
