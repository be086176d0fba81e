/**
 * Every "no, because" of Porchlight: its code, and the HTTP status it becomes. The words a person reads are in `text/`.
 * The codes of the portal API are a contract (docs/api.md); add rows, do not rename them.
 */
export const refusals = {
  session_required: 401,
  credential_required: 401, // of an application: a token of this customer's
  scope_missing: 403, // the application's token is good, but not for this
  account_stale: 401, // VOMO's e-mail no longer matches; the session has ended
  account_orphaned: 403, // the VOMO record is gone
  account_no_record: 403, // somebody known to us, but no volunteer in VOMO
  account_disabled: 403,
  hand_off_refused: 403, // not carried on into VOMO: no plain volunteer there
  vomo_unavailable: 503, // only when nothing is held to show
  rate_limited: 429,
  link_not_usable: 410, // strangers learn nothing more; the holder of a real secret is told why
  code_not_usable: 422,
  email_not_editable: 422,
  field_not_editable: 422,
  profile_changed: 409, // the record was changed in VOMO meanwhile; the problem holds both values
  profile_not_taken: 409, // VOMO was told, and kept its own
  invalid_request: 422, // names the field and the rule
  cross_site_request: 403,
  unknown_host: 421,
  not_found: 404,
  method_not_allowed: 405,
  body_too_large: 413,
  bad_request: 400,
} as const satisfies Record<string, number>

export type RefusalCode = keyof typeof refusals

/** What was to be changed, as it is now and as it was to become. */
export type Conflicts = Readonly<Record<string, { now: string | null; yours: string | null }>>

/** What went wrong, for those who tell it in the words of one of our APIs. */
export type Trouble = {
  code: RefusalCode | 'server_error'
  status: number
  /** Each field and the rule it breaks. */
  fields: Readonly<Record<string, string>>
  /** Where it can be done all the same. */
  url: string | undefined
  conflicts?: Conflicts | undefined
  triesLeft?: number | undefined
  /** Of the request. */
  method: string
  /** To go with the answer: `allow`, `retry-after`. */
  headers: Readonly<Record<string, string>>
}

/** A refusal on purpose. Nothing else is thrown on purpose; anything else is a fault. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  /** For `invalid_request`: the field, and the rule it breaks. */
  readonly fields: Readonly<Record<string, string>>
  readonly retryAfterMs: number | undefined
  /** Where it can be done all the same: an address outside. */
  readonly url: string | undefined
  /** For `profile_changed`. */
  readonly conflicts: Conflicts | undefined
  /** For `code_not_usable`: how often another code may be tried. */
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
