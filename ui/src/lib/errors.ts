/** Errors by their code, in words: what happened; then what is safe and what to do. */
import type { ErrorCode } from "@/lib/api/generated/errors"
import { m } from "@/paraglide/messages"

interface Words {
  what: string
  then: string
}

const words: Record<ErrorCode, () => Words> = {
  no_store: () => ({ what: m.errors_no_store_what(), then: m.errors_no_store_then() }),
  already_there: () => ({ what: m.errors_already_there_what(), then: m.errors_already_there_then() }),
  foreign_folder: () => ({ what: m.errors_foreign_folder_what(), then: m.errors_foreign_folder_then() }),
  in_use: () => ({ what: m.errors_in_use_what(), then: m.errors_in_use_then() }),
  locked: () => ({ what: m.errors_locked_what(), then: m.errors_locked_then() }),
  wrong_passphrase: () => ({ what: m.errors_wrong_passphrase_what(), then: m.errors_wrong_passphrase_then() }),
  empty_passphrase: () => ({ what: m.errors_empty_passphrase_what(), then: m.errors_empty_passphrase_then() }),
  passphrase_needed: () => ({ what: m.errors_passphrase_needed_what(), then: m.errors_passphrase_needed_then() }),
  newer_store: () => ({ what: m.errors_newer_store_what(), then: m.errors_newer_store_then() }),
  damaged_store: () => ({ what: m.errors_damaged_store_what(), then: m.errors_damaged_store_then() }),
  disk_full: () => ({ what: m.errors_disk_full_what(), then: m.errors_disk_full_then() }),
  disk_error: () => ({ what: m.errors_disk_error_what(), then: m.errors_disk_error_then() }),
  no_circle: () => ({ what: m.errors_no_circle_what(), then: m.errors_no_circle_then() }),
  not_found: () => ({ what: m.errors_not_found_what(), then: m.errors_not_found_then() }),
  ambiguous: () => ({ what: m.errors_ambiguous_what(), then: m.errors_ambiguous_then() }),
  not_admitted: () => ({ what: m.errors_not_admitted_what(), then: m.errors_not_admitted_then() }),
  left: () => ({ what: m.errors_left_what(), then: m.errors_left_then() }),
  bad_text: () => ({ what: m.errors_bad_text_what(), then: m.errors_bad_text_then() }),
  too_large: () => ({ what: m.errors_too_large_what(), then: m.errors_too_large_then() }),
  bad_time: () => ({ what: m.errors_bad_time_what(), then: m.errors_bad_time_then() }),
  not_a_link: () => ({ what: m.errors_not_a_link_what(), then: m.errors_not_a_link_then() }),
  damaged_link: () => ({ what: m.errors_damaged_link_what(), then: m.errors_damaged_link_then() }),
  newer_link: () => ({ what: m.errors_newer_link_what(), then: m.errors_newer_link_then() }),
  already_in: () => ({ what: m.errors_already_in_what(), then: m.errors_already_in_then() }),
  invitation_ended: () => ({ what: m.errors_invitation_ended_what(), then: m.errors_invitation_ended_then() }),
  declined: () => ({ what: m.errors_declined_what(), then: m.errors_declined_then() }),
  bad_expiry: () => ({ what: m.errors_bad_expiry_what(), then: m.errors_bad_expiry_then() }),
  still_waiting: () => ({ what: m.errors_still_waiting_what(), then: m.errors_still_waiting_then() }),
  too_many: () => ({ what: m.errors_too_many_what(), then: m.errors_too_many_then() }),
  update_needed: () => ({ what: m.errors_update_needed_what(), then: m.errors_update_needed_then() }),
  stopped: () => ({ what: m.errors_stopped_what(), then: m.errors_stopped_then() }),
  network: () => ({ what: m.errors_network_what(), then: m.errors_network_then() }),
  export_folder: () => ({ what: m.errors_export_folder_what(), then: m.errors_export_folder_then() }),
  closing: () => ({ what: m.errors_closing_what(), then: m.errors_closing_then() }),
  busy: () => ({ what: m.errors_busy_what(), then: m.errors_busy_then() }),
  other_version: () => ({ what: m.errors_other_version_what(), then: m.errors_other_version_then() }),
  unsupported: () => ({ what: m.errors_unsupported_what(), then: m.errors_unsupported_then() }),
  internal: () => ({ what: m.errors_internal_what(), then: m.errors_internal_then() }),
}

export function errorWords(code: ErrorCode): Words {
  // A code of a newer core is told as a defect: that is what it would be.
  return (words[code] as (() => Words) | undefined ?? words.internal)()
}
