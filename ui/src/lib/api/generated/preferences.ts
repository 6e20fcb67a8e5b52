// Generated from snug-desktop; don't edit.

export type Theme = "system" | "light" | "dark"

export type Language = "en" | "de" | "hu"

export type Preferences = { theme: Theme, language: Language | null, lock_after_minutes: number | null, }
