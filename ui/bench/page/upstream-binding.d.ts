/** `@automerge/prosemirror`, where it is installed; `no-upstream.ts` where it isn't. */
declare module "upstream-binding" {
  export const init: unknown
}
