// Generated from snug-api by `SNUG_WRITE=1 cargo test -p snug-api --lib typescript`.
/* eslint-disable */

/** A language that the window speaks. */
export type Language = "en" | "de" | "hu";

/** What is chosen in the settings. Nothing in it is private. */
export type Preferences = {
  /** Colours. */
  theme: Theme,
  /** The language; the system's if there is none. */
  language: Language | null,
  /** Locks when nobody was at the keyboard for so many minutes; never if there is none. */
  lock_after_minutes: number | null,
};

/** Colours. */
export type Theme = "system" | "light" | "dark";
