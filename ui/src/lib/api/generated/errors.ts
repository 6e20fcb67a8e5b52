// Generated from snug-api by `SNUG_WRITE=1 cargo test -p snug-api --lib typescript`.
/* eslint-disable */

/** Why a command wasn't done. */
export type ApiError = {
  /** For programs. */
  code: ErrorCode,
  /** For people: what happened, what is safe, what to do; without a full stop at its end. */
  message: string,
  /** What was meant, perhaps: only with [`ErrorCode::Ambiguous`]. */
  candidates?: Array<Candidate>,
};

/** Something that a shortened id or a name may mean. */
export type Candidate = {
  /** Its whole id. */
  id: string,
  /** Its name or title. */
  name: string,
};

/** The stable name of an error. Programs decide by it, never by the sentence; `docs/commands.md` explains each. */
export type ErrorCode = "no_store" | "already_there" | "foreign_folder" | "in_use" | "locked" | "wrong_passphrase" | "empty_passphrase" | "passphrase_needed" | "newer_store" | "damaged_store" | "disk_full" | "disk_error" | "no_circle" | "not_found" | "ambiguous" | "not_admitted" | "left" | "bad_text" | "too_large" | "bad_time" | "not_a_link" | "damaged_link" | "newer_link" | "already_in" | "invitation_ended" | "declined" | "bad_expiry" | "still_waiting" | "too_many" | "update_needed" | "stopped" | "network" | "export_folder" | "closing" | "busy" | "other_version" | "unsupported" | "internal";
