// Generated from snug-api; don't edit.
import type { ApiError } from "./errors"

export type DoorState = { "state": "fresh" } | { "state": "locked" } | { "state": "open" } | { "state": "unusable", error: ApiError, }
