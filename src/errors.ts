/**
 * Every refusal of Porchlight: its code, and its HTTP status. The words a person reads are in `text/`. The codes of the portal API
 * are a contract (docs/api.md); add rows, do not rename them.
 */
export const refusals = {
  session_required: 401,
  credential_required: 401, // of an application: a token of this customer's
  scope_missing: 403, // the application's token is valid, but lacks this scope
  second_step_required: 403, // staff who signed in, and must prove once more who they are
  preview_only: 403, // staff who see the portal as a volunteer does, which shows pages and does nothing
  account_stale: 401, // VOMO has another email now; the session has ended
  account_orphaned: 403, // the VOMO record is gone
  account_no_record: 403, // a person known to us, but not a volunteer in VOMO
  account_disabled: 403,
  hand_off_refused: 403, // not handed off to VOMO: not an ordinary volunteer there
  vomo_unavailable: 503, // only when no held copy can be shown
  rate_limited: 429,
  service_unavailable: 503, // our own database has no connection free, or does not answer
  link_not_usable: 410, // strangers learn nothing more; the holder of a real secret learns why
  code_not_usable: 422,
  email_not_editable: 422,
  field_not_editable: 422,
  profile_changed: 409, // the record changed in VOMO meanwhile; the problem contains both values
  profile_not_taken: 409, // VOMO received the change and kept its own value
  invalid_request: 422, // names the field and the rule
  cross_site_request: 403,
  unknown_host: 421,
  not_found: 404,
  method_not_allowed: 405,
  body_too_large: 413,
  bad_request: 400,
} as const satisfies Record<string, number>

export type RefusalCode = keyof typeof refusals

/** The values to change, as they are now and as requested. */
export type Conflicts = Readonly<Record<string, { now: string | null; yours: string | null }>>

/** An error, for the functions that report it in the form of one of our APIs. */
export type ErrorReport = {
  code: RefusalCode | 'server_error'
  status: number
  /** Each field and the rule it breaks. */
  fields: Readonly<Record<string, string>>
  /** Where the visitor can still do it. */
  url: string | undefined
  conflicts?: Conflicts | undefined
  triesLeft?: number | undefined
  /** The request's method. */
  method: string
  /** Headers of the answer: `allow`, `retry-after`. */
  headers: Readonly<Record<string, string>>
}

/** An expected refusal. Every other exception is a bug. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  /** For `invalid_request`: the field, and the rule it breaks. */
  readonly fields: Readonly<Record<string, string>>
  readonly retryAfterMs: number | undefined
  /** An external address where the visitor can still do it. */
  readonly url: string | undefined
  /** For `profile_changed`. */
  readonly conflicts: Conflicts | undefined
  /** For `code_not_usable`: how many more tries are allowed. */
  readonly triesLeft: number | undefined

  constructor(
    code: RefusalCode,
    detail: {
      cause?: unknown
      fields?: Record<string, string>
      retryAfterMs?: number
      url?: string
      conflicts?: Conflicts
      triesLeft?: number
    } = {},
  ) {
    super(code, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.code = code
    this.fields = detail.fields ?? {}
    this.retryAfterMs = detail.retryAfterMs
    this.url = detail.url
    this.conflicts = detail.conflicts
    this.triesLeft = detail.triesLeft
  }

  get status(): number {
    return refusals[this.code]
  }
}

/** What was given breaks a rule, which reads on from the name of its field: "slug is taken". */
export function invalid(field: string, rule: string, cause?: unknown): Refusal {
  return new Refusal('invalid_request', { fields: { [field]: rule }, cause })
}

export function isRefusal(error: unknown, code: RefusalCode): error is Refusal {
  return error instanceof Refusal && error.code === code
}

/** What was asked for; `undefined` when it is refused with this code. */
export async function unlessRefused<T>(code: RefusalCode, asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking
  } catch (error) {
    if (isRefusal(error, code)) return undefined
    throw error
  }
}
