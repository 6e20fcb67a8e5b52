import type { Candidate, ErrorCode } from "@/lib/api/generated/errors"

/** Why a command wasn't done. What people read is chosen by `code`; `message` is the core's own sentence. */
export class HostError extends Error {
  override readonly name = "HostError"

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly candidates: readonly Candidate[] = [],
  ) {
    super(message)
  }

  /** Whatever was thrown, as one of ours. */
  static of(thrown: unknown): HostError {
    if (thrown instanceof HostError) return thrown
    if (typeof thrown === "object" && thrown !== null && "code" in thrown && typeof thrown.code === "string") {
      const { code, message, candidates } = thrown as { code: ErrorCode; message?: string; candidates?: Candidate[] }
      return new HostError(code, message ?? code, candidates)
    }
    return new HostError("internal", thrown instanceof Error ? thrown.message : String(thrown))
  }
}
