// Generated from snug-api by `SNUG_WRITE=1 cargo test -p snug-api --lib typescript`.
/* eslint-disable */

/** An answer to a gathering. */
export type Answer = "yes" | "if-need-be" | "not-this-time";

/** Somebody who holds an invitation's link and asks to come in. */
export type Asking = {
  /** Their laptop. */
  device: string,
  /** What they call themselves. */
  name: string,
};

/** One block: `{"kind":"heading","level":2,"runs":[{"text":"Next book"}]}`. */
export type Block = {
  /** Its text, in runs of equal marks. */
  runs: Array<Run>,
} & ({ "kind": "paragraph" }
  | { "kind": "heading",
  /** From 1, the largest, to 6. */
  level: number,
}
  | { "kind": "item",
  /** Numbered; otherwise a bullet. */
  numbered: boolean,
  /** How many lists hold the list that it is in. */
  depth: number,
  /** The number that a list begins with, where one begins here that doesn't begin by itself or not with 1. */
  begins?: number,
}
  | { "kind": "literal" });

/** A circle in a list. */
export type Circle = {
  /** The circle. */
  id: string,
  /** Its name; empty until its page is here. */
  name: string,
  /** What brings it together; `null` until its page is here. */
  kind: Kind | null,
  /** How it stands here. */
  state: CircleState,
  /** How many laptops ask to come in and wait for this one's answer. */
  asking: number,
};

/** How a circle stands on this laptop. */
export type CircleState = "joining" | "member" | "leaving" | "damaged";

/** Who holds what, in one circle. */
export type CircleStatus = {
  /** The circle. */
  id: string,
  /** Its name; empty until its page is here. */
  name: string,
  /** Current laptops of the circle, this one included. */
  laptops: number,
  /** Those that hold everything that is safe on this one, by their own signed word; this one included. */
  holding: number,
  /** The oldest word among those counted. */
  as_of: number | null,
  /** Laptops of the circle that this one is connected to. */
  near: number,
  /** The circle's other laptops, one by one. */
  others: Array<OtherLaptop>,
  /** Where this laptop answers for the circle, for `--dial`. */
  addresses: Array<string>,
  /** Laptops whose history split in two: copied, restored, or not honest. */
  split: Array<string>,
  /** Why nothing can be written here, if so. */
  stopped: string | null,
};

/** The circles of this laptop. */
export type Circles = {
  /** By name. */
  circles: Array<Circle>,
  /** Wishes to join that aren't decided, and those that were refused since Snug was opened. */
  joining: Array<Wish>,
};

/** It is done, and there is nothing else to say. */
export type Done = Record<symbol, never>;

/** What an export wrote. */
export type Exported = {
  /** The folder. */
  folder: string,
  /** Notes, as Markdown. */
  notes: number,
  /** Gatherings, as calendar files. */
  plans: number,
};

/** A laptop of a circle, and what it said to hold. */
export type Holder = {
  /** The laptop. */
  device: string,
  /** Whose it is. */
  person: string,
  /** Who that is, in this circle alone. */
  id: string | null,
  /** True for this laptop. */
  me: boolean,
  /** True while it is connected; true for this one. */
  near: boolean,
  /** When it last said that it holds all that was asked about; `null` if it hasn't. For this laptop: now. */
  holds: number | null,
};

/** The laptops of a circle. */
export type Holders = {
  /** Current laptops of the circle: this one first, then by whose they are. */
  laptops: Array<Holder>,
};

/** An invitation that this laptop answers. */
export type Invitation = {
  /** The invitation. */
  id: string,
  /** How it stands. */
  state: InvitationState,
  /** When it ends, by this laptop's clock. */
  expires: number,
  /** True if whoever asks must be confirmed. */
  confirm: boolean,
  /** Who asks to come in. */
  asking: Array<Asking>,
};

/** How an invitation stands. */
export type InvitationState = "open" | "used" | "withdrawn" | "expired";

/** The invitations that this laptop answers for a circle. */
export type Invitations = {
  /** All of them, ended ones too. */
  invitations: Array<Invitation>,
};

/** A new invitation. */
export type Invited = {
  /** The invitation. */
  id: string,
  /** Its link: whoever holds it may ask to come in. */
  link: string,
};

/** A wish to join, and how it stands. */
export type Joining = {
  /** The invitation. */
  join: string,
} & ({ "state": "looking" }
  | { "state": "waiting" }
  | { "state": "admitted",
  /** The circle. */
  circle: string,
}
  | { "state": "refused",
  /** Why. */
  reason: Refusal,
});

/** What brings a circle together. It only picks gentle defaults. */
export type Kind = "life" | "interest" | "values";

/** A circle that was left. */
export type Left = {
  /** How many other people it has; `null` where this laptop can't know. */
  others: number | null,
};

/** This laptop's owner. */
export type Me = {
  /** The name that they go by where they choose no other. */
  name: string,
};

/** How a laptop stands on the network. */
export type Network = {
  /** False where its owner switched it off. */
  wanted: boolean,
  /** True while it can be found at some address. */
  online: boolean,
  /** The interfaces that are here now, by name. */
  interfaces: Array<NetworkInterface>,
  /** True where whoever is running was started with a list of them: which are used can't be set then. */
  given: boolean,
};

/** An interface of this laptop's system. */
export type NetworkInterface = {
  /** The system's name for it. */
  name: string,
  /** True if it is one of those that Snug uses when it is on the network. */
  used: boolean,
};

/** Something new, by its id. */
export type NewCircle = {
  /** The circle. */
  id: string,
};

/** A new note or gathering. */
export type NewDocument = {
  /** The note or gathering. */
  id: string,
};

/** A note, whole. */
export type Note = {
  /** The note. */
  id: string,
  /** Its title. */
  title: string,
  /** Its body as Markdown. */
  markdown: string,
  /** Its body block after block. */
  blocks: Array<Block>,
  /** When it last changed. */
  changed: number,
  /** True if it was put away. */
  away: boolean,
  /** Current laptops of the circle. */
  laptops: number,
  /** Those that hold all of it, by their own signed word; this one included. */
  holding: number,
  /** The oldest word among those counted. */
  as_of: number | null,
};

/** A note without its body. */
export type NoteHead = {
  /** The note. */
  id: string,
  /** Its title. */
  title: string,
  /** When it last changed. */
  changed: number,
  /** True if it was put away. */
  away: boolean,
  /** Current laptops of the circle. */
  laptops: number,
  /** Those that hold all of it, by their own signed word; this one included. */
  holding: number,
  /** The oldest word among those counted. */
  as_of: number | null,
};

/** A note in a list. */
export type NoteSummary = {
  /** The note. */
  id: string,
  /** Its title. */
  title: string,
  /** When it last changed, by the clock of whoever changed it. */
  changed: number,
  /** True if it was put away. */
  away: boolean,
};

/** The notes of a circle. */
export type Notes = {
  /** Those that changed last come first. */
  notes: Array<NoteSummary>,
};

/** Another laptop of a circle. */
export type OtherLaptop = {
  /** The laptop. */
  device: string,
  /** Whose it is. */
  person: string,
  /** True while it is connected. */
  near: boolean,
  /** When it last said that it holds all; `null` if it hasn't. */
  holds_all: number | null,
};

/** The people of a circle. */
export type People = {
  /** By name; those who left as well. */
  people: Array<Person>,
};

/** Somebody in a circle. */
export type Person = {
  /** Who, in this circle alone. */
  id: string,
  /** Their name in this circle. */
  name: string,
  /** True for this laptop's owner. */
  me: boolean,
  /** How many laptops they have here. */
  laptops: number,
  /** True if they left. */
  left: boolean,
  /** Who let them in; `null` for the founder. */
  added_by: string | null,
};

/** Somebody's answer to a gathering. */
export type PersonAnswer = {
  /** Their name. */
  person: string,
  /** Who, in this circle alone. */
  id: string,
  /** True for this laptop's owner. */
  me: boolean,
  /** Their answer; `null` is silence, and an answer too. */
  answer: Answer | null,
};

/** A gathering, whole. */
export type Plan = {
  /** The gathering. */
  id: string,
  /** Its title. */
  title: string,
  /** When it is. */
  at: PlanTime | null,
  /** Where it is. */
  place: string | null,
  /** Current members, by name, and what they answered. */
  answers: Array<PersonAnswer>,
  /** When it last changed. */
  changed: number,
  /** True if it was put away. */
  away: boolean,
  /** Current laptops of the circle. */
  laptops: number,
  /** Those that hold all of it, by their own signed word; this one included. */
  holding: number,
  /** The oldest word among those counted. */
  as_of: number | null,
};

/** A gathering in a list. */
export type PlanSummary = {
  /** The gathering. */
  id: string,
  /** Its title. */
  title: string,
  /** When it is. */
  at: PlanTime | null,
  /** Where it is. */
  place: string | null,
  /** What this laptop's owner answered; `null` if nothing. */
  mine: Answer | null,
  /** When it last changed. */
  changed: number,
  /** True if it was put away. */
  away: boolean,
};

/** A time in a zone. */
export type PlanTime = {
  /** The time on a clock there: `2026-12-01T18:00`. */
  local: string,
  /** The zone, by its IANA name. */
  zone: string,
  /** The instant. */
  instant: number,
  /** How far the clocks there are from UTC then: `+02:00`. */
  offset: string | null,
  /** True if the clocks there show this time twice, because they are put back; the first time is meant. */
  twice: boolean,
};

/** The gatherings of a circle. */
export type Plans = {
  /** By time, those without one last. */
  plans: Array<PlanSummary>,
};

/** Why an invitation doesn't open the door. */
export type Refusal = "expired" | "used" | "withdrawn" | "declined" | "full" | "already_in" | "other";

/** Text under the same marks. */
export type Run = {
  /** The text. */
  text: string,
  /** Bold. */
  strong?: boolean,
  /** Italic. */
  em?: boolean,
  /** The target of a link. */
  link?: string,
  /** Inline Markdown that Snug has no mark for yet, as it was written. */
  literal?: boolean,
};

/** This laptop, and who holds what. */
export type Status = {
  /** The name that its owner goes by where they chose no other. */
  name: string,
  /** True while it can be found. */
  online: boolean,
  /** Laptops that it is connected to, over all circles. */
  near: number,
  /** Its circles, by name. */
  circles: Array<CircleStatus>,
  /** Its wishes to join that aren't decided, and those that were refused since it was opened. */
  joining: Array<Wish>,
};

/** A wish to join that stands: it goes on whenever this laptop is up. */
export type Wish = {
  /** The invitation. */
  id: string,
  /** The name that its owner asks under. */
  name: string,
} & ({ "state": "looking" }
  | { "state": "waiting" }
  | { "state": "admitted",
  /** The circle. */
  circle: string,
}
  | { "state": "refused",
  /** Why. */
  reason: Refusal,
});

/** An invitation that was taken back. */
export type Withdrawn = {
  /** True if that had been done before. */
  already: boolean,
};
