/** Nothing of what somebody reads or writes stays in what a browser keeps or shows outside of the page. */
import type { Page } from "playwright-core"

/** Everything that was kept, in a line each. */
export async function traces(page: Page): Promise<string[]> {
  const kept = await page.evaluate(async () => {
    const found: string[] = []
    for (const [place, storage] of Object.entries({ localStorage, sessionStorage }))
      for (const key of Object.keys(storage)) found.push(`${place}: ${key}`)
    for (const { name } of await indexedDB.databases()) found.push(`database: ${name ?? ""}`)
    if ("caches" in window) for (const name of await caches.keys()) found.push(`cache: ${name}`)
    if (document.cookie !== "") found.push(`cookies: ${document.cookie}`)
    if (document.title !== "Snug") found.push(`title: ${document.title}`)
    if (window.name !== "") found.push(`name of the window: ${window.name}`)
    if (history.state !== null && JSON.stringify(history.state) !== "{}") found.push(`history: ${JSON.stringify(history.state)}`)
    // The place where one is stands there, by ids, until the program ends.
    const isPlace = /^$|^#settings\/[a-z]+$|^#[a-z]+(\/[\da-f]+){1,2}$/u.test(location.hash)
    if (!isPlace) found.push(`address: ${location.hash}`)
    return found
  })
  const cookies = await page.context().cookies()
  return [...kept, ...cookies.map(({ name }) => `cookie: ${name}`)]
}
