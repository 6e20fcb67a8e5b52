import { getContext, setContext } from "svelte"
import type { Host } from "./host"

const KEY = Symbol("host")

export function setHost(host: Host): void {
  setContext(KEY, host)
}

/** The host of the app that this component is in. */
export function getHost(): Host {
  return getContext<Host>(KEY)
}
