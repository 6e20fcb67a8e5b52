// Who and what the stories are about.

export const CIRCLE = "Thursday walks"
export const NOTE = "Routes"
/** The note's first words, as Markdown. */
export const WORDS = "# Near\n\nThe mill stream\n"
