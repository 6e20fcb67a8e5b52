/** Whoever closes something goes on where they were. */
import { tick } from "svelte"

/** Remembers what has the focus; what is returned gives it back, once what took it is gone, unless something else has it. */
export function lendFocus(otherwise: () => HTMLElement | null | undefined = () => undefined): () => void {
  const before = document.activeElement
  return () => {
    void tick().then(() => {
      if (document.activeElement !== document.body) return
      if (before instanceof HTMLElement && before !== document.body && before.isConnected) before.focus()
      else otherwise()?.focus()
    })
  }
}
