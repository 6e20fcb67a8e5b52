// Generated from snug-api by `SNUG_WRITE=1 cargo test -p snug-api --lib typescript`.
/* eslint-disable */
import type { Answer, Kind } from "./views";

/** Founds a circle of one. */
export type CircleFound = {
  /** Its name. */
  name: string,
  /** What brings it together. */
  kind: Kind,
};

/** Leaves a circle, and lets go of what this laptop holds of it. */
export type CircleLeave = {
  /** Which circle. */
  circle: string,
};

/** The circles of this laptop. */
export type CircleList = Record<symbol, never>;

/** Another name for a circle, for everybody in it. */
export type CircleRename = {
  /** Which circle. */
  circle: string,
  /** The name. */
  name: string,
};

/** Writes a circle into open files. */
export type Export = {
  /** Which circle. */
  circle: string,
  /** A folder that is empty or isn't there, by its whole path. */
  folder: string,
};

/** The laptops of a circle, and what each said to hold. */
export type Holders = {
  /** Which circle. */
  circle: string,
  /** Only what of it is in this note or gathering, by its id. */
  document?: string | null,
};

/** Keeps the network interfaces that are used where `--interfaces` names none, from now on. */
export type Interfaces = {
  /** Their names, all of them if there is none. */
  names: Array<string>,
};

/** Makes an invitation for one person. */
export type Invite = {
  /** To which circle. */
  circle: string,
  /** How long it holds, in seconds. */
  expires: number,
  /** True if whoever asks must be confirmed. */
  confirm: boolean,
};

/** Lets in somebody who asks. */
export type InviteConfirm = {
  /** Which circle. */
  circle: string,
  /** Who: the name that they ask under, or the id of their laptop. */
  person: string,
};

/** Says no to somebody who asks: their laptop is told so. */
export type InviteDecline = {
  /** Which circle. */
  circle: string,
  /** Who: the name that they ask under, or the id of their laptop. */
  person: string,
};

/** The invitations that this laptop answers for a circle. */
export type InviteList = {
  /** Which circle. */
  circle: string,
};

/** Takes an invitation back. */
export type InviteWithdraw = {
  /** Which circle. */
  circle: string,
  /** Which invitation. */
  invitation: string,
};

/** Asks to join by a link. Asking again goes on with it. */
export type Join = {
  /** The link. */
  link: string,
  /** Another name than this laptop's. */
  name?: string | null,
  /** Addresses to try beside the search. */
  dial: Array<string>,
};

/** Gives a wish to join up, or takes note that it was refused. */
export type JoinForget = {
  /** The invitation. */
  join: string,
};

/** How a wish to join stands. */
export type JoinStatus = {
  /** The invitation, as [`Join`] answered it. */
  join: string,
};

/** This laptop's owner. */
export type Me = Record<symbol, never>;

/** Another name for them in circles to come. Every circle keeps the one that they have there. */
export type MeRename = {
  /** The name. */
  name: string,
};

/** Another name for oneself in one circle. */
export type MemberRename = {
  /** Which circle. */
  circle: string,
  /** The name. */
  name: string,
};

/** How this laptop stands on the network. */
export type Network = Record<symbol, never>;

/** Switches the network on or off, now and at every start. */
export type NetworkSet = {
  /** False to stay off it. */
  wanted: boolean,
};

/** Plain text in a last paragraph of its own. */
export type NoteAppend = {
  /** In which circle. */
  circle: string,
  /** Which note. */
  note: string,
  /** The text. */
  text: string,
};

/** Another body, by the smallest edit that gets there. */
export type NoteEdit = {
  /** In which circle. */
  circle: string,
  /** Which note. */
  note: string,
  /** The whole body as Markdown. */
  markdown: string,
};

/** A note without its body. */
export type NoteHead = {
  /** In which circle. */
  circle: string,
  /** Which note. */
  note: string,
};

/** The notes of a circle. */
export type NoteList = {
  /** Which circle. */
  circle: string,
  /** True to list those that were put away as well. */
  away: boolean,
};

/** A new note. */
export type NoteNew = {
  /** In which circle. */
  circle: string,
  /** Its title. */
  title: string,
  /** Its body as Markdown. */
  markdown: string,
};

/** Puts a note away, or brings it back. */
export type NotePutAway = {
  /** In which circle. */
  circle: string,
  /** Which note. */
  note: string,
  /** True to put it away, false to bring it back. */
  away: boolean,
};

/** Another title. */
export type NoteRename = {
  /** In which circle. */
  circle: string,
  /** Which note. */
  note: string,
  /** The title. */
  title: string,
};

/** A note, whole. */
export type NoteShow = {
  /** In which circle. */
  circle: string,
  /** Which note. */
  note: string,
};

/** The people of a circle. */
export type People = {
  /** Which circle. */
  circle: string,
};

/** One's own answer to a gathering. */
export type PlanAnswer = {
  /** In which circle. */
  circle: string,
  /** Which gathering. */
  plan: string,
  /** The answer. */
  answer: Answer,
};

/** Another title, time or place. What isn't given stays as it is; a time or a place that is `null` is taken away. */
export type PlanChange = {
  /** In which circle. */
  circle: string,
  /** Which gathering. */
  plan: string,
  /** Its title. */
  title?: string | null,
  /** When it is. */
  at?: WrittenTime | null,
  /** Where it is. */
  place?: string | null,
};

/** The gatherings of a circle. */
export type PlanList = {
  /** Which circle. */
  circle: string,
  /** True to list those that were put away as well. */
  away: boolean,
};

/** A new gathering. */
export type PlanNew = {
  /** In which circle. */
  circle: string,
  /** Its title. */
  title: string,
  /** When it is. */
  at?: WrittenTime | null,
  /** Where it is. */
  place?: string | null,
};

/** Puts a gathering away, or brings it back. */
export type PlanPutAway = {
  /** In which circle. */
  circle: string,
  /** Which gathering. */
  plan: string,
  /** True to put it away, false to bring it back. */
  away: boolean,
};

/** A gathering, whole, with everybody's answers. */
export type PlanShow = {
  /** In which circle. */
  circle: string,
  /** Which gathering. */
  plan: string,
};

/** A command on its way to a laptop: `{"command":"circle_list","with":{}}`. */
export type Request = { "command": "status", "with": Status }
  | { "command": "circle_found", "with": CircleFound }
  | { "command": "interfaces", "with": Interfaces }
  | { "command": "network", "with": Network }
  | { "command": "network_set", "with": NetworkSet }
  | { "command": "me", "with": Me }
  | { "command": "me_rename", "with": MeRename }
  | { "command": "member_rename", "with": MemberRename }
  | { "command": "circle_rename", "with": CircleRename }
  | { "command": "circle_list", "with": CircleList }
  | { "command": "circle_leave", "with": CircleLeave }
  | { "command": "invite", "with": Invite }
  | { "command": "invite_list", "with": InviteList }
  | { "command": "invite_withdraw", "with": InviteWithdraw }
  | { "command": "invite_confirm", "with": InviteConfirm }
  | { "command": "invite_decline", "with": InviteDecline }
  | { "command": "join", "with": Join }
  | { "command": "join_status", "with": JoinStatus }
  | { "command": "join_forget", "with": JoinForget }
  | { "command": "people", "with": People }
  | { "command": "holders", "with": Holders }
  | { "command": "note_new", "with": NoteNew }
  | { "command": "note_list", "with": NoteList }
  | { "command": "note_show", "with": NoteShow }
  | { "command": "note_head", "with": NoteHead }
  | { "command": "note_edit", "with": NoteEdit }
  | { "command": "note_append", "with": NoteAppend }
  | { "command": "note_rename", "with": NoteRename }
  | { "command": "note_put_away", "with": NotePutAway }
  | { "command": "plan_new", "with": PlanNew }
  | { "command": "plan_list", "with": PlanList }
  | { "command": "plan_show", "with": PlanShow }
  | { "command": "plan_change", "with": PlanChange }
  | { "command": "plan_put_away", "with": PlanPutAway }
  | { "command": "plan_answer", "with": PlanAnswer }
  | { "command": "export", "with": Export };

/** This laptop, laptops near, and which hold what, as of when. */
export type Status = {
  /** Only this circle. */
  circle?: string | null,
};

/** A gathering's time as somebody wrote it. */
export type WrittenTime = {
  /** The time on a clock there: `2026-12-01T18:00`. */
  local: string,
  /** The zone, by its IANA name: `Europe/Budapest`. */
  zone: string,
};
