import { Refusal } from '../../errors.ts'

/**
 * Why VOMO gave no usable answer. `from` says who held back: `us` made no call (or must make none for a while), `network` is
 * VOMO not answering as a server should (what opens the breaker), `answer` is an answer that is of no use.
 */
export const failureKinds = {
  no_access: { from: 'us' }, // the customer has no VOMO token here
  budget: { from: 'us' }, // our own budget for this minute is spent
  limited: { from: 'us' }, // VOMO said 429, or we are still waiting after one
  breaker: { from: 'us' }, // VOMO failed so often that we leave it alone for a while
  busy: { from: 'us' }, // too many of our own calls are under way
  closing: { from: 'us' },
  unauthorised: { from: 'answer' }, // 401: the token is wrong or revoked
  forbidden: { from: 'answer' }, // 403
  invalid: { from: 'answer' }, // 422
  refused: { from: 'answer' }, // any other 4xx
  declined: { from: 'answer' }, // 500 with a sentence in `errors`: VOMO is well, and will not do this
  redirected: { from: 'answer' }, // 3xx: never followed, the token would travel
  not_understood: { from: 'answer' }, // of another shape, or about somebody else
  server: { from: 'network' }, // 5xx
  timeout: { from: 'network' },
  network: { from: 'network' },
} as const satisfies Record<string, { from: 'us' | 'network' | 'answer' }>

export type FailureKind = keyof typeof failureKinds

type Detail = {
  status?: number
  /** What VOMO's JSON gave as `message`, shortened. For the caller's judgement, not for logs. */
  said?: string
  fieldErrors?: Readonly<Record<string, readonly string[]>>
  retryAfterMs?: number
  /** The network's own code: `ECONNREFUSED`, `UND_ERR_HEADERS_TIMEOUT` … */
  code?: string
}

/**
 * A call that gave no usable answer. It is caught inside this folder and leaves it as `Refusal('vomo_unavailable')`.
 * Carries neither the token nor a URL nor anything of a record, and no `cause` that might.
 */
export class VomoFailure extends Error {
  override readonly name = 'VomoFailure'
  readonly kind: FailureKind
  readonly status: number | undefined
  readonly fieldErrors: Readonly<Record<string, readonly string[]>>
  readonly retryAfterMs: number | undefined
  readonly code: string | undefined
  readonly #said: string | undefined

  constructor(kind: FailureKind, detail: Detail = {}) {
    super(detail.status === undefined ? `VOMO: ${kind}` : `VOMO: ${kind} (${detail.status})`)
    this.kind = kind
    this.status = detail.status
    this.fieldErrors = detail.fieldErrors ?? {}
    this.retryAfterMs = detail.retryAfterMs
    this.code = detail.code
    this.#said = detail.said
  }

  /** A method, so that no serialiser of errors writes it to a log. */
  said(): string | undefined {
    return this.#said
  }
}

/** How a failure leaves this folder. A fault of our own stays what it is. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof VomoFailure)) return error
  const { retryAfterMs } = error
  return new Refusal('vomo_unavailable', {
    cause: error,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

/** VOMO does not show this token such a thing: asking again at once would not change that. */
export function isForbidden(error: unknown): boolean {
  return error instanceof VomoFailure && error.kind === 'forbidden'
}

/** VOMO says that there is no such thing, as it would of everything while it is deployed: no reason to drop what is held. */
export function isDenied(error: unknown): boolean {
  return error instanceof VomoFailure && error.status === 404
}

/** What of a failure may be logged. */
export function loggable(error: unknown): Record<string, unknown> {
  if (!(error instanceof VomoFailure))
    return { kind: 'fault', name: error instanceof Error ? error.name : 'unknown' }
  const { kind, status, code, retryAfterMs } = error
  return { kind, status, code, retryAfterMs }
}
