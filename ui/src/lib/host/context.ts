import { getContext, setContext } from "svelte"
import type { Host } from "./host"

const KEY = Symbol("host")

export function setHost(host: Host): void {
  setContext(KEY, host)
}

/** The same around a component that is mounted alone, as in a test. */
export function hostContext(host: Host): Map<symbol, Host> {
  return new Map([[KEY, host]])
}

/** The host of the app that this component is in. */
export function getHost(): Host {
  return getContext<Host>(KEY)
}
