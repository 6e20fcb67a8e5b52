import type { LucideProps } from "@lucide/svelte"
import type { Component } from "svelte"

/** A picture beside words, never instead of them. */
export type Icon = Component<LucideProps>
