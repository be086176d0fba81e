import { Refusal } from '../../errors.ts'
import type { LogFields } from '../../log/log.ts'

/**
 * Why VOMO gave no usable answer. `from: us` means we made no call (or must make none for a while); `network` means VOMO did not
 * respond as a server should, which opens the breaker; `answer` means VOMO responded and we cannot use the response.
 */
export const failureKinds = {
  no_access: { from: 'us' }, // the customer has no VOMO token here
  budget: { from: 'us' }, // our own budget for this minute is spent
  line: { from: 'us' }, // so it is, and the person has a place in line
  limited: { from: 'us' }, // VOMO said 429, or we still wait after one
  breaker: { from: 'us' }, // VOMO failed so often that we stop calling for a while
  busy: { from: 'us' }, // too many of our own calls are in flight
  closing: { from: 'us' },
  unauthorized: { from: 'answer' }, // 401: the token is wrong or revoked
  forbidden: { from: 'answer' }, // 403
  invalid: { from: 'answer' }, // 422
  refused: { from: 'answer' }, // any other 4xx
  declined: { from: 'answer' }, // 500 with a sentence in `errors`: VOMO is healthy and declines
  redirected: { from: 'answer' }, // 3xx: never followed, the token would travel
  not_understood: { from: 'answer' }, // of another shape, or about another user
  server: { from: 'network' }, // 5xx
  timeout: { from: 'network' },
  network: { from: 'network' },
} as const satisfies Record<string, { from: 'us' | 'network' | 'answer' }>

export type FailureKind = keyof typeof failureKinds

type Detail = {
  status?: number
  /** VOMO's JSON `message`, shortened. For the caller to interpret, not for logs. */
  said?: string
  fieldErrors?: Readonly<Record<string, readonly string[]>>
  retryAfterMs?: number
  /** The network error code: `ECONNREFUSED`, `UND_ERR_HEADERS_TIMEOUT` … */
  code?: string
}

/**
 * A call without a usable answer. Caught inside this folder, and leaves it as `Refusal('vomo_unavailable')`. Carries no token, URL,
 * record field or `cause`.
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

  /** A method, so that error serializers do not write it to a log. */
  said(): string | undefined {
    return this.#said
  }
}

/** Converts a failure to the refusal that leaves this folder. Our own bugs pass through unchanged. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof VomoFailure)) return error
  const { retryAfterMs } = error
  return new Refusal('vomo_unavailable', {
    cause: error,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

/** Whether a refusal is without an answer of VOMO's, and so says nothing of the record. */
export function isUnanswered(refusal: Refusal): boolean {
  const { cause } = refusal
  return cause instanceof VomoFailure && failureKinds[cause.kind].from !== 'answer'
}

/** Whether it is for the number of people alone: VOMO is well, and the record comes in its turn. */
export function comesInTurn(refusal: Refusal): boolean {
  const { cause } = refusal
  return cause instanceof VomoFailure && cause.kind === 'line'
}

/** VOMO does not show this resource to this token; an immediate retry would not change that. */
export function isForbidden(error: unknown): boolean {
  return error instanceof VomoFailure && error.kind === 'forbidden'
}

/** VOMO says the resource does not exist. It says so of everything during its deploys, so held copies stay. */
export function isDenied(error: unknown): boolean {
  return error instanceof VomoFailure && error.status === 404
}

/** The parts of a failure that may be logged. */
export function loggable(error: unknown): LogFields {
  if (!(error instanceof VomoFailure))
    return { kind: 'fault', name: error instanceof Error ? error.name : 'unknown' }
  const { kind, status, code, retryAfterMs } = error
  return { kind, status, code, retryAfterMs }
}
