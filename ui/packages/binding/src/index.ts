/**
 * `@snug/binding`: a note's body, shared between ProseMirror and Automerge.
 *
 * ```ts
 * const note = open(bytes, actor, { now: Date.now, timers })
 * note.onLocal((changes) => host.send(changes))
 * host.onRemote((changes) => note.applyRemote(changes))
 * const view = new EditorView(place, { state: note.state([keymap({ "Mod-z": undo, "Mod-y": redo })]) })
 * ```
 */
export { again, between, type Left } from "./again.js"
export { ActorError, StateError } from "./host.js"
export { LIST_DEPTH } from "./flat.js"
export type { Fault, Options, Surface, Timers } from "./host.js"
export { NoteReplica, open } from "./replica.js"
export { byOthers } from "./pending.js"
export { schema } from "./schema.js"
export { href } from "./href.js"
export { redo, undo } from "prosemirror-history"
