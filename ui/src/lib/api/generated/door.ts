// Generated from snug-api by `SNUG_WRITE=1 cargo test -p snug-api --lib typescript`.
/* eslint-disable */
import type { ApiError } from "./errors";

/** How a door stands. */
export type DoorState = { "state": "fresh" }
  | { "state": "locked" }
  | { "state": "open" }
  | { "state": "unusable",
  /** Why. */
  error: ApiError,
};
