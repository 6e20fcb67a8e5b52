// Generated from snug-api by `SNUG_WRITE=1 cargo test -p snug-api --lib typescript`.
/* eslint-disable */
import type { Asking, Circles, Done, Exported, Holders, Invitations, Invited, Joining, Left, Me, Network, NewCircle, NewDocument, Note, NoteHead, Notes, People, Plan, Plans, Status, Withdrawn } from "./views";

/** A laptop's answer: `{"command":"circle_list","answer":{"circles":[]}}`. */
export type Response = { "command": "status", "answer": Status }
  | { "command": "circle_found", "answer": NewCircle }
  | { "command": "interfaces", "answer": Done }
  | { "command": "network", "answer": Network }
  | { "command": "network_set", "answer": Done }
  | { "command": "me", "answer": Me }
  | { "command": "me_rename", "answer": Done }
  | { "command": "member_rename", "answer": Done }
  | { "command": "circle_rename", "answer": Done }
  | { "command": "circle_list", "answer": Circles }
  | { "command": "circle_leave", "answer": Left }
  | { "command": "invite", "answer": Invited }
  | { "command": "invite_list", "answer": Invitations }
  | { "command": "invite_withdraw", "answer": Withdrawn }
  | { "command": "invite_confirm", "answer": Asking }
  | { "command": "invite_decline", "answer": Done }
  | { "command": "join", "answer": Joining }
  | { "command": "join_status", "answer": Joining }
  | { "command": "join_forget", "answer": Done }
  | { "command": "people", "answer": People }
  | { "command": "holders", "answer": Holders }
  | { "command": "note_new", "answer": NewDocument }
  | { "command": "note_list", "answer": Notes }
  | { "command": "note_show", "answer": Note }
  | { "command": "note_head", "answer": NoteHead }
  | { "command": "note_edit", "answer": Done }
  | { "command": "note_append", "answer": Done }
  | { "command": "note_rename", "answer": Done }
  | { "command": "note_put_away", "answer": Done }
  | { "command": "plan_new", "answer": NewDocument }
  | { "command": "plan_list", "answer": Plans }
  | { "command": "plan_show", "answer": Plan }
  | { "command": "plan_change", "answer": Done }
  | { "command": "plan_put_away", "answer": Done }
  | { "command": "plan_answer", "answer": Done }
  | { "command": "export", "answer": Exported };
